"""When the next halving is to be expected."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats import derive
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived


def _time(coin: Coin, quotes: tuple[Quote, ...]) -> float | None:
    height = quotes[0]
    if coin is Coin.BCH and height.value < derive.ASERT_HEIGHT:  # another network, or a node far behind
        return None
    return derive.halving_time(coin, int(height.value), height.observed_at).timestamp()


STATISTIC = Statistic(
    Stat(
        key="halving",
        topic="live-halving-eta",
        title="Next halving",
        unit=Unit.EPOCH_SECONDS,
        fresh_for=timedelta(minutes=5),
        keep_for=timedelta(days=1),
        ask=(
            "when is the next halving",
            "bch halving date",
            "days until the bitcoin halving",
        ),
    ),
    row=140,
    recipes=(derived(Metric.HEIGHT, by=_time),),
)
