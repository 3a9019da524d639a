"""When the next adjustment is to be expected; on BTC alone."""

from datetime import timedelta

from bot.model.quote import Coin, Stat, Unit
from bot.stats.catalog.retarget import EVERY_BLOCK
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="retarget-date",
        topic="live-difficulty",
        title="Adjustment date",
        unit=Unit.EPOCH_SECONDS,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(hours=6),
        ask=(
            "when does the difficulty change next",
            "date of the next btc retarget",
            "days until the difficulty adjusts",
        ),
    ),
    row=124,
    recipes=(direct(Metric.RETARGET_TIME),),
    lacks={Coin.BCH: EVERY_BLOCK},
)
