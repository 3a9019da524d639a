"""What providers report: metrics, single readings of them, and the bounds outside which a reading is nonsense."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.quote import Coin


class Metric(StrEnum):
    """One quantity of one chain, in the unit given beside it."""

    PRICE = "price"  # USD
    CHANGE_24H = "change-24h"  # percent
    CHANGE_7D = "change-7d"  # percent
    MARKET_CAP = "market-cap"  # USD
    ALL_MARKET_CAP = "all-market-cap"  # USD, of all coins together; the same for both chains
    FEE = "fee"  # sat/vB on BTC, sat/B on BCH, to be in the next block
    FEE_HOUR = "fee-hour"  # the same, to be confirmed within about an hour
    FEE_ECONOMY = "fee-economy"  # the same, when there is no hurry
    MEDIAN_FEE = "median-fee"  # sat for a transaction, over the last 24 hours
    HEIGHT = "height"  # of the best block; the genesis block is 0
    TIP_TIME = "tip-time"  # seconds since 1970, as the best block's header says
    TIP_BITS = "tip-bits"  # the target of the best block in its compact form, as an integer
    BLOCK_SIZE = "block-size"  # B, of the best block
    BLOCK_WEIGHT = "block-weight"  # weight units, of the best block; BTC only
    BLOCK_LIMIT = "block-limit"  # B, of the next block; BCH only
    BLOCK_INTERVAL = "block-interval"  # seconds, mean over about a day
    MEMPOOL_COUNT = "mempool-count"  # transactions
    MEMPOOL_SIZE = "mempool-size"  # vB on BTC, B on BCH
    HASHRATE = "hashrate"  # H/s
    DIFFICULTY = "difficulty"
    RETARGET_CHANGE = "retarget-change"  # percent, of the next adjustment; BTC only
    RETARGET_TIME = "retarget-time"  # seconds since 1970; BTC only
    TRANSACTIONS = "transactions"  # in the last 24 hours, or the last 144 blocks
    BLOCK_FEES = "block-fees"  # coins a block, mean over about a day
    EUR = "eur"  # of this currency for one USD; the same for both chains, as are those below
    GBP = "gbp"
    JPY = "jpy"
    CHF = "chf"
    CAD = "cad"
    AUD = "aud"


CURRENCIES: Mapping[str, Metric] = {
    metric.name: metric for metric in (Metric.EUR, Metric.GBP, Metric.JPY, Metric.CHF, Metric.CAD, Metric.AUD)
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One number as a provider reported it; `observed_at` is when the provider says it was true."""

    value: float
    observed_at: datetime


Need = tuple[Metric, Coin]
Readings = Mapping[Need, Reading]

# A private test network has next to no work, so only zero is too little of it.
BOUNDS: Mapping[Metric, tuple[float, float]] = {
    Metric.PRICE: (0.01, 1e9),
    Metric.CHANGE_24H: (-100, 1_000),
    Metric.CHANGE_7D: (-100, 10_000),
    Metric.MARKET_CAP: (1e5, 1e16),
    Metric.ALL_MARKET_CAP: (1e8, 1e17),
    Metric.FEE: (0.01, 1e5),
    Metric.FEE_HOUR: (0.01, 1e5),
    Metric.FEE_ECONOMY: (0.01, 1e5),
    Metric.MEDIAN_FEE: (1, 1e8),
    Metric.HEIGHT: (1, 1e7),
    Metric.TIP_TIME: (1.2e9, 1e10),
    Metric.TIP_BITS: (0x01000001, 0x207FFFFF),
    Metric.BLOCK_SIZE: (80, 1e10),
    Metric.BLOCK_WEIGHT: (320, 4_000_000),
    Metric.BLOCK_LIMIT: (1e6, 1e11),
    Metric.BLOCK_INTERVAL: (1, 86_400),
    Metric.MEMPOOL_COUNT: (0, 1e8),
    Metric.MEMPOOL_SIZE: (0, 1e11),
    Metric.HASHRATE: (1e-6, 1e25),
    Metric.DIFFICULTY: (1e-10, 1e20),
    Metric.RETARGET_CHANGE: (-75, 300),
    Metric.RETARGET_TIME: (1.2e9, 1e10),
    Metric.TRANSACTIONS: (1, 1e10),
    Metric.BLOCK_FEES: (0, 1_000),
    **dict.fromkeys((Metric.EUR, Metric.GBP, Metric.CHF, Metric.CAD, Metric.AUD), (0.01, 100)),
    Metric.JPY: (1, 10_000),
}


def is_plausible(metric: Metric, value: float) -> bool:
    """Tell whether a value lies within the bounds of its metric; NaN never does."""
    low, high = BOUNDS[metric]
    return low <= value <= high
