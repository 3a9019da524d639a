"""How many transactions wait for a block."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="mempool-count",
        topic="live-mempool",
        title="Mempool",
        unit=Unit.TRANSACTIONS,
        fresh_for=timedelta(seconds=45),
        keep_for=timedelta(hours=1),
        ask=(
            "mempool now",
            "how many unconfirmed transactions are there",
            "is the btc mempool full",
        ),
        names=("mempool", "mempool transactions", "unconfirmed transactions", "waiting transactions"),
        has_ratio=True,
    ),
    row=90,
    recipes=(direct(Metric.MEMPOOL_COUNT),),
)
