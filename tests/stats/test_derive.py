"""Formulas against figures published elsewhere."""

from datetime import UTC, datetime

import pytest

from bot.model.quote import Coin, Quality, Quote
from bot.stats import derive
from bot.stats.catalog.mining_revenue import revenue
from bot.stats.catalog.subsidy import subsidy

SUPPLY = {0: 50, 1: 100, 209_999: 10_500_000, 210_000: 10_500_025, 952_582: 20_039_321.875}


@pytest.mark.parametrize(("height", "coins"), SUPPLY.items())
def test_supply(height: int, coins: float) -> None:
    """The sum of all subsidies; the last figure is blockchain.info's at that height."""
    assert derive.supply(height) == coins


def test_the_cap_is_just_below_21_million() -> None:
    """Long after the last halving no coin is added."""
    assert derive.supply(7_000_000) == derive.supply(8_000_000) == pytest.approx(20_999_999.9769)


@pytest.mark.parametrize(("height", "halving"), [(839_999, 840_000), (840_000, 1_050_000), (0, 210_000)])
def test_the_next_halving_is_ahead(height: int, halving: int) -> None:
    """The block that halves the subsidy has its halving behind it."""
    assert derive.next_halving(height) == halving


def test_bch_keeps_to_its_schedule() -> None:
    """Block 1,050,000 of BCH falls on 4 April 2028, whatever the height is now."""
    when = derive.halving_time(Coin.BCH, 972_125, datetime(2026, 10, 11, tzinfo=UTC))

    assert when.date().isoformat() == "2028-04-04"


def test_btc_counts_from_now() -> None:
    """At 600 s a block from 6 June 2026 on, BTC's falls on 12 April 2028."""
    when = derive.halving_time(Coin.BTC, 952_582, datetime(2026, 6, 6, tzinfo=UTC))

    assert when.date().isoformat() == "2028-04-12"


def test_what_a_petahash_earns() -> None:
    """At 124.93 T of difficulty, 62,885 USD and fees of 0.02 BTC a block, a PH/s earned 31.85 USD a day."""
    at = datetime(2026, 6, 6, tzinfo=UTC)
    quotes = tuple(Quote(value, "", at, at, Quality.LIVE) for value in (952_582, 124.93e12, 0.02, 62_885))

    assert revenue(quotes) == pytest.approx(31.85, abs=0.005)


@pytest.mark.parametrize(("height", "coins"), [(0, 50), (209_998, 50), (209_999, 25), (839_999, 3.125), (6_930_000, 0)])
def test_what_the_next_block_creates(height: int, coins: float) -> None:
    """50 coins at first, half of it every 210,000 blocks, nothing in the end."""
    assert subsidy(height) == coins


@pytest.mark.parametrize(("rate", "sat"), [(1.0, 141), (2.5, 353), (0.1, 15), (2.023, 286)])
def test_a_payments_fee_is_whole(rate: float, sat: int) -> None:
    """Nobody pays a part of a satoshi, so the fee is rounded up, as in a cost sheet."""
    assert derive.payment_sat(Coin.BTC, rate) == sat


@pytest.mark.parametrize(("coin", "cost"), [(Coin.BTC, 0.141), (Coin.BCH, 0.00113)], ids=["btc", "bch"])
def test_a_payments_cost(coin: Coin, cost: float) -> None:
    """141 vB at 1 sat/vB and 100,000 USD; 226 B at 1 sat/B and 500 USD."""
    assert derive.payment_cost(coin, 1, {Coin.BTC: 100_000, Coin.BCH: 500}[coin]) == pytest.approx(cost)
