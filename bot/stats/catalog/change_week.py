"""How far the price has moved in seven days."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="change-7d",
        topic="live-price",
        title="7 d change",
        unit=Unit.PERCENT,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(hours=12),
        ask=(
            "how did btc do this week",
            "bch weekly change",
            "up or down over the last seven days",
            "what has bitcoin gained since last week",
        ),
    ),
    row=25,
    recipes=(direct(Metric.CHANGE_7D),),
)
