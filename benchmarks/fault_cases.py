"""The ways in which a Telegram fails, as a table, and the proxy that fails in between: for `benchmarks/faults.py`."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from benchmarks.asking import vote_under
from benchmarks.running import Arrival, NotingTelegram, Program
from bot.faces.simulator import Person
from bot.faces.simulator.faults import Fault, Faults, Gate, refusal_body

QUESTION = "why did bch fork"


class Standing(Faults):
    """Lets a fault happen to every call of a method as long as it stands; `only` may spare some."""

    def __init__(self) -> None:
        super().__init__()
        self.standing: dict[str, Callable[[], Fault]] = {}

    def next(self, method: str) -> Fault | None:
        """Return the fault for this call."""
        make = self.standing.get(method) or self.standing.get("*")
        return make() if make else super().next(method)


@dataclass(slots=True)
class Scene:
    """A program, its Telegram, and a proxy between them that may stop passing anything on."""

    telegram: NotingTelegram
    faults: Standing
    proxy: "Proxy"
    program: Program
    people: dict[int, float] = field(default_factory=dict)
    answers: dict[int, list[float]] = field(default_factory=dict)
    owner: Person | None = None

    def copies(self, person: int) -> int:
        """Return how many answers somebody has; a call that was refused is none."""
        return len(self.telegram.sent_by_bot(self.telegram.chats[person]))

    def hear(self, arrival: Arrival) -> None:
        """Note the attempt at an answer."""
        if arrival.method == "sendmessage":
            self.answers.setdefault(arrival.chat, []).append(arrival.at)


@dataclass(slots=True)
class Proxy:
    """Passes bytes on between clients and the server; `mode` says what is wrong with it."""

    to: int
    mode: str = ""
    open: set[asyncio.StreamWriter] = field(default_factory=set)
    deaf: set[asyncio.StreamWriter] = field(default_factory=set)  # half-open: nothing passes, nobody is told

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client."""
        if self.mode == "refuse":
            writer.transport.abort()
            return
        server, out = await asyncio.open_connection("127.0.0.1", self.to)
        self.open |= {writer, out}
        try:
            await asyncio.gather(self._pass(reader, out, writer), self._pass(server, writer, writer))
        finally:
            self.open -= {writer, out}
            self.deaf.discard(writer)
            for one in (writer, out):
                one.close()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if self.mode == "swallow" or client in self.deaf:
                    continue
                writer.write(data)
                await writer.drain()
        writer.close()

    def cut(self) -> None:
        """Reset every connection."""
        for writer in list(self.open):
            writer.transport.abort()


Act = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Case:
    """A fault: how it begins and ends; `mode` is how updates come, `fresh` faults are there before the program."""

    name: str
    begin: Act
    end: Act
    mode: str = "polling"
    may_lose: bool = False
    fresh: bool = False


def stands(method: str, fault: Callable[[], Fault]) -> Act:
    """Return what lets every call of a method fail."""

    async def begin(scene: Scene) -> None:
        scene.faults.standing[method.lower()] = fault

    return begin


async def well(scene: Scene) -> None:
    """Let all be well again."""
    scene.faults.standing.clear()
    scene.proxy.mode = ""
    scene.proxy.deaf.clear()


def passes(mode: str) -> Act:
    """Return what puts the proxy into a mode and cuts nothing."""

    async def begin(scene: Scene) -> None:
        scene.proxy.mode = mode
        if mode == "refuse":
            scene.proxy.cut()

    return begin


async def half_open(scene: Scene) -> None:
    """Let nothing pass any more on the connections there are; new ones work."""
    scene.proxy.deaf |= scene.proxy.open


async def reset(scene: Scene) -> None:
    """Reset the connections there are, now."""
    scene.proxy.cut()


async def rival(scene: Scene) -> None:
    """Let somebody else poll all the time."""
    words = "terminated by other getUpdates request; make sure that only one bot instance is running"
    await stands("getUpdates", lambda: refused(409, f"Conflict: {words}"))(scene)


async def hook(scene: Scene) -> None:
    """Let a webhook be set by somebody."""
    scene.telegram.updates.webhook = {"url": "https://elsewhere.example/x", "secret_token": "", "max_connections": 40}


def refused(code: int, words: str, retry_after: int = 0) -> Fault:
    """Return a refusal."""
    parameters = {"retry_after": retry_after} if retry_after else {}
    return Fault(code, refusal_body(code, words, parameters), acts=False, refused=words)


def flood(seconds: int = 3) -> Fault:
    """Return a flood wait."""
    return refused(429, f"Too Many Requests: retry after {seconds}", seconds)


def poisoned(*places: int, of: int = 100) -> Act:
    """Return what puts updates that cannot be read among good ones."""

    async def begin(scene: Scene) -> None:
        for number in range(of):
            if number in places:
                poison = {"message": {"message_id": 1, "date": "then", "chat": {"id": 5, "type": 7}}}
                scene.telegram.push(poison | {"poll": {"id": "1"}})
            else:
                ask(scene)

    return begin


async def kill(scene: Scene) -> None:
    """Kill the program and start it again."""
    await scene.program.end(signal.SIGKILL)
    await scene.program.start()


async def nothing(_: Scene) -> None:
    """Do nothing."""


PAGES = {
    "HTML": b"<html><h1>502 Bad Gateway</h1></html>",
    "empty": b"",
    "cut": b'{"ok": true, "resu',
    "not ok": b'{"ok":false}',
}

CASES = (
    Case("N1 a second poller", rival, well),
    Case("N2 a webhook is set", hook, nothing, fresh=True),
    *(
        Case(f"N3 429 to {method}", stands(method, flood), well)
        for method in ("sendMessage", "getUpdates", "answerCallbackQuery", "editMessageText")
    ),
    Case("N3 429 to getMe at the start", stands("getMe", flood), well, fresh=True),
    Case("N4 answers after they were delivered never come", stands("sendMessage", lambda: Fault(gate=Gate())), well),
    *(
        Case(f"N5 502 {name} to getUpdates", stands("getUpdates", partial(Fault, 502, body, acts=False)), well)
        for name, body in PAGES.items()
    ),
    *(
        Case(f"N5 200 {name} to getUpdates", stands("getUpdates", partial(Fault, 200, body, acts=False)), well)
        for name, body in PAGES.items()
    ),
    *(
        Case(f"N5 502 {name} to sendMessage", stands("sendMessage", partial(Fault, 502, body)), well)
        for name, body in PAGES.items()
    ),
    Case("N6 accepted, and never answered", passes("swallow"), well, may_lose=True),
    Case("N6 half-open connections", half_open, well, may_lose=True),
    Case(
        "N6 the poll alone is never answered",
        stands("getUpdates", lambda: Fault(502, b"", acts=False, gate=Gate())),
        well,
    ),
    Case("N7 slow sends", stands("sendMessage", lambda: Fault(gate=opened_after(10))), well),
    Case("N8 poison alone", poisoned(0, of=1), nothing),
    Case("N8 poison first of 100", poisoned(0), nothing),
    Case("N8 poison in the middle of 100", poisoned(50), nothing),
    Case("N8 poison last of 100", poisoned(99), nothing),
    Case("N9 no network at the start", passes("refuse"), well, fresh=True),
    Case("N10 no network meanwhile", passes("refuse"), well),
    Case("N11 connections are reset", reset, well, may_lose=True),
    Case("N12 killed with a webhook", kill, nothing, mode="webhook"),
)


def opened_after(seconds: float) -> Gate:
    """Return a gate that opens by itself."""
    gate = Gate()
    asyncio.get_running_loop().call_later(seconds, gate.open)
    return gate


def ask(scene: Scene) -> None:
    """Let somebody new ask."""
    person = scene.telegram.person("Asker")
    scene.people[person.id] = time.monotonic()
    person.say(person.private, QUESTION)


async def trickle(scene: Scene, rate: float) -> None:
    """Ask for ever, and vote on an answer each time."""
    while True:
        ask(scene)
        if scene.answers:
            latest = scene.telegram.chats[next(reversed(scene.answers))]
            if vote := next(filter(None, map(vote_under, scene.telegram.sent_by_bot(latest))), None):
                scene.telegram.people[latest.id].forge(*vote)
        await asyncio.sleep(1 / rate)
