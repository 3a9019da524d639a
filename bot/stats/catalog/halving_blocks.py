"""How many blocks are left before the next halving."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats import derive
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived


def _left(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    height = int(quotes[0].value)
    return derive.next_halving(height) - height


STATISTIC = Statistic(
    Stat(
        key="halving-blocks",
        topic="live-halving-eta",
        title="Blocks to the halving",
        unit=Unit.BLOCKS,
        fresh_for=timedelta(minutes=5),
        keep_for=timedelta(hours=6),
        ask=(
            "blocks left until halving",
            "how many blocks to the next halving",
        ),
    ),
    row=150,
    recipes=(derived(Metric.HEIGHT, by=_left),),
)
