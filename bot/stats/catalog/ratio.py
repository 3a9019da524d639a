"""What one coin costs in the other."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, compared


def _one_over_other(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    own, other = quotes
    return own.value / other.value


STATISTIC = Statistic(
    Stat(
        key="ratio",
        topic="live-ratio",
        title="1 coin in the other",
        unit=Unit.BCH_PER_BTC,
        fresh_for=timedelta(minutes=1),
        keep_for=timedelta(hours=6),
        ask=(
            "bch btc ratio",
            "how many bch for 1 btc",
            "bch/btc rate",
            "what is one bitcoin cash worth in bitcoin",
        ),
        names=("ratio", "exchange ratio"),
    ),
    row=40,
    recipes=(compared(Metric.PRICE, by=_one_over_other),),
)
