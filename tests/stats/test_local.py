"""Prices in other money than US dollars."""

from collections.abc import AsyncIterator

import pytest

from bot.model.money import Fiat
from bot.model.quote import Coin, Missing, Quality, Quote
from bot.stats import PRICES_IN, Desk
from tests.conftest import StandingClock
from tests.web import Web

RATES = {
    Fiat.EUR: (78_300, 391.5),
    Fiat.GBP: (67_500, 337.5),
    Fiat.JPY: (13_500_000, 67_500),
    Fiat.CHF: (72_000, 360),
    Fiat.CAD: (126_000, 630),
    Fiat.AUD: (135_000, 675),
}


@pytest.fixture
async def desk(web: Web, clock: StandingClock) -> AsyncIterator[Desk]:
    desk = web.desk(clock)
    yield desk
    await desk.aclose()


async def quotes(desk: Desk, fiat: Fiat) -> dict[Coin, Quote | Missing]:
    (snapshot,) = await desk.snapshots((PRICES_IN[fiat],))
    return dict(snapshot.sides)


def test_every_currency_has_a_price() -> None:
    assert set(RATES) == set(PRICES_IN) == set(Fiat) - {Fiat.USD}


@pytest.mark.parametrize(("fiat", "prices"), RATES.items())
async def test_both_coins_have_a_price(fiat: Fiat, prices: tuple[float, float], desk: Desk) -> None:
    """The price in dollars times the rate of the dollar, with the sources of both."""
    sides = await quotes(desk, fiat)

    found = {coin: side.value for coin, side in sides.items() if isinstance(side, Quote)}
    assert found == pytest.approx(dict(zip(Coin, prices, strict=True)))
    assert {side.quality for side in sides.values() if isinstance(side, Quote)} == {Quality.DERIVED}


async def test_without_a_rate_there_is_no_price(desk: Desk, web: Web) -> None:
    """A dollar's worth is not guessed; the reason names the sources of rates."""
    web.answers["/coingecko/exchange_rates"] = {}
    web.answers["/mempool_space/api/v1/prices"] = {}

    sides = await quotes(desk, Fiat.EUR)

    assert isinstance(btc := sides[Coin.BTC], Missing)
    assert "CoinGecko" in btc.reason


async def test_rates_that_differ_make_a_disputed_price(desk: Desk, web: Web) -> None:
    """Where two sources of rates contradict each other, both prices are shown."""
    web.answers["/coingecko/exchange_rates"]["rates"]["eur"]["value"] *= 2

    side = (await quotes(desk, Fiat.EUR))[Coin.BTC]

    assert isinstance(side, Quote)
    assert side.quality is Quality.DISPUTED
    assert side.other
    assert sorted((side.value, side.other.value)) == pytest.approx([78_300, 156_600], rel=0.05)
