"""How long a block took over the last day."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="block-interval",
        topic="live-block-time",
        title="Block interval, day",
        unit=Unit.INTERVAL,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(hours=6),
        ask=(
            "average block time today",
            "how fast are blocks coming in",
            "mean minutes between blocks right now",
            "are bch blocks slow today",
        ),
        names=("block interval", "block time", "block times"),
    ),
    row=82,
    recipes=(direct(Metric.BLOCK_INTERVAL),),
)
