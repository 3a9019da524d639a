"""What follows from other numbers by a formula: supply, halvings, the cost of a payment."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.model.quote import Coin
from bot.stats.sizes import fee_sat

SATOSHI = 100_000_000  # per coin
SUBSIDY = 50 * SATOSHI  # of the first blocks
HALVING_INTERVAL = 210_000  # blocks
TARGET_SPACING = timedelta(seconds=600)

# The ASERT anchor's parent (spec 2020-11-15-asert): block 661,646 and its time. ASERT steers every later block to its
# place in the schedule that starts there, so BCH's dates are off by hours, not by weeks.
ASERT_HEIGHT = 661_646
ASERT_TIME = datetime(2020, 11, 15, 13, 44, 4, tzinfo=UTC)

# A payment of one input and two outputs: P2WPKH on BTC in vB (561 weight units), P2PKH on BCH in bytes.
PAYMENT_SIZE = {Coin.BTC: 141, Coin.BCH: 226}


def supply(height: int) -> float:
    """Return the coins created up to and with a block, as the subsidy schedule gives them.

    Miners have claimed a few coins less, and the first 50 cannot be spent: a relative error below 1e-5.

    Source: GetBlockSubsidy in Bitcoin Core's validation.cpp; BCH shares the schedule.
    """
    total, left, subsidy = 0, height + 1, SUBSIDY
    while left > 0 and subsidy > 0:
        mined = min(left, HALVING_INTERVAL)
        total += mined * subsidy
        left -= mined
        subsidy //= 2
    return total / SATOSHI


def next_halving(height: int) -> int:
    """Return the height of the first block after `height` whose subsidy is halved."""
    return (height // HALVING_INTERVAL + 1) * HALVING_INTERVAL


def halving_time(coin: Coin, height: int, now: datetime) -> datetime:
    """Return when the next halving is to be expected.

    BTC: 600 s for each block that is left. BCH: the ASERT schedule, 600 s a block since its anchor.

    Source: the subsidy halves every 210,000 blocks (GetBlockSubsidy in Bitcoin Core); specification 2020-11-15-asert.
    """
    target = next_halving(height)
    if coin is Coin.BCH:
        return ASERT_TIME + (target - ASERT_HEIGHT) * TARGET_SPACING
    return now + (target - height) * TARGET_SPACING


def payment_sat(coin: Coin, fee_rate: float) -> int:
    """Return what a typical payment costs in satoshis, rounded up, from sat/vB (sat/B)."""
    return fee_sat(PAYMENT_SIZE[coin], Decimal(repr(fee_rate)))


def payment_cost(coin: Coin, fee_rate: float, price: float) -> float:
    """Return what a typical payment costs in USD, from sat/vB (sat/B) and USD a coin; worked out in decimals."""
    return float(payment_sat(coin, fee_rate) * Decimal(repr(price)) / SATOSHI)
