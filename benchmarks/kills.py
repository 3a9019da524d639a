"""What a bot that is killed again and again loses, repeats and mixes up.

`python -m benchmarks.kills [KILLS] [--term] [--rate N] [--mode polling] [--beside] [--seed N]`: the real program, in a
process of its own, talks over HTTP to a local Telegram in this one, where people ask all the time: half of the updates
are questions in private chats, twenty in turn from each person, half are talk in a group that is nobody's question. The
program is killed at random moments, most of them after it was ready, and started again at once. In the end every
question must have its answer, in the order in which it was asked, and every update must stand in the database as done.
`--term` stops it with SIGTERM instead. `--beside` saves an entry of the knowledge anew every second, and makes one
backup after the other. A repeated answer is one that was sent and not yet noted when the kill came; how long before is
printed.
"""

import argparse
import asyncio
import random
import re
import signal
import sqlite3
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.beside import Editor, Keeper
from benchmarks.running import MODES, RUN, NotingTelegram, Program, environment, hushed, listens
from bot.faces.simulator import Person
from bot.faces.simulator.server import serve
from bot.faces.simulator.webhooks import delivering
from bot.library import load_library
from bot.meanwhile import meanwhile

QUESTIONS = 20  # each person asks them in turn
AT_ONCE = 40  # people who are asking
EARLY = 0.2  # share of kills while the program still starts
STARTING, RUNNING = 3.0, 3.0  # seconds within which kills fall, after the start and after it is ready
PATIENCE = 60.0  # seconds in which something must be done at the end, or the rest is lost
LOOK = 0.5  # seconds between two looks
THINGS = (
    *("apples", "bridges", "candles", "deserts", "engines", "feathers", "gardens", "hammers", "islands", "jackets"),
    *("kettles", "lanterns", "mirrors", "needles", "oceans", "pianos", "quilts", "rockets", "saddles", "tunnels"),
)
ANSWER = re.compile(r"Number (\d+) it is")


@dataclass(slots=True)
class Crowd:
    """People who ask; `asked` has how many questions each has asked so far."""

    telegram: NotingTelegram
    rate: float
    asked: dict[int, int] = field(default_factory=dict)
    updates: int = 0
    _asking: list[Person] = field(default_factory=list)

    async def run(self) -> None:
        """Ask for ever, evenly."""
        group = self.telegram.supergroup("Club", [self.telegram.person("Otto")], owner=self.telegram.person("Olga"))
        talker = next(person for person in self.telegram.people.values() if person.name == "Otto")
        began = time.monotonic()
        while True:
            if self.updates % 2:
                talker.say(group, "see you at the market")
            else:
                self._ask(self.updates // 2 % AT_ONCE)
            self.updates += 1
            await asyncio.sleep(max(0.0, began + self.updates / self.rate - time.monotonic()))

    def _ask(self, seat: int) -> None:
        if seat >= len(self._asking):
            self._asking.append(self.telegram.person(f"P{len(self.asked)}"))
        person = self._asking[seat]
        number = self.asked.get(person.id, 0)
        person.say(person.private, f"where do i find {THINGS[number]}")
        self.asked[person.id] = number + 1
        if number + 1 == QUESTIONS:
            self._asking[seat] = self.telegram.person(f"P{len(self.asked)}")

    def answers(self) -> dict[int, list[tuple[int, float]]]:
        """Return for each person the numbers of the questions that were answered, in order, and when."""
        found: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
        for arrival in self.telegram.arrivals:
            if hit := ANSWER.search(arrival.text):
                found[arrival.chat].append((int(hit[1]), arrival.at))
        return found

    def lost(self) -> int:
        """Return how many questions have no answer."""
        answers = self.answers()
        return sum(number - len({answered for answered, _ in answers[person]}) for person, number in self.asked.items())

    def repeated(self) -> list[float]:
        """Return when each answer that was repeated had come before."""
        found = []
        for answers in self.answers().values():
            before: dict[int, float] = {}
            for number, at in answers:
                if number in before:
                    found.append(before[number])
                before[number] = at
        return found

    def inversions(self) -> int:
        """Return how many answers came, for the first time, after one to a later question."""
        first = (list(dict.fromkeys(number for number, _ in answers)) for answers in self.answers().values())
        return sum(before > after for numbers in first for before, after in pairwise(numbers))


@dataclass(slots=True)
class Victim:
    """The bot; `ready` and `exits` have the seconds of each start and each end, `ends` when each was."""

    telegram: NotingTelegram
    program: Program
    port: int  # where its webhook listens, 0 without one
    ready: list[float] = field(default_factory=list)
    exits: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    codes: Counter[int] = field(default_factory=Counter)
    _polls: int = 0
    _began: float = 0.0

    async def start(self) -> None:
        """Start it."""
        self._polls, self._began = len(self.telegram.handing.polls), time.monotonic()
        await self.program.start()

    async def is_ready(self) -> None:
        """Wait until it asks for updates, or its webhook listens."""
        if self.port:
            while not await listens(self.port):  # noqa: ASYNC110 - another process tells nothing
                await asyncio.sleep(0.02)
        else:
            await self.telegram.wait_for(lambda: len(self.telegram.handing.polls) > self._polls, seconds=60)
        self.ready.append(time.monotonic() - self._began)

    async def end(self, how: signal.Signals) -> None:
        """Send it a signal and wait until it is gone."""
        self.ends.append(time.monotonic())
        self.codes[await self.program.end(how)] += 1
        self.exits.append(time.monotonic() - self.ends[-1])

    def distances(self, moments: list[float]) -> list[float]:
        """Return how many seconds each moment was from the nearest end."""
        return [min(abs(end - moment) for end in self.ends) for moment in moments]


def write_knowledge(home: Path) -> None:
    """Write a pack with an entry for each question."""
    folder = home / "knowledge" / "things"
    folder.mkdir(parents=True)
    entries = (
        f"{thing}:\n  ask: [where do i find {thing}]\n  verdict: Number {number} it is.\n"
        for number, thing in enumerate(THINGS)
    )
    (folder / "things.yml").write_text("".join(entries), "utf-8")


async def put_through(victim: Victim, options: argparse.Namespace, told: Callable[[], int]) -> int:
    """Kill it at random moments; return the most answers that were repeated after one of them."""
    dice, most = random.Random(options.seed), 0  # noqa: S311 - the same moments every time
    await victim.start()
    for number in range(options.kills):
        before = told()
        if dice.random() < EARLY:
            await asyncio.sleep(dice.uniform(0, STARTING))
        else:
            await victim.is_ready()
            await asyncio.sleep(dice.uniform(0, RUNNING))
        most = max(most, told() - before)
        await victim.end(signal.SIGTERM if options.term else signal.SIGKILL)
        await victim.start()
        print(f"{number + 1} of {options.kills}", end="\r", file=sys.stderr)
    await victim.is_ready()
    return most


def shown(name: str, seconds: list[float]) -> str:
    """Return a line about how long something took."""
    return f"{name}: median {statistics.median(seconds):.2f} s, longest {max(seconds):.2f} s of {len(seconds)}"


def failures(log: Path) -> dict[str, int]:
    """Return how often the program said that something failed."""
    return dict(Counter(re.findall(r"event=(\S*_failed.*)", log.read_text("utf-8"))))


def kept(file: Path) -> tuple[str, int, int, int]:
    """Return what the database says of itself, and how many updates it has, of them not done, and set aside."""
    with sqlite3.connect(file) as database:
        (integrity,) = database.execute("pragma integrity_check").fetchone()
        counts = "select count(*), count(*) - count(finished_at), coalesce(sum(why != ''), 0) from inbox"
        return integrity, *database.execute(counts).fetchone()


async def finished(crowd: Crowd, file: Path) -> float:
    """Wait until every update is done, or nothing moves any more; return how many seconds that took."""
    began = moved = time.monotonic()
    last = undone = crowd.updates
    while undone and time.monotonic() - moved < PATIENCE:
        await asyncio.sleep(LOOK)
        _, updates, waiting, _ = kept(file)
        undone = crowd.updates - updates + waiting
        if undone < last:
            last, moved = undone, time.monotonic()
    return time.monotonic() - began


async def measure(options: argparse.Namespace, home: Path) -> None:
    """Print the figures."""
    hushed()  # a killed client is no news
    telegram = NotingTelegram("kills_bot")
    write_knowledge(home)
    folder = home / "knowledge"
    async with AsyncExitStack() as stack:
        base_url = await stack.enter_async_context(serve(telegram))
        await stack.enter_async_context(delivering(telegram))
        own = {"BOT__KNOWLEDGE__PATH": str(folder), "BOT__KNOWLEDGE__PACKS": "things"}
        settings = environment(home, telegram.token, base_url, options.mode, **own)
        program = Program(RUN, settings, home / "log.txt")
        victim = Victim(telegram, program, int(settings.get("BOT__TELEGRAM__WEBHOOK_LISTEN", 0)))
        crowd, editor, keeper = Crowd(telegram, options.rate), Editor(folder / "things"), Keeper(home, program)
        async with AsyncExitStack() as busy:
            for work in (crowd.run, *((editor.run, keeper.run) if options.beside else ())):
                await busy.enter_async_context(meanwhile(work))
            most = await put_through(victim, options, lambda: len(crowd.repeated()))
        seconds = await finished(crowd, home / "bot.db")
        await victim.end(signal.SIGTERM)
    load_library(folder, ("things",), ())  # it raises where a file is broken
    print(f"{options.kills} times {'SIGTERM' if options.term else 'SIGKILL'}, {options.mode}, seed {options.seed}")
    print("\n".join(figures(crowd, victim, kept(home / "bot.db"), most)))
    print(f"all done {seconds:.1f} s after the last question")
    if options.beside:
        print(f"beside: {editor.saved} edits, {len(keeper.files)} backups, {keeper.broken()} of them broken")
    print(f"said to have failed: {failures(home / 'log.txt')}")


def figures(crowd: Crowd, victim: Victim, found: tuple[str, int, int, int], most: int) -> Iterator[str]:
    """Yield what became of the updates and answers."""
    integrity, updates, undone, aside = found
    asked, repeated = sum(crowd.asked.values()), crowd.repeated()
    yield f"updates: {crowd.updates} sent, {crowd.rate:g}/s, {updates} kept, {undone} not done, {aside} set aside"
    yield f"questions: {asked} by {len(crowd.asked)} people, {crowd.lost()} lost, {crowd.inversions()} inversions"
    near = victim.distances(repeated) or [0.0]
    within = f"{max(near) * 1000:.0f} ms of it, half of them {statistics.median(near) * 1000:.0f} ms"
    yield f"answers repeated: {len(repeated)}, at most {most} after one kill; all were first sent within {within}"
    yield shown("ready", victim.ready)
    yield shown("exit", victim.exits[:-1] or victim.exits)
    yield f"exit codes: {dict(victim.codes)}; database: {integrity}"


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kills", nargs="?", type=int, default=25)
    parser.add_argument("--term", action="store_true", help="stop it with SIGTERM instead of killing it")
    parser.add_argument("--rate", type=float, default=50.0, help="updates in a second")
    parser.add_argument("--mode", choices=MODES, default="polling")
    parser.add_argument("--beside", action="store_true", help="edit the knowledge and make backups meanwhile")
    parser.add_argument("--seed", type=int, default=1)
    with TemporaryDirectory() as home:
        asyncio.run(measure(parser.parse_args(), Path(home)))


if __name__ == "__main__":
    main()
