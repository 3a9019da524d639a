"""How many transactions a day confirms."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="transactions",
        topic="scaling-tps",
        title="Transactions a day",
        unit=Unit.TRANSACTIONS,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(days=1),
        ask=(
            "number of transactions in the last 24 hours",
            "daily transaction count of bch",
            "how many transactions went through today",
        ),
        names=("transactions", "transactions a day", "transactions per day", "tx", "txs", "usage"),
        has_ratio=True,
    ),
    row=160,
    recipes=(direct(Metric.TRANSACTIONS),),
)
