"""How large the best block is."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="block-size",
        topic="live-block-time",
        title="Last block size",
        unit=Unit.BLOCK_BYTES,
        fresh_for=timedelta(seconds=30),
        keep_for=timedelta(hours=1),
        ask=(
            "how big was the last block",
            "size of the newest block in mb",
            "megabytes in the latest bch block",
        ),
        names=("block size", "block sizes"),
        has_ratio=True,
    ),
    row=84,
    recipes=(direct(Metric.BLOCK_SIZE),),
)
