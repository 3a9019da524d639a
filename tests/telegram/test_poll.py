"""The long poll against everything that goes wrong at Telegram and on the way to it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import structlog

from bot.errors import ConfigError, StoreError
from bot.faces.simulator import LocalRequest, LocalTelegram
from bot.faces.simulator.server import serve as serve_telegram
from bot.faces.telegram import transport
from bot.faces.telegram.poll import (
    ALERT_EVERY,
    LONGEST_PAUSE,
    MARGIN,
    Poller,
    PollError,
    Transport,
    pause_after,
    result_of,
)
from bot.model.vitals import Organ, Vitals
from tests.ports import reserved

SOON = timedelta(milliseconds=100)
MALFORMED: dict[str, tuple[int, bytes]] = {
    "nothing": (200, b""),
    "a page": (502, b"<html>502 Bad Gateway</html>"),
    "a page that says fine": (200, b"<html>my grandmother asks</html>"),
    "half an answer": (200, b'{"ok":true,"result":[{"update_id":1,"message":{"text":"my grandmother asks'),
    "a refusal without words": (400, b'{"ok":false}'),
    "a failure": (500, b'{"ok":false,"error_code":500,"description":"Internal Server Error"}'),
    "no result": (200, b'{"ok":true}'),
    "a result that is no list": (200, b'{"ok":true,"result":{"update_id":1}}'),
    "a list of numbers": (200, b'{"ok":true,"result":[1,2]}'),
    "a list without ids": (200, b'{"ok":true,"result":[{"message":{"text":"my grandmother asks"}}]}'),
    "an empty list as the whole": (200, b"[]"),
    "no end of brackets": (200, b"[" * 100_000),
    "a page that wants a password": (401, b"<html>log in</html>"),
    "not found": (404, b'{"ok":false,"error_code":404,"description":"Not Found"}'),
    "zeros": (200, b"\0" * 100),
}


@dataclass(slots=True)
class Desk:
    """Takes what the poller brings; `refuses` as many batches as a failing database would."""

    taken: list[Any] = field(default_factory=list)
    refuses: int = 0
    changed: Callable[[], None] = lambda: None

    async def __call__(self, raws: Sequence[object]) -> None:
        if self.refuses:
            self.refuses -= 1
            raise StoreError("the database failed")
        self.taken += raws
        self.changed()

    @property
    def texts(self) -> list[str]:
        return [raw["message"]["text"] for raw in self.taken]


@dataclass(slots=True)
class Line:
    """A poller of a local Telegram that wastes no time, and what it did; `pauses` has the failures in a row."""

    tg: LocalTelegram
    desk: Desk
    made: int = 0
    pauses: list[int] = field(default_factory=list)
    conflicts: int = 0
    time: float = 0.0
    vitals: Vitals = field(default_factory=Vitals)

    def pause(self, failures: int) -> float:
        self.pauses.append(failures)
        self.tg.changes.happened()
        return 0.0

    async def failed(self, times: int) -> None:
        """Wait until the poller has failed so often."""
        await self.tg.wait_for(lambda: len(self.pauses) >= times)

    def local(self) -> LocalRequest:
        self.made += 1
        return LocalRequest(self.tg)

    async def conflicted(self) -> None:
        self.conflicts += 1

    def poller(self, transport: Transport | None = None, base_url: str = "", **given: Any) -> Poller:
        return Poller(
            f"{base_url or 'https://nowhere.example/bot'}{self.tg.token}",
            self.desk,
            ["message"],
            self.vitals,
            transport or self.local,
            self.conflicted,
            pause=self.pause,
            now=lambda: self.time,
            **given,
        )

    async def says(self, *texts: str) -> None:
        """Let Ann say something, and wait until all she said was brought."""
        ann = next((one for one in self.tg.people.values() if one.name == "Ann"), None) or self.tg.person("Ann")
        before = len(self.desk.taken)
        for text in texts:
            ann.say(ann.private, text)
        await self.tg.wait_for(lambda: len(self.desk.taken) >= before + len(texts))


@pytest.fixture
def line() -> Line:
    tg = LocalTelegram("duel_bot")
    return Line(tg, Desk(changed=tg.changes.happened))


@asynccontextmanager
async def polling(poller: Poller) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(poller.run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_updates_are_brought_and_then_confirmed(line: Line) -> None:
    """Each comes once, in order, and only the kinds asked for are asked for."""
    async with polling(line.poller()):
        await line.says("one", "two")
        await line.says("three")
        await line.tg.taken()

    asked = line.tg.calls_of("getUpdates")
    assert line.desk.texts == ["one", "two", "three"]
    assert [call.parameters.get("offset") for call in asked][:2] == [None, str(line.desk.taken[1]["update_id"] + 1)]
    assert json.loads(asked[0].parameters["allowed_updates"]) == ["message"]
    assert line.vitals.silence(Organ.POLL) is not None
    assert line.pauses == []


async def test_what_is_not_kept_is_not_confirmed(line: Line) -> None:
    """While the database fails, Telegram keeps the updates, and they come again."""
    line.desk.refuses = 3

    async with polling(line.poller()):
        await line.says("one")
        await line.tg.taken()

    assert line.desk.texts == ["one"]
    assert line.pauses == [1, 2, 3]
    assert line.made == 1


async def test_a_webhook_is_taken_away_and_what_waits_stays(line: Line) -> None:
    """A webhook that somebody set does not keep the bot from polling."""
    line.tg.updates.webhook = {"url": "https://old.example"}

    async with polling(line.poller()):
        await line.says("one")

    assert line.desk.texts == ["one"]
    assert line.tg.updates.webhook == {}


@pytest.mark.parametrize(("status", "body"), MALFORMED.values(), ids=MALFORMED)
async def test_a_malformed_reply_is_a_failure_like_any_other(line: Line, status: int, body: bytes) -> None:
    """The poller waits longer each time, asks again on a new line, and nothing of the reply is logged."""
    for _ in range(4):
        line.tg.garble_next("getUpdates", body, status)

    with structlog.testing.capture_logs() as logs:
        async with polling(line.poller()):
            await line.says("one")

    assert line.desk.texts == ["one"]
    assert line.pauses == [1, 2, 3, 4]
    assert line.made == 5
    assert [log["event"] for log in logs] == ["telegram.poll_failed", "telegram.poll_recovered"]
    assert "grandmother" not in str(logs)


async def test_failures_are_logged_seldom(line: Line) -> None:
    """A Telegram that fails every second for an hour makes at most five lines a minute."""
    minutes = 60
    poller = line.poller()

    with structlog.testing.capture_logs() as logs:
        for second in range(60 * minutes):
            line.time = float(second)
            await poller._recover(PollError("status 502"))
            if second % 7 == 0:
                poller._succeeded()

    assert len(logs) <= 5 * minutes


async def test_another_poller_is_told_of_seldom_and_outlived(line: Line) -> None:
    """One alert in five minutes; when the other one ends, updates come again."""
    with structlog.testing.capture_logs() as logs:
        async with polling(line.poller()):
            for time in (0.0, 1.0, ALERT_EVERY.total_seconds() - 1, ALERT_EVERY.total_seconds() + 1):
                line.time = time
                line.tg.fail_next("getUpdates", 409, "Conflict: terminated by other getUpdates request")
                await line.says(f"at {time}")
                await line.tg.wait_for(lambda: not line.tg.faults._waiting["getupdates"])

    assert line.conflicts == 2
    assert len(line.pauses) == 4
    assert [log["event"] for log in logs].count("telegram.poll_conflict") == 2
    assert len(line.desk.taken) == 4


async def test_a_token_that_is_revoked_ends_it(line: Line) -> None:
    """The bot stops with a sentence that does not show the token."""
    token = line.tg.token
    async with polling(line.poller()) as task:
        await line.says("one")
        line.tg.token = "4200042:another"
        line.tg.updates.interrupt(RuntimeError())  # type: ignore[arg-type]
        with pytest.raises(ConfigError) as caught:
            await task

    assert "BotFather" in str(caught.value)
    assert token not in str(caught.value)


async def test_a_poll_that_is_never_answered_is_given_up(line: Line) -> None:
    """The line is made anew, and what comes after that is brought, though the line itself would wait for ever."""
    made = 0

    class Patient(LocalRequest):
        async def do_request(self, url: str, method: str, *_: Any, **__: Any) -> tuple[int, bytes]:
            return await super().do_request(url, method, read_timeout=None)

    def patient() -> LocalRequest:
        nonlocal made
        made += 1
        poller.margin = MARGIN if made > 1 else SOON  # a busy machine is no dead line
        return Patient(line.tg)

    gate = line.tg.hold_next("getUpdates", acts=False)
    poller = line.poller(patient, wait=timedelta())
    poller._is_prepared = True

    async with polling(poller):
        await line.says("one")

    assert gate.arrived.is_set()
    assert made == 2
    assert line.desk.texts == ["one"]


async def test_a_line_that_does_not_close_is_left_behind(line: Line) -> None:
    """Closing that fails costs nothing."""

    class Stubborn(LocalRequest):
        async def shutdown(self) -> None:
            raise OSError("gone")

    line.tg.fail_next("getUpdates", 502, "Bad Gateway")

    async with polling(line.poller(lambda: Stubborn(line.tg))):
        await line.says("one")

    assert line.desk.texts == ["one"]


async def test_polling_over_http_outlives_the_server(line: Line) -> None:
    """While nobody listens, polls fail; when the server is back on its port, updates come."""
    with reserved() as (port,):
        async with serve_telegram(line.tg, port) as url:
            poller = line.poller(transport.polling, url, wait=timedelta(seconds=10))
            async with polling(poller):
                await line.says("one")
        line.pauses.clear()

        async with polling(poller):
            await line.failed(3)
            async with serve_telegram(line.tg, port):
                await line.says("two")

    assert line.desk.texts == ["one", "two"]


async def test_a_line_over_http_that_accepts_and_says_nothing_is_given_up(line: Line) -> None:
    """A proxy that takes the request and never answers holds the poller no longer than its deadline."""
    connected = 0

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connected
        connected += 1
        line.tg.changes.happened()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    url = f"http://{host}:{port}/bot"
    async with server, polling(line.poller(transport.polling, url, wait=timedelta(), margin=SOON)):
        await line.failed(2)
        await line.tg.wait_for(lambda: connected >= 2)

    assert line.vitals.silence(Organ.POLL) is None


def test_pauses_grow_and_end() -> None:
    """At most 25 attempts in the first minute, with and without luck, and never more than half a minute apart."""
    for share in (0.0, 1.0):
        pauses = [pause_after(failures, share) for failures in range(1, 1_000)]
        at = [sum(pauses[:count]) for count in range(len(pauses))]
        assert sum(time < 60 for time in at) <= 25
        assert max(pauses) <= LONGEST_PAUSE
        assert pauses == sorted(pauses)


@pytest.mark.parametrize(
    ("parameters", "pause"),
    [({"retry_after": 7}, 7.0), ({"retry_after": "7"}, 0.0), ({"retry_after": -7}, 0.0), (7, 0.0), ({}, 0.0)],
    ids=["seconds", "a text", "the past", "a number", "nothing"],
)
def test_a_flood_wait_is_read(parameters: object, pause: float) -> None:
    """What Telegram asks for is waited for; nonsense is not."""
    body = json.dumps({"ok": False, "error_code": 429, "parameters": parameters}).encode()

    with pytest.raises(PollError) as caught:
        result_of(429, body)

    assert caught.value.pause == pause


async def test_a_flood_wait_is_waited_for(line: Line) -> None:
    """The longer of the poller's pause and Telegram's counts."""
    poller = line.poller()
    resting = asyncio.create_task(poller._recover(PollError("status 429", 60.0)))

    await asyncio.wait([resting], timeout=SOON.total_seconds())

    assert not resting.done()
    resting.cancel()
