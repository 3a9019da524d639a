"""How long ago the best block was found, by its header."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived


def _age(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    # A header may be up to two hours ahead of us.
    return max(0.0, quotes[0].observed_at.timestamp() - quotes[0].value)


STATISTIC = Statistic(
    Stat(
        key="block-age",
        topic="live-block-time",
        title="Last block",
        unit=Unit.SECONDS,
        fresh_for=timedelta(seconds=30),
        keep_for=timedelta(minutes=30),
        ask=(
            "when was the last block",
            "time since last bch block",
            "how long ago was the latest block found",
        ),
    ),
    row=80,
    recipes=(derived(Metric.TIP_TIME, by=_age),),
)
