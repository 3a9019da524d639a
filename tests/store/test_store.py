"""The store on real databases."""

import asyncio
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StoreError
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot
from bot.stats import STATS
from bot.store import KnownNumber, Store, known_in, open_store
from bot.store.rolling import DAY, HOUR, RAW
from bot.store.store import MOST_POINTS
from tests.bases import Base
from tests.conftest import ROOT, StandingClock

FEE, PRICE = STATS["fee"], STATS["price"]
MINUTE = timedelta(minutes=1)
DOWN = Missing("down")


@pytest.fixture
async def store(url: str, clock: StandingClock) -> AsyncIterator[Store]:
    async with open_store(url, clock) as store:
        yield store


def quote(value: float, at: datetime, quality: Quality = Quality.LIVE, source: str = "mempool.space") -> Quote:
    return Quote(value, source, at, at, quality)


def snapshot(btc: Quote | Missing, bch: Quote | Missing = DOWN) -> Snapshot:
    return Snapshot(FEE, {Coin.BTC: btc, Coin.BCH: bch})


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def points(base: Base, width: int) -> list[tuple[Any, ...]]:
    return await base.rows(f"select count, mean, low, high from points where width = {width} order by at")  # noqa: S608


async def test_known_numbers_survive_a_restart(url: str, clock: StandingClock) -> None:
    """What was remembered is there after closing; the newest of each metric and coin alone, whatever comes later."""
    old, new = quote(1, clock.now - MINUTE), quote(2, clock.now)
    async with open_store(url, clock) as store:
        await store.remember([])
        for one in (old, new, old):
            await store.remember([KnownNumber("fee", Coin.BTC, one), KnownNumber("fee", Coin.BCH, old)])

    async with open_store(url, clock) as store:
        known = {(one.metric, one.coin): one.quote for one in await store.known()}

    assert set(known) == {("fee", Coin.BTC), ("fee", Coin.BCH)}
    found = known["fee", Coin.BTC]
    assert (found.value, found.observed_at, found.quality) == (2, clock.now, Quality.LAST_KNOWN)


async def test_known_numbers_can_be_read_beside_a_running_bot(
    file_url: str, clock: StandingClock, tmp_path: Path
) -> None:
    """Whoever only reads makes no file, and gets what the bot that is running remembered last."""
    assert await known_in(file_url) == ()
    assert files(tmp_path) == []

    async with open_store(file_url, clock) as store:
        await store.remember([KnownNumber("fee", Coin.BTC, quote(1, clock.now))])

        assert [(one.metric, one.coin, one.quote.value) for one in await known_in(file_url)] == [("fee", Coin.BTC, 1)]


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to look like one" * 100])
async def test_what_cannot_be_read_is_said(content: bytes, file_url: str, tmp_path: Path) -> None:
    """A file without our tables gives an error of the store, and is left as it is."""
    (tmp_path / "bot.db").write_bytes(content)

    with pytest.raises(StoreError):
        await known_in(file_url)


async def test_what_is_no_number_of_now_is_not_recorded(store: Store, clock: StandingClock) -> None:
    """Missing, last known and disputed numbers make no history, nor does the same number twice."""
    good = quote(5, clock.now)
    for side in (Missing("down"), quote(1, clock.now, Quality.LAST_KNOWN), quote(2, clock.now, Quality.DISPUTED)):
        await store.record([snapshot(side)])
    await store.record([snapshot(good, quote(1, clock.now, source="bchexplorer.cash + Kraken"))])
    await store.record([snapshot(quote(9, clock.now))])

    series = await store.series(FEE, timedelta(days=1))

    assert [point.value for point in series.sides[Coin.BTC]] == [5]
    assert [point.at for point in series.sides[Coin.BCH]] == [clock.now]
    assert series.sources == ("mempool.space", "bchexplorer.cash", "Kraken")
    assert (series.since, series.at, series.span) == (clock.now, clock.now, timedelta(days=1))


async def test_nothing_recorded_is_an_empty_series(store: Store) -> None:
    series = await store.series(PRICE, timedelta(days=7))

    assert (series.sides, series.sources, series.since) == (dict.fromkeys(Coin, ()), (), None)


async def test_values_roll_up_into_hours_and_days(store: Store, base: Base, clock: StandingClock) -> None:
    """Means are weighed by count, extremes stay, what is not over yet is left, and doing it twice changes nothing."""
    begun = clock.now.replace(hour=0)
    values = {0: 1.0, 10: 3.0, 50: 8.0, 60: 20.0, 24 * 60: 7.0, 24 * 60 + 59: 9.0, 25 * 60: 100.0}
    for minutes, value in values.items():
        await store.record([snapshot(quote(value, begun + minutes * MINUTE))])
    clock.now = begun + timedelta(hours=25, minutes=30)

    for _ in range(2):
        await store.roll_up()
        assert await points(base, HOUR) == [(3, 4, 1, 8), (1, 20, 20, 20), (2, 8, 7, 9)]
        assert await points(base, DAY) == [(4, 8, 1, 20)]
        assert len(await points(base, RAW)) == len(values)


@pytest.mark.parametrize(
    ("days", "left"), [(2.9, (1, 1, 1)), (3.1, (0, 1, 1)), (89, (0, 1, 1)), (92, (0, 0, 1)), (3660, (0, 0, 0))]
)
async def test_each_width_is_kept_for_its_time(
    *, days: float, left: tuple[int, int, int], store: Store, base: Base, clock: StandingClock
) -> None:
    """Single values go after three days, hours after ninety, days after ten years."""
    await store.record([snapshot(quote(1, clock.now))])
    clock.pass_by(timedelta(days=1.5))
    await store.roll_up()
    clock.pass_by(timedelta(days=days - 1.5))

    await store.roll_up()

    assert tuple([len(await points(base, width)) for width in (RAW, HOUR, DAY)]) == left


async def test_a_bot_that_slept_for_long_loses_nothing(store: Store, base: Base, clock: StandingClock) -> None:
    """Values far older than they are kept still become hours and days before they go."""
    await store.record([snapshot(quote(4, clock.now))])
    clock.pass_by(timedelta(days=200))

    await store.roll_up()

    assert [len(await points(base, width)) for width in (RAW, HOUR, DAY)] == [0, 0, 1]


@pytest.mark.parametrize("days", [1, 2, 7, 30, 60, 365, 3650])
async def test_a_series_is_never_too_long(days: int, store: Store, clock: StandingClock) -> None:
    """Whatever the span, a picture gets a few hundred points, in time's order, up to the last one."""
    last = clock.now
    for number in range(0, 6 * 24 * 5, 5):
        await store.record([snapshot(quote(number, last - number * 10 * MINUTE)) for _ in range(1)])
    await store.roll_up()

    found = (await store.series(FEE, timedelta(days=days))).sides[Coin.BTC]

    assert 0 < len(found) <= MOST_POINTS
    assert list(found) == sorted(found, key=lambda point: point.at)
    assert found[-1].at == last


async def test_two_programs_write_into_one_file(url: str, clock: StandingClock) -> None:
    """Writers wait for one another; nothing is lost."""
    async with open_store(url, clock) as one, open_store(url, clock) as two:
        moments = [clock.now - number * MINUTE for number in range(60)]
        await asyncio.gather(
            *((one, two)[number % 2].record([snapshot(quote(number, at))]) for number, at in enumerate(moments))
        )
        series = await one.series(FEE, timedelta(days=1))

    assert len(series.sides[Coin.BTC]) == 60


async def test_an_owner_is_due_once_in_a_while(url: str, clock: StandingClock) -> None:
    """A digest is begun once in its time, for each owner, also after a restart; one that is forgotten is due again."""
    week, olga, oleg = timedelta(days=7), 7_000_000_001, 2
    async with open_store(url, clock) as store:
        first = [await store.begin_digest(owner, week) for owner in (olga, olga, oleg)]
    clock.pass_by(week - timedelta(seconds=1))
    async with open_store(url, clock) as store:
        early = await store.begin_digest(olga, week)
        await store.forget_digest(oleg)
        forgotten = await store.begin_digest(oleg, week)
        clock.pass_by(timedelta(seconds=1))
        later = [await store.begin_digest(owner, week) for owner in (olga, olga, oleg)]

    assert first == [True, False, True]
    assert (early, forgotten) == (False, True)
    assert later == [True, False, False]


async def test_an_older_database_is_brought_up_to_date(base: Base, clock: StandingClock) -> None:
    """What an earlier program kept is still there after its tables were added to."""
    number = KnownNumber("fee", Coin.BTC, quote(2, clock.now))
    async with open_store(base.url, clock) as store:
        await store.remember([number])
    tables = ("digests", "versions", "drafts", "weekly", "settled", "remarks", "votes", "candidates", "questions")
    later = (*tables, "salts", "inbox", "chats", "deletions", "alerts", "posts", "plans", "drafts_of_posts", "channels")
    gone = (*later, "notices", "paces")
    await base.run(*(f"drop table {table}" for table in gone), "update alembic_version set version_num = '0001'")

    async with open_store(base.url, clock) as store:
        assert await store.begin_digest(1, timedelta(days=7))
        assert [one.metric for one in await store.known()] == ["fee"]


async def test_a_newer_database_is_refused(base: Base, clock: StandingClock) -> None:
    """A database of a later program is left alone, and the sentence says what to do."""
    async with open_store(base.url, clock):
        pass
    await base.run("update alembic_version set version_num = '9999'")

    with pytest.raises(StoreError, match=r"9999.*update the program"):
        async with open_store(base.url, clock):
            pass


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:////nowhere/at/all/bot.db",
        "postgresql+asyncpg://nobody@127.0.0.1:1/nothing",
        "nonsense",
        "oracle://x/y",
        "sqlite+nodriver:///x",
    ],
)
async def test_a_database_that_cannot_be_used_is_said(url: str, clock: StandingClock) -> None:
    """One sentence names the key and what is wrong."""
    with pytest.raises(StoreError, match=r"database\.url"):
        async with open_store(url, clock):
            pass


def test_a_database_that_cannot_be_opened_leaves_no_thread(file_url: str, clock: StandingClock) -> None:
    """Whoever closes the event loop at once is not told of a closed loop by a thread that is still at work."""
    failed: list[threading.ExceptHookArgs] = []

    async def fail(number: int) -> None:
        with pytest.raises(StoreError, match="unable to open"):
            async with open_store(file_url.replace("bot.db", f"no/folder/{number}.db"), clock):
                pass

    others = set(threading.enumerate())
    before, threading.excepthook = threading.excepthook, failed.append
    try:
        for number in range(50):
            asyncio.run(fail(number))
        for thread in set(threading.enumerate()) - others:
            if "connection_worker" in thread.name:
                thread.join()
    finally:
        threading.excepthook = before

    assert failed == []


async def test_a_file_that_is_no_database_is_said(tmp_path: Path, clock: StandingClock) -> None:
    (tmp_path / "bot.db").write_bytes(b"not a database at all, but long enough to look like one" * 100)

    with pytest.raises(StoreError, match="not a database"):
        async with open_store(f"sqlite+aiosqlite:///{tmp_path}/bot.db", clock):
            pass


WRITER = """
import asyncio, sys
from datetime import timedelta
from bot.model.clock import utc_now
from bot.store import open_store
from tests.store.test_store import quote, snapshot
async def main():
    async with open_store(sys.argv[1], utc_now) as store:
        for number in range(100_000):
            await store.record([snapshot(quote(number, utc_now()))])
            await store.roll_up()
            print(number, flush=True)
asyncio.run(main())
"""


async def test_a_writer_that_is_killed_leaves_a_good_database(file_url: str, clock: StandingClock) -> None:
    """Killed in the middle of its writing, a program leaves a file that opens, is whole, and can be written."""
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, file_url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert writer.stdout
    await writer.stdout.readuntil(b"20\n")
    writer.kill()
    await writer.wait()

    with sqlite3.connect(file_url.removeprefix("sqlite+aiosqlite:///")) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    assert len(await points(Base(file_url), RAW)) > 20
    async with open_store(file_url, clock) as store:
        await store.record([snapshot(quote(1, clock.now))])
