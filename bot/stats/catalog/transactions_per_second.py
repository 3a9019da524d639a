"""How many transactions a second confirms, over the last day."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived

DAY = 86_400  # seconds


def _rate(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return quotes[0].value / DAY


STATISTIC = Statistic(
    Stat(
        key="transactions-per-second",
        topic="scaling-tps",
        title="Transactions a second",
        unit=Unit.TRANSACTIONS_PER_SECOND,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(days=1),
        ask=(
            "tps actually used right now",
            "current transactions per second on btc",
            "how many tx each second is bch doing at present",
        ),
        has_ratio=True,
    ),
    row=165,
    recipes=(derived(Metric.TRANSACTIONS, by=_rate),),
)
