"""Numbers as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.model.quote import Coin, Unit
from bot.reply.numbers import age, dollars, duration, number, ratio, significant

SHOWN = {
    "price": (75_818.4, Unit.USD, Coin.BTC, "$75,818"),
    "small price": (343.717, Unit.USD, Coin.BCH, "$343.72"),
    "payment": (0.00081, Unit.USD, Coin.BCH, "$0.00081"),
    "market cap": (1_542_226_908_349.8, Unit.USD, Coin.BTC, "$1.54 T"),
    "smaller market cap": (6_870_000_000.0, Unit.USD, Coin.BCH, "$6.87 B"),
    "rise": (1.234, Unit.PERCENT, Coin.BTC, "+1.2 %"),
    "fall": (-0.04, Unit.PERCENT, Coin.BTC, "-0.0 %"),
    "fee": (2.023, Unit.FEE_RATE, Coin.BTC, "2.02 sat/vB"),
    "low fee": (0.1, Unit.FEE_RATE, Coin.BTC, "0.1 sat/vB"),
    "bch fee": (1.0, Unit.FEE_RATE, Coin.BCH, "1 sat/B"),
    "high fee": (1234.5, Unit.FEE_RATE, Coin.BTC, "1,234 sat/vB"),
    "bytes": (33_223.0, Unit.BYTES, Coin.BCH, "0.0332 MB"),
    "virtual bytes": (203_718_813.0, Unit.BYTES, Coin.BTC, "204 vMB"),
    "height": (952_582.0, Unit.HEIGHT, Coin.BTC, "952,582"),
    "blocks": (97_418.0, Unit.BLOCKS, Coin.BTC, "97,418 blocks"),
    "seconds": (490.0, Unit.SECONDS, Coin.BTC, "8 min"),
    "transactions": (29_979.0, Unit.TRANSACTIONS, Coin.BTC, "29,979 tx"),
    "hashrate": (7.864e20, Unit.HASHES_PER_SECOND, Coin.BTC, "786.4 EH/s"),
    "hashrate, larger": (1.0549e21, Unit.HASHES_PER_SECOND, Coin.BTC, "1,054.9 EH/s"),
    "difficulty": (1.2493e14, Unit.DIFFICULTY, Coin.BTC, "124.9 T"),
    "coins": (20_039_321.875, Unit.COINS, Coin.BTC, "20,039,322"),
    "moment": (1_838_419_200.0, Unit.EPOCH_SECONDS, Coin.BTC, "≈ 2028-04-04"),
    "share": (57.954, Unit.SHARE, Coin.BTC, "58 %"),
    "small share": (0.30067, Unit.SHARE, Coin.BCH, "0.301 %"),
    "times": (1.0234, Unit.TIMES, Coin.BCH, "1.02×"),
    "satoshi": (3_495.0, Unit.SATOSHI, Coin.BTC, "3,495 sat"),
    "blocks waiting": (0.001_374_9, Unit.BLOCKS, Coin.BCH, "0.0014 blocks"),
    "more blocks waiting": (18.915, Unit.BLOCKS, Coin.BTC, "19 blocks"),
    "interval": (583.8, Unit.INTERVAL, Coin.BTC, "9.7 min"),
    "rate": (4.861, Unit.TRANSACTIONS_PER_SECOND, Coin.BTC, "4.9 tx/s"),
    "block": (1_700_000.0, Unit.BLOCK_BYTES, Coin.BTC, "1.7 MB"),
    "small block": (60_000.0, Unit.BLOCK_BYTES, Coin.BCH, "0.06 MB"),
    "weight limit": (4_000_000.0, Unit.BLOCK_ROOM, Coin.BTC, "4 MWU"),
    "size limit": (32_000_640.0, Unit.BLOCK_ROOM, Coin.BCH, "32 MB"),
    "subsidy": (3.125, Unit.AMOUNT, Coin.BTC, "3.125 BTC"),
    "next subsidy": (1.5625, Unit.AMOUNT, Coin.BCH, "1.5625 BCH"),
    "ratio": (220.614, Unit.BCH_PER_BTC, Coin.BTC, "220.6 BCH"),
    "other way": (0.0045328, Unit.BCH_PER_BTC, Coin.BCH, "0.004533 BTC"),
}


@pytest.mark.parametrize(("value", "unit", "coin", "text"), SHOWN.values(), ids=SHOWN.keys())
def test_a_number_has_its_unit(value: float, unit: Unit, coin: Coin, text: str) -> None:
    assert number(value, unit, coin) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.000123456, "0.000123"), (1.005, "1"), (12.34, "12.3"), (99.96, "100"), (1e6, "1,000,000")],
)
def test_three_digits_say_enough(value: float, text: str) -> None:
    assert significant(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-5, "0 s"), (0, "0 s"), (59, "59 s"), (60, "1 min"), (3_599, "60 min"), (7_200, "2 h"), (400_000, "5 days")],
)
def test_time_is_told_in_its_largest_unit(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_an_age_is_never_negative() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)

    assert age(now - timedelta(seconds=12), now) == "12 s ago"
    assert age(now + timedelta(hours=2), now) == "0 s ago"


@pytest.mark.parametrize(
    ("btc", "bch", "text"),
    [(300, 100, "BTC 3×"), (1, 2, "BCH 2×"), (1, 1, "equal"), (0, 1, ""), (220.6, 1, "BTC 221×")],
)
def test_a_ratio_says_who_is_larger(btc: float, bch: float, text: str) -> None:
    assert ratio(btc, bch) == text


def test_cents_matter_below_a_thousand_dollars() -> None:
    assert [dollars(value) for value in (999.5, 1_000, 0.5, 0)] == ["$999.50", "$1,000", "$0.5", "$0"]
