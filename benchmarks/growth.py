"""How large the database becomes: days of updates, millions, through the real inbox with a clock that runs ahead.

`python -m benchmarks.growth [MILLIONS] [--rate 50]`. Each hour of that clock what is too old is forgotten, as the bot
does it. At the end nothing older than a day and the margin may be there.
"""

import argparse
import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from benchmarks.memory import resident_megabytes
from bot.model.incoming import Incoming
from bot.store import open_store
from bot.store.engine import begun, make_engine
from bot.store.inbox import CLEAN_EVERY, KEPT
from bot.store.moment import from_number
from bot.store.tables import INBOX

BATCH = 1_000  # updates kept at once
ENDS = 20  # that end at once, among others that do not yet
BODY = b'{"update_id":1,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"text":"which has lower fees"}}' * 3
MOST = 500  # MiB
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Ahead:
    """A clock that somebody moves."""

    now: datetime = FIRST

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


def megabytes(folder: Path) -> float:
    """Return what the database and what SQLite keeps beside it take."""
    return sum(file.stat().st_size for file in folder.glob("bot.db*")) / 2**20


async def fill(url: str, updates: int, rate: float, folder: Path) -> tuple[float, float]:
    """Keep and finish so many updates; return the largest size in MiB, and the longest seconds of one hour's end."""
    clock, largest, longest = Ahead(), 0.0, 0.0
    cleaned = clock.now
    async with open_store(url, clock) as store:
        for first in range(0, updates, BATCH):
            clock.now += timedelta(seconds=BATCH / rate)
            await store.inbox.keep([Incoming(first + one, one + 1, BODY, clock.now) for one in range(BATCH)])
            for number in range(ENDS):
                await store.inbox.finish(range(first + number, first + BATCH, ENDS))
            if clock.now - cleaned >= CLEAN_EVERY:
                began, cleaned = time.monotonic(), clock.now
                await store.inbox.expire()
                longest = max(longest, time.monotonic() - began)
                largest = max(largest, megabytes(folder))
        return max(largest, megabytes(folder)), longest


async def left(url: str) -> tuple[int, timedelta]:
    """Return how many updates are kept, and how far apart the first and the last of them ended."""
    engine = make_engine(url)
    wanted = select(func.count(), func.min(INBOX.c.finished_at), func.max(INBOX.c.finished_at))
    async with begun(engine) as connection:
        count, first, last = (await connection.execute(wanted)).one()
    await engine.dispose()
    return count, from_number(last) - from_number(first)


async def measure(options: argparse.Namespace, folder: Path) -> None:
    """Print the figures."""
    url, updates, began = f"sqlite+aiosqlite:///{folder}/bot.db", int(options.millions * 1e6), time.monotonic()
    largest, longest = await fill(url, updates, options.rate, folder)
    count, span = await left(url)
    days = updates / options.rate / 86_400
    print(f"{updates:,} updates at {options.rate:g} a second, {days:.1f} days, in {time.monotonic() - began:.0f} s")
    print(
        f"database at most {largest:.0f} MiB; {count:,} updates left, of {span}; resident {resident_megabytes():.0f} MB"
    )
    print(f"forgetting an hour's took {longest:.1f} s at most, {BATCH} rows at a time")
    is_fine = largest <= MOST and span <= KEPT + CLEAN_EVERY
    print("verdict: " + ("it stays small" if is_fine else "it grows"))


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("millions", nargs="?", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=50.0, help="updates in a second")
    with TemporaryDirectory() as folder:
        asyncio.run(measure(parser.parse_args(), Path(folder)))


if __name__ == "__main__":
    main()
