"""The difficulty to come: of BCH's next block, by ASERT; on BTC after its next adjustment."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.asert import MAIN, next_bits
from bot.stats.header import difficulty
from bot.stats.metric import Metric, Need
from bot.stats.statistic import Recipe, Statistic

NEEDS = {Coin.BTC: (Metric.DIFFICULTY, Metric.RETARGET_CHANGE), Coin.BCH: (Metric.HEIGHT, Metric.TIP_TIME)}


def _needs(coin: Coin) -> tuple[Need, ...]:
    return tuple((metric, coin) for metric in NEEDS[coin])


def _next(coin: Coin, quotes: tuple[Quote, ...]) -> float | None:
    first, second = (quote.value for quote in quotes)
    if coin is Coin.BTC:
        return first * (1 + second / 100)
    if first < MAIN.height:  # another network, or a node far behind
        return None
    return difficulty(next_bits(int(first), int(second)))


STATISTIC = Statistic(
    Stat(
        key="next-difficulty",
        topic="live-difficulty",
        title="Difficulty to come",
        unit=Unit.DIFFICULTY,
        fresh_for=timedelta(minutes=1),
        keep_for=timedelta(hours=6),
        ask=(
            "difficulty of the next bch block",
            "what will the difficulty be after the adjustment",
            "asert difficulty right now",
        ),
    ),
    row=124,
    recipes=(Recipe(_needs, _next),),
)
