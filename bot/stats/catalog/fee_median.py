"""What a middling transaction of the last day paid."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="median-fee",
        topic="live-fee",
        title="Median fee, 24 h",
        unit=Unit.SATOSHI,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(hours=6),
        ask=(
            "median transaction fee last 24 hours",
            "what did a typical tx pay today",
            "average fee paid over the past day",
        ),
        names=("median fee", "median fees"),
    ),
    row=56,
    recipes=(direct(Metric.MEDIAN_FEE),),
)
