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
    MARKET_CAP = "market-cap"  # USD
    FEE = "fee"  # sat/vB on BTC, sat/B on BCH, to be in the next block
    HEIGHT = "height"  # of the best block; the genesis block is 0
    TIP_TIME = "tip-time"  # seconds since 1970, as the best block's header says
    MEMPOOL_COUNT = "mempool-count"  # transactions
    MEMPOOL_SIZE = "mempool-size"  # vB on BTC, B on BCH
    HASHRATE = "hashrate"  # H/s
    DIFFICULTY = "difficulty"


@dataclass(frozen=True, slots=True)
class Reading:
    """One number as a provider reported it; `observed_at` is when the provider says it was true."""

    value: float
    observed_at: datetime


Need = tuple[Metric, Coin]
Readings = Mapping[Need, Reading]

BOUNDS: Mapping[Metric, tuple[float, float]] = {
    Metric.PRICE: (0.01, 1e9),
    Metric.CHANGE_24H: (-100, 1_000),
    Metric.MARKET_CAP: (1e5, 1e16),
    Metric.FEE: (0.01, 1e5),
    Metric.HEIGHT: (1, 1e7),
    Metric.TIP_TIME: (1.2e9, 1e10),
    Metric.MEMPOOL_COUNT: (0, 1e8),
    Metric.MEMPOOL_SIZE: (0, 1e11),
    Metric.HASHRATE: (1e9, 1e25),
    Metric.DIFFICULTY: (1, 1e20),
}


def is_plausible(metric: Metric, value: float) -> bool:
    """Tell whether a value lies within the bounds of its metric; NaN never does."""
    low, high = BOUNDS[metric]
    return low <= value <= high
