"""The fee rate that gets a transaction into the next block."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="fee",
        topic="live-fee",
        title="Next-block fee",
        unit=Unit.FEE_RATE,
        fresh_for=timedelta(seconds=45),
        keep_for=timedelta(minutes=30),
        ask=(
            "bch fees?",
            "btc fee now",
            "current sat per byte",
            "sats/vb right now",
            "how high are fees today",
        ),
        names=("fee", "fees", "fee rate", "fee rates", "next block fee"),
        has_ratio=True,
    ),
    row=50,
    recipes=(direct(Metric.FEE),),
)
