"""What alerts may look at: fresh, undisputed numbers, and records that go back far enough."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.lookout import DISPUTED, FRESH, LATE, Lookout
from bot.model.alert import Crossing, Reading, Unreadable, Wish
from bot.model.quote import Coin, Quality, Quote, Snapshot, Stat
from bot.model.series import Series
from bot.pipeline import Pipeline
from bot.stats import STATS
from bot.store import Store, open_store
from tests.conftest import StandingClock
from tests.web import Web

HOUR = timedelta(hours=1)
FEE = Wish("fee", Coin.BTC, Crossing.BELOW, 5)
HASHRATE = Wish("hashrate", Coin.BTC, Crossing.FALLS, 10, 24 * HOUR)
PRICE = Wish("price", Coin.BCH, Crossing.MOVES, 10, 24 * HOUR)


@pytest.fixture
async def store(tmp_path: Path, clock: StandingClock) -> AsyncIterator[Store]:
    async with open_store(f"sqlite+aiosqlite:///{tmp_path}/bot.db", clock) as store:
        yield store


@pytest.fixture
def lookout(pipeline: Pipeline, store: Store, clock: StandingClock) -> Lookout:
    return Lookout(pipeline.desk, store, clock)


async def recorded(store: Store, stat: str, values: Mapping[datetime, float]) -> None:
    for at, value in values.items():
        quote = Quote(value, "x", at, at, Quality.LIVE)
        await store.record([Snapshot(STATS[stat], {Coin.BTC: quote, Coin.BCH: quote})])


async def seen(lookout: Lookout, wish: Wish) -> Reading | Unreadable:
    """Look until every source had its turn."""
    await lookout.reading(wish)
    return await lookout.reading(wish)


async def test_a_number_comes_with_source_and_age(lookout: Lookout, web: Web, clock: StandingClock) -> None:
    """A fresh number that nobody disputes is read."""
    found = await seen(lookout, FEE)

    assert isinstance(found, Reading)
    assert (found.value, found.source, found.start) == (2.5, "mempool.space", None)
    assert clock.now - found.observed_at <= FRESH


async def test_a_number_that_is_disputed_is_not_read(lookout: Lookout, web: Web) -> None:
    """Where sources differ, nothing is told."""
    web.fail("500")
    web.fail("tenfold", "kraken")
    web.fault.pop("coinbase")

    found = await seen(lookout, Wish("price", Coin.BCH, Crossing.ABOVE, 500))

    assert isinstance(found, Unreadable)
    assert found.reason == DISPUTED


async def test_a_number_of_before_is_not_read(lookout: Lookout, web: Web, clock: StandingClock) -> None:
    """When the sources are down, the last known number is shown and not acted on; then there is none."""
    await seen(lookout, FEE)
    web.fail("500")
    clock.pass_by(timedelta(minutes=5))

    late = await seen(lookout, FEE)
    clock.pass_by(timedelta(days=3))
    none = await seen(lookout, FEE)

    assert isinstance(late, Unreadable)
    assert (late.value, "the last I know" in late.reason) == (2.5, True)
    assert none == Unreadable("no source gives it just now")


@pytest.mark.parametrize("jump", [timedelta(days=-1), FRESH + timedelta(minutes=1)], ids=["back", "ahead"])
async def test_a_number_from_another_time_is_not_read(jump: timedelta, lookout: Lookout, clock: StandingClock) -> None:
    """A clock that was set makes no number fresh."""
    await seen(lookout, FEE)
    before = Lookout(lookout.desk, lookout.history, lambda: clock.now + jump)

    assert isinstance(await before.reading(FEE), Unreadable)


async def test_a_change_is_counted_from_what_was_recorded(lookout: Lookout, store: Store, clock: StandingClock) -> None:
    """The first record of the span is the start."""
    start = clock.now - 24 * HOUR
    await recorded(store, "hashrate", {start - HOUR: 1.0, start + LATE: 2.1e21, start + 5 * HOUR: 9e21})

    found = await seen(lookout, HASHRATE)

    assert isinstance(found, Reading)
    assert (found.start, round(found.change)) == (2.1e21, -50)


@pytest.mark.parametrize("late", [2 * HOUR, 30 * HOUR], ids=["late", "none"])
async def test_a_change_needs_records_that_go_back_so_far(
    late: timedelta, lookout: Lookout, store: Store, clock: StandingClock
) -> None:
    """A bot that is new, or was off then, says so and waits."""
    await recorded(store, "hashrate", {clock.now - 24 * HOUR + late: 2.1e21})

    found = await seen(lookout, HASHRATE)

    assert isinstance(found, Unreadable)
    assert "no record" in found.reason
    assert found.value is not None


async def test_a_price_is_known_before_the_bot_was(lookout: Lookout, web: Web) -> None:
    """What was not recorded comes from a source of past prices, where it goes back far enough."""
    found = await seen(lookout, PRICE)

    assert isinstance(found, Reading)
    assert found.start


class Broken:
    """A history that cannot be read."""

    async def series(self, stat: Stat, span: timedelta) -> Series:
        raise StoreError("the database failed")


async def test_a_database_that_fails_costs_changes_only(lookout: Lookout, clock: StandingClock) -> None:
    """Numbers are read all the same."""
    broken = Lookout(lookout.desk, Broken(), clock)
    await broken.readings([FEE, HASHRATE])

    found = await broken.readings([FEE, HASHRATE])

    assert isinstance(found[FEE], Reading)
    assert isinstance(found[HASHRATE], Unreadable)


async def test_a_statistic_that_was_taken_away_is_not_read(lookout: Lookout) -> None:
    """An alert of an older program looks at nothing."""
    found = await lookout.reading(Wish("sentiment", Coin.BTC, Crossing.ABOVE, 5))

    assert isinstance(found, Unreadable)


async def test_each_statistic_is_asked_for_once(lookout: Lookout, web: Web) -> None:
    """A thousand alerts on one number cost one question."""
    wishes = [Wish("fee", Coin.BTC, Crossing.BELOW, line) for line in range(1, 1000)]

    await lookout.readings(wishes)

    assert web.asked["/mempool_space/api/v1/fees/precise"] == 1
    assert not [path for path in web.asked if "hashrate" in path]
