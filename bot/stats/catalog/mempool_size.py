"""How much room the waiting transactions take."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="mempool-size",
        topic="live-mempool",
        title="Mempool size",
        unit=Unit.BYTES,
        fresh_for=timedelta(seconds=45),
        keep_for=timedelta(hours=1),
        ask=(
            "mempool size",
            "how many mb are waiting in the mempool",
            "size of the backlog",
        ),
        names=("mempool size", "backlog", "size of mempool"),
        has_ratio=True,
    ),
    row=100,
    recipes=(direct(Metric.MEMPOOL_SIZE),),
)
