"""Prices of the past."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.model.quote import Coin
from bot.stats import Desk
from bot.stats.endpoint import Get, Heard
from bot.stats.past import PastPrices
from tests.conftest import StandingClock
from tests.web import FAULTS, POISONS, Web

DAY = timedelta(days=1)


@pytest.fixture
async def desk(web: Web, clock: StandingClock) -> AsyncIterator[Desk]:
    desk = web.desk(clock)
    yield desk
    await desk.aclose()


async def test_both_coins_prices_come_in_times_order(desk: Desk, web: Web) -> None:
    """Points are in USD, oldest first, and asked for once in a while only."""
    found = await desk.past_prices(7 * DAY)
    again = await desk.past_prices(7 * DAY)

    assert found == again
    assert [len(points) for points in found.values()] == [201, 201]
    assert found[Coin.BTC][-1].value == 89_000
    assert all(points[0].at < points[-1].at for points in found.values())
    assert web.asked["/coingecko/coins/bitcoin/market_chart"] == 1


@pytest.mark.parametrize("fault", [*FAULTS, *POISONS])
async def test_without_the_source_there_are_none(fault: str, web: Web, clock: StandingClock) -> None:
    """A failure gives no points; after a success, those known before."""
    web.fail(fault, "coingecko")
    async with aclosing(web.desk(clock)) as desk:
        none = await desk.past_prices(7 * DAY)

        web.heal()
        clock.pass_by(timedelta(hours=2))
        known = await desk.past_prices(7 * DAY)
        while () in known.values():  # a busy machine that is taken for a silent source
            clock.pass_by(timedelta(hours=2))
            known = await desk.past_prices(7 * DAY)
        web.fail(fault, "coingecko")
        clock.pass_by(timedelta(hours=1))
        again = await desk.past_prices(7 * DAY)

    assert none == dict.fromkeys(Coin, ())
    assert again == known


@pytest.mark.parametrize(("span", "days"), [(timedelta(hours=1), 1), (DAY, 1), (7.5 * DAY, 8), (3650 * DAY, 365)])
async def test_no_more_is_asked_for_than_is_given(span: timedelta, days: int, desk: Desk, web: Web) -> None:
    await desk.past_prices(span)

    assert web.queries["/coingecko/coins/bitcoin/market_chart"] == f"vs_currency=usd&days={days}"


def test_the_documented_answer_is_read(shared: Path) -> None:
    """Milliseconds become moments."""
    plan = PastPrices(Coin.BTC, 1).plan()
    assert next(plan) == Get("/coins/bitcoin/market_chart?vs_currency=usd&days=1")
    body = (shared / "payloads/coingecko/coins_id_market_chart.json").read_bytes()

    with pytest.raises(StopIteration) as end:
        plan.send(Heard(body, datetime.now(UTC)))

    first, second = end.value.value
    assert (first.at.year, first.value, second.value) == (2026, 77953.82550382407, 78052.87543398788)
