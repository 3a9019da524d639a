"""How many full blocks the waiting transactions would fill."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.limits import LEAST_LIMIT, MOST_VSIZE
from bot.stats.metric import Metric, Need
from bot.stats.statistic import Recipe, Statistic, derived


def _needs(coin: Coin) -> tuple[Need, ...]:
    size = (Metric.MEMPOOL_SIZE, coin)
    return (size,) if coin is Coin.BTC else (size, (Metric.BLOCK_LIMIT, coin))


def _blocks(coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return quotes[0].value / (MOST_VSIZE if coin is Coin.BTC else quotes[1].value)


def _blocks_at_most(coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return quotes[0].value / (MOST_VSIZE if coin is Coin.BTC else LEAST_LIMIT)


STATISTIC = Statistic(
    Stat(
        key="mempool-blocks",
        topic="live-mempool",
        title="Blocks waiting",
        unit=Unit.BLOCKS,
        fresh_for=timedelta(seconds=45),
        keep_for=timedelta(hours=1),
        ask=(
            "how many blocks to clear the mempool",
            "blocks worth of transactions waiting",
            "how long is the queue in blocks",
        ),
    ),
    row=105,
    recipes=(
        Recipe(_needs, _blocks),
        derived(Metric.MEMPOOL_SIZE, by=_blocks_at_most),
    ),
)
