"""How far the price has moved in 24 hours."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="change-24h",
        topic="live-price",
        title="24 h change",
        unit=Unit.PERCENT,
        fresh_for=timedelta(minutes=2),
        keep_for=timedelta(hours=6),
        ask=(
            "is btc up or down today",
            "bch 24h change",
            "how much did bitcoin move since yesterday",
        ),
    ),
    row=20,
    recipes=(direct(Metric.CHANGE_24H),),
)
