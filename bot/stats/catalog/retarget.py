"""What the next adjustment will change; on BTC alone, as BCH adjusts with every block."""

from datetime import timedelta

from bot.model.quote import Coin, Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

EVERY_BLOCK = "its difficulty adjusts with every block, so no adjustment lies ahead"


STATISTIC = Statistic(
    Stat(
        key="retarget",
        topic="live-difficulty",
        title="Next adjustment",
        unit=Unit.PERCENT,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(hours=6),
        ask=(
            "next difficulty adjustment estimate",
            "will difficulty go up or down next time",
            "how much harder will mining btc get",
            "expected retarget in percent",
        ),
    ),
    row=122,
    recipes=(direct(Metric.RETARGET_CHANGE),),
    lacks={Coin.BCH: EVERY_BLOCK},
)
