"""Costs and conversions worked out from the numbers of a real HTTP server on loopback."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.match import read_convert, read_cost
from bot.model.money import CostRequest, ScriptType
from bot.model.quote import Quality, Quote
from bot.model.reply import Cost, Reply
from bot.reckoning import Reckoning, Worth, times
from bot.reply.terminal import plain
from tests.conftest import StandingClock
from tests.web import Web


@pytest.fixture
async def reckoning(web: Web, clock: StandingClock) -> AsyncIterator[Reckoning]:
    desk = web.desk(clock)
    yield Reckoning(desk, clock)
    await desk.aclose()


def lines(reply: Reply) -> list[str]:
    return [" ".join(line.split()) for line in plain(reply).splitlines() if line]


# At 2.5, 0.5 and 0.2 sat/vB and 90,000 USD on BTC, 1 sat/B and 450 USD on BCH, and 0.87 EUR for a dollar.
COSTS = {
    "dollars": (
        "25 USD",
        "Sending $25 costs about $0.32 (1.3 %) on BTC and $0.001 (0.0041 %) on BCH for the next block.",
        (
            "353 sat, $0.32, 1.3 % (2.5 sat/vB)",
            "71 sat, $0.064, 0.26 % (0.5 sat/vB)",
            "29 sat, $0.026, 0.1 % (0.2 sat/",
        ),
    ),
    "euros": (
        "25 EUR",
        "Sending €25 costs about €0.28 (1.1 %) on BTC and €0.00088 (0.0035 %) on BCH for the next block.",
        ("353 sat, €0.28, 1.1 % (2.5 sat/vB)", "226 sat, €0.00088, 0.0035 % (1 sat/B)"),
    ),
    "bitcoin cash": (
        "0.01 BCH",
        (
            "Sending 0.01 BCH, or its worth in BTC, costs about $0.32 (7.1 %) on BTC and $0.001 (0.023 %) on BCH "
            "for the next block."
        ),
        ("353 sat, $0.32, 7.1 % (2.5 sat/vB)", "226 sat, $0.001, 0.023 % (1 sat/B)"),
    ),
    "no amount": (
        "",
        "A payment costs about $0.32 on BTC and $0.001 on BCH for the next block.",
        ("353 sat, $0.32 (2.5 sat/vB)", "226 sat, $0.001 (1 sat/B)"),
    ),
}


@pytest.mark.parametrize(("asked", "verdict", "cells"), COSTS.values(), ids=COSTS)
async def test_a_cost_is_worked_out_on_both_chains(
    asked: str, verdict: str, cells: tuple[str, ...], reckoning: Reckoning
) -> None:
    """The three speeds come in sat, in money and in percent, with what is assumed and where each number is from."""
    said = lines(await reckoning.cost(read_cost(asked)))

    assert said[0] == verdict
    assert [cell for cell in cells if not any(cell in line for line in said)] == []
    assert any("1 input, 2 outputs (BTC P2WPKH, 141 vB; BCH P2PKH, 226 B)" in line for line in said)
    assert any(line.startswith("BTC fee rate: mempool.space, ") for line in said)


# One input and two outputs take 141 vB as P2WPKH, 154 as P2TR, 226 as P2PKH; another input 68 (P2WPKH) or 148.
SWITCHED = {
    "Taproot": "BTC P2TR, 154 vB; BCH P2PKH, 226 B",
    "Legacy": "BTC P2PKH, 226 vB; BCH P2PKH, 226 B",
    "2 in": "BTC P2WPKH, 208 vB; BCH P2PKH, 374 B",
    "5 in": "BTC P2WPKH, 412 vB; BCH P2PKH, 818 B",
}


async def test_buttons_change_one_thing_about_the_transaction(reckoning: Reckoning) -> None:
    """Other script types and numbers of inputs are a press away; what is shown already is not."""
    reply = await reckoning.cost(read_cost("25 USD"))
    buttons = {button.title: button for row in reply.buttons for button in row if isinstance(button, Cost)}

    shown = {title: lines(await reckoning.cost(button.request)) for title, button in buttons.items()}

    assert set(shown) == set(SWITCHED)
    for title, sizes in SWITCHED.items():
        assert any(sizes in line for line in shown[title]), title
        assert shown[title][0].startswith("Sending $25 costs about")


async def test_a_switch_keeps_what_was_switched_before(reckoning: Reckoning) -> None:
    """From Taproot with two inputs one gets back to SegWit with two, or to Taproot with one."""
    reply = await reckoning.cost(CostRequest(None, ScriptType.P2TR, inputs=2))

    titles = {button.title: button.request for row in reply.buttons for button in row if isinstance(button, Cost)}

    assert titles["SegWit"] == CostRequest(None, ScriptType.P2WPKH, inputs=2)
    assert titles["1 in"] == CostRequest(None, ScriptType.P2TR, inputs=1)
    assert {"Taproot", "2 in"} & set(titles) == set()


CONVERSIONS = {
    "dollars into coins": ("100 USD BTC", "$100 ≈ 0.001111 BTC (111,100 sat)", "1 BTC = $90,000"),
    "euros into coins": ("100 EUR BCH", "€100 ≈ 0.2554 BCH", "1 BCH = €391.50"),
    "coins into euros": ("2 BCH EUR", "2 BCH (200,000,000 sat) ≈ €783.00", "1 BCH = €391.50"),
    "coins into coins": ("1 BTC BCH", "1 BTC (100,000,000 sat) ≈ 200 BCH", "1 BTC = 200 BCH"),
    "yen into francs": ("1000 JPY CHF", "¥1,000 ≈ CHF 5.33", "1 CHF = ¥188"),
}


@pytest.mark.parametrize(("asked", "worth", "rate"), CONVERSIONS.values(), ids=CONVERSIONS)
async def test_an_amount_is_converted(asked: str, worth: str, rate: str, reckoning: Reckoning) -> None:
    """The worth, the rate it follows from, and the sources of that."""
    said = lines(await reckoning.convert(read_convert(asked)))

    assert said[:2] == [worth, rate]
    assert "CoinGecko" in said[-1]


async def test_prices_that_are_disputed_are_not_reckoned_with(reckoning: Reckoning, web: Web) -> None:
    """Where sources differ by more than they may, no sum is made of either number."""
    web.answers["/coingecko/simple/price"]["bitcoin"]["usd"] *= 10
    web.fail("500", *(name for name in web.providers() if name not in {"coingecko", "kraken"}))

    said = lines(await reckoning.convert(read_convert("100 USD BTC")))

    assert said[0] == "No live prices right now, so I cannot say what $100 is worth."
    assert "sources differ by more than they should" in said[-1]


async def test_without_prices_a_cost_is_said_in_satoshis(reckoning: Reckoning, web: Web) -> None:
    """Fee rates alone still give the fee; the price that is missing is named with the reason."""
    for path in ("/blockchair/bitcoin/stats", "/blockchair/bitcoin-cash/stats"):
        web.answers[path]["data"]["market_price_usd"] = None
    web.fail("500", "coingecko", "kraken", "coinbase", "bitstamp", "coinpaprika")
    web.answers["/mempool_space/api/v1/prices"] = {}

    said = lines(await reckoning.cost(read_cost("25 USD")))

    assert said[0] == "Sending $25 costs about 353 sat on BTC and 226 sat on BCH for the next block."
    assert any(line.startswith("No price of BTC in USD: ") for line in said)


async def test_old_prices_make_old_sums(reckoning: Reckoning, web: Web, clock: StandingClock) -> None:
    """With every source down, a conversion says that its prices are the last known ones, and how old they are."""
    await reckoning.convert(read_convert("2 BCH EUR"))
    web.fail("500")
    clock.pass_by(timedelta(hours=1))

    said = lines(await reckoning.convert(read_convert("2 BCH EUR")))

    assert said[0] == "2 BCH (200,000,000 sat) ≈ €783.00"
    assert any("⚠ last known, 1 h ago" in line or "⚠ last known, 60 min ago" in line for line in said)


def test_products_are_exact(clock: StandingClock) -> None:
    """Binary floats would make 391.58700000000005 of it."""
    one, other = (
        Worth(Decimal(text), Quote(float(text), source, clock.now, clock.now, Quality.LIVE))
        for text, source in (("450.1", "Kraken"), ("0.87", "CoinGecko"))
    )

    product = times(one, other)

    assert isinstance(product, Worth)
    assert product.value == Decimal("391.587")
    assert (product.quote.source, product.quote.quality) == ("Kraken + CoinGecko", Quality.DERIVED)
