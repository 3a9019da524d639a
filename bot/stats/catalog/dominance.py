"""What share of the value of all coins together is this coin."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived


def _share(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    own, everything = quotes
    return 100 * own.value / everything.value


STATISTIC = Statistic(
    Stat(
        key="dominance",
        topic="live-marketcap",
        title="Dominance",
        unit=Unit.SHARE,
        fresh_for=timedelta(minutes=15),
        keep_for=timedelta(hours=12),
        ask=(
            "bitcoin dominance",
            "btc dominance percentage today",
            "how much of the whole crypto market is bch",
            "share of total crypto cap",
        ),
        names=("dominance", "market share"),
        has_ratio=True,
    ),
    row=35,
    recipes=(derived(Metric.MARKET_CAP, Metric.ALL_MARKET_CAP, by=_share),),
)
