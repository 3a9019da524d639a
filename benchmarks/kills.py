"""What a bot that is killed again and again loses, repeats and mixes up.

`python -m benchmarks.kills [KILLS] [--term] [--rate N] [--mode polling] [--seed N]`: the real program, in a process of
its own, talks over HTTP to a local Telegram in this one, where people ask all the time: half of the updates are
questions in private chats, twenty in turn from each person, half are talk in a group that is nobody's question. The
program is killed at random moments, most of them after it was ready, and started again at once. In the end every
question must have its answer, in the order in which it was asked, and every update must stand in the database as done.
`--term` stops it with SIGTERM instead. A repeated answer is one that was sent and not yet noted when the kill came.
"""

import argparse
import asyncio
import logging
import os
import random
import re
import signal
import sqlite3
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.faces.simulator import LocalTelegram, Person
from bot.faces.simulator.server import serve

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

MODES: dict[str, dict[str, str]] = {"polling": {"BOT__TELEGRAM__MODE": "polling"}}
"""How updates come, and what the program is told of it."""


@dataclass(slots=True)
class Crowd:
    """People who ask; `asked` has how many questions each has asked so far."""

    telegram: LocalTelegram
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

    def answers(self, person: int) -> list[int]:
        """Return the numbers of the questions somebody got an answer to, in the order of the answers."""
        sent = self.telegram.sent_by_bot(self.telegram.chats[person])
        return [int(found[1]) for message in sent if (found := ANSWER.search(message.text))]

    def lost(self) -> int:
        """Return how many questions have no answer."""
        return sum(count - len(set(self.answers(person))) for person, count in self.asked.items())

    def repeated(self) -> int:
        """Return how many answers came more than once."""
        return sum(count - 1 for person in self.asked for count in Counter(self.answers(person)).values())

    def inversions(self) -> int:
        """Return how many answers came, for the first time, after one to a later question."""
        first = (list(dict.fromkeys(self.answers(person))) for person in self.asked)
        return sum(before > after for numbers in first for before, after in pairwise(numbers))


@dataclass(slots=True)
class Program:
    """The bot in a process of its own; `ready` and `exits` have the seconds of each start and each end."""

    telegram: LocalTelegram
    home: Path
    environment: Mapping[str, str]
    ready: list[float] = field(default_factory=list)
    exits: list[float] = field(default_factory=list)
    codes: Counter[int] = field(default_factory=Counter)
    _process: asyncio.subprocess.Process | None = None
    _began: float = 0.0

    async def start(self) -> None:
        """Start it."""
        self.telegram.calls.clear()
        self._began = time.monotonic()
        with (self.home / "log.txt").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run", "--offline"), env=self.environment, stdout=log, stderr=log
            )

    async def is_ready(self) -> None:
        """Wait until it asks for updates."""
        await self.telegram.wait_for(lambda: self.telegram.calls_of("getUpdates"), seconds=60)
        self.ready.append(time.monotonic() - self._began)

    async def end(self, how: signal.Signals) -> None:
        """Send it a signal and wait until it is gone."""
        assert self._process  # noqa: S101 - it was started
        began = time.monotonic()
        self._process.send_signal(how)
        self.codes[await self._process.wait()] += 1
        self.exits.append(time.monotonic() - began)


def write_knowledge(home: Path) -> None:
    """Write a pack with an entry for each question."""
    folder = home / "knowledge" / "things"
    folder.mkdir(parents=True)
    entries = (
        f"{thing}:\n  ask: [where do i find {thing}]\n  verdict: Number {number} it is.\n"
        for number, thing in enumerate(THINGS)
    )
    (folder / "things.yml").write_text("".join(entries), "utf-8")


def environment(home: Path, telegram: LocalTelegram, base_url: str, mode: str) -> dict[str, str]:
    """Return what the program finds in its environment."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "TELEGRAM_"))}
    (home / "config.yml").write_text("", "utf-8")
    given = {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "BOT_CONFIG": str(home / "config.yml"),
        "BOT__TELEGRAM__BASE_URL": base_url,
        "BOT__KNOWLEDGE__PACKS": "things",
        "BOT__DATABASE__URL": f"sqlite+aiosqlite:///{home}/bot.db",
    }
    return clean | given | MODES[mode]


async def put_through(program: Program, options: argparse.Namespace, told: Callable[[], int]) -> int:
    """Kill it at random moments; return the most answers that were repeated after one of them."""
    dice, most = random.Random(options.seed), 0  # noqa: S311 - the same moments every time
    await program.start()
    for number in range(options.kills):
        before = told()
        if dice.random() < EARLY:
            await asyncio.sleep(dice.uniform(0, STARTING))
        else:
            await program.is_ready()
            await asyncio.sleep(dice.uniform(0, RUNNING))
        most = max(most, told() - before)
        await program.end(signal.SIGTERM if options.term else signal.SIGKILL)
        await program.start()
        print(f"{number + 1} of {options.kills}", end="\r", file=sys.stderr)
    await program.is_ready()
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
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a killed client is no news
    telegram = LocalTelegram("kills_bot", privacy=False)
    write_knowledge(home)
    async with serve(telegram) as base_url:
        program = Program(telegram, home, environment(home, telegram, base_url, options.mode))
        crowd = Crowd(telegram, options.rate)
        asking = asyncio.create_task(crowd.run())
        most = await put_through(program, options, crowd.repeated)
        asking.cancel()
        seconds = await finished(crowd, home / "bot.db")
        await program.end(signal.SIGTERM)
    integrity, updates, undone, aside = kept(home / "bot.db")
    asked = sum(crowd.asked.values())
    how = "SIGTERM" if options.term else "SIGKILL"
    print(f"{options.kills} times {how}, {options.mode}, {options.rate:g} updates/s, seed {options.seed}")
    print(f"updates: {crowd.updates} sent, {updates} kept, {undone} not done, {aside} set aside")
    print(f"all done {seconds:.1f} s after the last question")
    print(
        f"questions: {asked} asked by {len(crowd.asked)} people, {crowd.lost()} lost, {crowd.inversions()} inversions"
    )
    print(f"answers repeated: {crowd.repeated()}, at most {most} after one kill")
    print(shown("ready", program.ready))
    print(shown("exit", program.exits[:-1] or program.exits))
    print(f"exit codes: {dict(program.codes)}; database: {integrity}")
    print(f"said to have failed: {failures(home / 'log.txt')}")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("kills", nargs="?", type=int, default=25)
    parser.add_argument("--term", action="store_true", help="stop it with SIGTERM instead of killing it")
    parser.add_argument("--rate", type=float, default=50.0, help="updates in a second")
    parser.add_argument("--mode", choices=MODES, default="polling")
    parser.add_argument("--seed", type=int, default=1)
    with TemporaryDirectory() as home:
        asyncio.run(measure(parser.parse_args(), Path(home)))


if __name__ == "__main__":
    main()
