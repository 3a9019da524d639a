"""What several bots on one PostgreSQL lose, repeat and mix up while one after the other is killed.

`python -m benchmarks.replicas [SECONDS] [--replicas N] [--every S] [--rate N] [--term]`: the real program in several
processes, in webhook mode, on one PostgreSQL, a throw-away one unless `--url` names another, empty one. A local
Telegram calls them in turn, request by request, as through a proxy that shares requests out, and people ask all the
time as in `benchmarks.kills`. Every `--every` seconds one of them is killed with SIGKILL, the next one each time, and
started again at once. A take-over is the time from a kill until every question that had been asked by then has its
answer. `--term` stops them with SIGTERM instead, and `--calm` leaves them alone, and says how much processor time
an update took, which it also does for one replica on a SQLite.
"""

import argparse
import asyncio
import signal
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import func, select

from benchmarks.kills import Crowd, write_knowledge
from benchmarks.running import RUN, NotingTelegram, Program, environment, free_port, hushed, listens, usage
from bot.faces.simulator.server import serve
from bot.faces.simulator.webhooks import delivering
from bot.store.engine import make_engine
from bot.store.tables import INBOX
from tests.postgres import MISSING, cluster

PATIENCE = 60.0  # seconds in which something must be done at the end, or the rest is lost
AGAIN = timedelta(milliseconds=100)  # after which a request that failed goes to the next replica
LOOK = 0.05  # seconds between two looks


@dataclass(slots=True)
class Replica:
    """One bot, its port, and how many seconds each of its starts took."""

    program: Program
    port: int
    starts: list[float] = field(default_factory=list)
    is_ready: bool = False

    async def start(self) -> None:
        """Start it, and wait until it can be called."""
        began = time.monotonic()
        await self.program.start()
        while self.program.is_alive and not await listens(self.port):  # noqa: ASYNC110 - another process tells nothing
            await asyncio.sleep(LOOK)
        self.is_ready = True
        self.starts.append(time.monotonic() - began)

    def processor_time(self) -> float:
        """Return the seconds of a processor that it has used."""
        return usage(self.program.pid).cpu if self.program.is_alive else 0.0

    async def end(self, how: signal.Signals) -> None:
        """Send it a signal and wait until it is gone; the proxy learns of it from its refusals."""
        await self.program.end(how)
        self.is_ready = False


def replica(number: int, home: Path, given: Mapping[str, str]) -> Replica:
    """Return one that listens on a port of its own."""
    port = free_port()
    settings = {**given, "BOT__TELEGRAM__WEBHOOK_LISTEN": f"127.0.0.1:{port}"}
    return Replica(Program(RUN, settings, home / f"log-{number}.txt"), port)


@dataclass(slots=True)
class Proxy:
    """Gives requests to the replicas in turn; one that is known to be away is passed over."""

    replicas: list[Replica]
    turns: Iterator[int] = field(default_factory=count)

    def route(self, url: str) -> str:
        """Return where the next request goes."""
        there = [one for one in self.replicas if one.is_ready] or self.replicas
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=f"127.0.0.1:{there[next(self.turns) % len(there)].port}"))


async def taken_over(crowd: Crowd) -> float:
    """Wait until every question asked so far has its answer; return how many seconds that took."""
    began = now = time.monotonic()
    goal = dict(crowd.asked)
    while _open(crowd, goal) and now - began < PATIENCE:
        await asyncio.sleep(LOOK)
        now = time.monotonic()
    return now - began


def _open(crowd: Crowd, goal: Mapping[int, int]) -> bool:
    """Tell whether somebody has not got the answers to so many first questions."""
    answers = crowd.answers()
    return any(
        len({number for number, _ in answers[person] if number < asked}) < asked for person, asked in goal.items()
    )


async def disturb(replicas: list[Replica], crowd: Crowd, options: argparse.Namespace) -> list[float]:
    """Kill one after the other while people ask; return how long each take-over took."""
    took: list[float] = []
    began = time.monotonic()
    for number in range(int(options.seconds // options.every)):
        await asyncio.sleep(max(0.0, began + (number + 0.5) * options.every - time.monotonic()))
        if not options.calm:
            victim = replicas[number % len(replicas)]
            await victim.end(signal.SIGTERM if options.term else signal.SIGKILL)
            starting = asyncio.create_task(victim.start())
            took.append(await taken_over(crowd))
            await starting
    await asyncio.sleep(max(0.0, began + options.seconds - time.monotonic()))
    return took


async def kept(url: str) -> tuple[int, int, int]:
    """Return how many updates the database has, how many of them are not done, and how many are set aside."""
    engine = make_engine(url)
    table = INBOX.c
    undone = func.count().filter(table.finished_at.is_(None))
    async with engine.connect() as connection:
        found = (await connection.execute(select(func.count(), undone, func.count().filter(table.why != "")))).one()
    await engine.dispose()
    return found[0], found[1], found[2]


async def finished(crowd: Crowd, url: str) -> float:
    """Wait until every update is done, or nothing moves any more; return how many seconds that took."""
    began = moved = time.monotonic()
    last = left = crowd.updates
    while left and time.monotonic() - moved < PATIENCE:
        await asyncio.sleep(0.5)
        updates, undone, _ = await kept(url)
        left = crowd.updates - updates + undone
        if left < last:
            last, moved = left, time.monotonic()
    return time.monotonic() - began


async def measure(options: argparse.Namespace, home: Path, url: str) -> None:
    """Print the figures."""
    hushed()  # a killed client is no news
    telegram = NotingTelegram("kills_bot")
    write_knowledge(home)
    async with AsyncExitStack() as stack:
        base_url = await stack.enter_async_context(serve(telegram))
        own = {"BOT__KNOWLEDGE__PATH": str(home / "knowledge"), "BOT__KNOWLEDGE__PACKS": "things"}
        own |= {"BOT__TELEGRAM__WEBHOOK_URL": "http://127.0.0.1:1/telegram", "BOT__DATABASE__URL": url}
        given = environment(home, telegram.token, base_url, "webhook", **own)
        replicas = [replica(number, home, given) for number in range(options.replicas)]
        for one in replicas:
            stack.push_async_callback(one.end, signal.SIGTERM)
        await asyncio.gather(*(one.start() for one in replicas))
        crowd = Crowd(telegram, options.rate)
        proxy = Proxy(replicas)
        await stack.enter_async_context(delivering(telegram, pause=AGAIN, route=proxy.route))
        used = sum(one.processor_time() for one in replicas)
        asking = asyncio.create_task(crowd.run())
        took = await disturb(replicas, crowd, options)
        asking.cancel()
        seconds = await finished(crowd, url)
        updates, undone, aside = await kept(url)
        used = sum(one.processor_time() for one in replicas) - used
    how = "SIGTERM" if options.term else "SIGKILL"
    print(f"{options.replicas} replicas, {options.rate:g} updates/s for {options.seconds:g} s, {len(took)} times {how}")
    print(f"updates: {crowd.updates} sent, {updates} kept, {undone} not done, {aside} set aside")
    print(f"all done {seconds:.1f} s after the last question")
    asked, repeated = sum(crowd.asked.values()), len(crowd.repeated())
    print(f"questions: {asked} asked, {crowd.lost()} lost, {repeated} repeated, {crowd.inversions()} inversions")
    if options.calm:
        print(f"processor time: {used / crowd.updates * 1000:.1f} ms an update")
    if took:
        print(f"take-over: median {statistics.median(took):.2f} s, longest {max(took):.2f} s")
    starts = [seconds for one in replicas for seconds in one.starts]
    print(f"start: median {statistics.median(starts):.2f} s, longest {max(starts):.2f} s of {len(starts)}")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("seconds", nargs="?", type=float, default=60.0)
    parser.add_argument("--replicas", type=int, default=2)
    parser.add_argument("--every", type=float, default=20.0, help="seconds between two kills")
    parser.add_argument("--rate", type=float, default=50.0, help="updates in a second")
    parser.add_argument("--term", action="store_true", help="stop them with SIGTERM instead of killing them")
    parser.add_argument("--calm", action="store_true", help="kill none")
    parser.add_argument("--url", default="", help="of an empty PostgreSQL database")
    options = parser.parse_args()
    with TemporaryDirectory() as home:
        if options.url:
            asyncio.run(measure(options, Path(home), options.url))
            return
        with cluster() as found:
            if found is None:
                sys.exit(MISSING)
            asyncio.run(measure(options, Path(home), found.new_database()))


if __name__ == "__main__":
    main()
