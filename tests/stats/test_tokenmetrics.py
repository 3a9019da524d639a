"""The source that needs a key, over a real server on loopback."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.model.quote import Coin, Missing, Quote
from bot.stats import DEFAULT_PROVIDERS, Desk, open_desk
from bot.stats.providers import ROUTES
from tests.conftest import StandingClock
from tests.patiently import PATIENT
from tests.web import Web

TOKENS, PRICES = "/token_metrics/v2/tokens", "/token_metrics/v2/price"


@pytest.fixture
async def desk(web: Web, clock: StandingClock) -> AsyncIterator[Desk]:
    settings = replace(web.providers()["token_metrics"], enabled=True, key="tm-secret")
    desk = open_desk({"token_metrics": settings}, clock, habits=PATIENT)
    yield desk
    await desk.aclose()


async def prices(desk: Desk) -> dict[Coin, float | str]:
    (snapshot,) = await desk.snapshots(("price",))
    return {coin: side.value if isinstance(side, Quote) else side.reason for coin, side in snapshot.sides.items()}


def test_it_is_off_and_never_alone() -> None:
    """Without being switched on nobody asks it, and no number rests on it alone."""
    routes = [{origin.provider for origin in route} for route in ROUTES.values()]

    assert not DEFAULT_PROVIDERS["token_metrics"].enabled
    assert [route for route in routes if "token_metrics" in route and len(route) < 3] == []


async def test_its_prices_are_read_by_token(desk: Desk, web: Web) -> None:
    """Tokens are looked up by symbol and name, and their prices are asked for with the key in its header."""
    found = await prices(desk)

    assert found == {Coin.BTC: 90_060.25, Coin.BCH: 450.7}
    assert web.queries[PRICES] == "token_id=3375,3394"
    assert web.headers[PRICES]["api_key"] == "tm-secret"


async def test_a_name_that_stands_twice_is_nobodys(desk: Desk, web: Web) -> None:
    """Of two tokens of one name neither is taken for the coin."""
    web.answers[TOKENS]["data"][2]["TOKEN_NAME"] = "Bitcoin"

    found = await prices(desk)

    assert found == {Coin.BTC: "Token Metrics did not give it", Coin.BCH: 450.7}


async def test_coins_it_does_not_know_have_no_price(desk: Desk, web: Web) -> None:
    """Without the tokens no price is asked for."""
    web.answers[TOKENS]["data"].clear()

    (snapshot,) = await desk.snapshots(("price",))

    assert set(snapshot.sides.values()) == {Missing("Token Metrics does not know the coins")}
    assert web.asked[PRICES] == 0
