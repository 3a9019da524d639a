"""How large the next block may be: in weight units on BTC, in bytes on BCH."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.limits import weight_or_bytes
from bot.stats.metric import Metric, Need
from bot.stats.statistic import Recipe, Statistic, derived


def _needs(coin: Coin) -> tuple[Need, ...]:
    return ((Metric.HEIGHT if coin is Coin.BTC else Metric.BLOCK_LIMIT, coin),)


def _limit(coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return weight_or_bytes(coin, quotes[0].value)


def _least(coin: Coin, _quotes: tuple[Quote, ...]) -> float:
    return weight_or_bytes(coin)


STATISTIC = Statistic(
    Stat(
        key="block-limit",
        topic="block-size-limit",
        title="Block limit",
        unit=Unit.BLOCK_ROOM,
        fresh_for=timedelta(hours=1),
        keep_for=timedelta(days=7),
        ask=(
            "block limit in force now",
            "how big may the next bch block be",
            "present maximum block weight and size",
        ),
    ),
    row=88,
    recipes=(
        Recipe(_needs, _limit),
        derived(Metric.HEIGHT, by=_least),
    ),
)
