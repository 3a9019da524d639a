"""How much of its limit the best block uses: of weight on BTC, of bytes on BCH."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.limits import weight_or_bytes
from bot.stats.metric import Metric, Need
from bot.stats.statistic import Recipe, Statistic


def _sizes(coin: Coin) -> tuple[Need, ...]:
    if coin is Coin.BTC:
        return ((Metric.BLOCK_WEIGHT, coin),)
    return (Metric.BLOCK_SIZE, coin), (Metric.BLOCK_LIMIT, coin)


def _share(coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return 100 * quotes[0].value / weight_or_bytes(coin, quotes[-1].value)


def _share_of_least(coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return 100 * quotes[0].value / weight_or_bytes(coin)


STATISTIC = Statistic(
    Stat(
        key="block-fullness",
        topic="live-block-time",
        title="Last block filled",
        unit=Unit.SHARE,
        fresh_for=timedelta(seconds=30),
        keep_for=timedelta(hours=1),
        ask=(
            "how full was the last block",
            "are btc blocks full right now",
            "percent of the limit the newest block used",
            "how empty are bch blocks at the moment",
        ),
        names=("block fullness", "fullness"),
    ),
    row=86,
    recipes=(
        Recipe(_sizes, _share),
        Recipe(lambda coin: _sizes(coin)[:1], _share_of_least),
    ),
)
