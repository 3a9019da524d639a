"""The hash rate of the network: a mean over a day (Blockchair, own nodes) or a week (explorers), as its source says."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="hashrate",
        topic="live-hashrate",
        title="Mean hash rate",
        unit=Unit.HASHES_PER_SECOND,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(hours=6),
        ask=(
            "current hashrate",
            "bch hash rate now",
            "how many exahash does btc have",
        ),
        names=("hashrate", "hash rate", "hash power", "hashpower", "hashing power"),
        has_ratio=True,
    ),
    row=110,
    recipes=(direct(Metric.HASHRATE),),
)
