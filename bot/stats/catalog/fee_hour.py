"""The fee rate that gets a transaction confirmed within about an hour."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="fee-hour",
        topic="live-fee",
        title="Fee, about 1 h",
        unit=Unit.FEE_RATE,
        fresh_for=timedelta(seconds=45),
        keep_for=timedelta(minutes=30),
        ask=(
            "sat per vbyte to confirm within an hour",
            "fee if i can wait an hour",
            "how many sats per byte for six blocks",
        ),
        has_ratio=True,
    ),
    row=52,
    recipes=(direct(Metric.FEE_HOUR),),
)
