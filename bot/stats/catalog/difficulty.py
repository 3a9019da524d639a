"""The difficulty of the current block."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="difficulty",
        topic="live-difficulty",
        title="Difficulty",
        unit=Unit.DIFFICULTY,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(hours=6),
        ask=(
            "current difficulty",
            "btc mining difficulty today",
            "bch difficulty now",
        ),
        names=("difficulty", "mining difficulty"),
        has_ratio=True,
    ),
    row=120,
    recipes=(direct(Metric.DIFFICULTY),),
)
