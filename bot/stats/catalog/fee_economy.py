"""The fee rate for somebody in no hurry."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="fee-economy",
        topic="live-fee",
        title="Fee, no hurry",
        unit=Unit.FEE_RATE,
        fresh_for=timedelta(seconds=45),
        keep_for=timedelta(minutes=30),
        ask=(
            "cheapest fee that still goes through",
            "low priority fee rate at the moment",
            "economy fee",
            "what sats per vb when im not in a rush",
        ),
        has_ratio=True,
    ),
    row=54,
    recipes=(direct(Metric.FEE_ECONOMY),),
)
