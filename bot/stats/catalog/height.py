"""The height of the best block."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="height",
        topic="live-height",
        title="Block height",
        unit=Unit.HEIGHT,
        fresh_for=timedelta(seconds=30),
        keep_for=timedelta(hours=6),
        ask=(
            "current block height",
            "bch height",
            "what block are we on",
            "latest block number btc",
        ),
    ),
    row=70,
    recipes=(direct(Metric.HEIGHT),),
)
