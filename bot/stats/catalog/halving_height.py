"""The block that will halve the subsidy next."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats import derive
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived


def _height(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return derive.next_halving(int(quotes[0].value))


STATISTIC = Statistic(
    Stat(
        key="halving-height",
        topic="live-halving-eta",
        title="Halving at block",
        unit=Unit.HEIGHT,
        fresh_for=timedelta(minutes=5),
        keep_for=timedelta(days=7),
        ask=(
            "block height of the next halving",
            "at which block does the reward halve",
            "halving block number",
        ),
    ),
    row=155,
    recipes=(derived(Metric.HEIGHT, by=_height),),
)
