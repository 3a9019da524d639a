"""What one coin costs in the other."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.metric import Metric, Need
from bot.stats.statistic import Recipe, Statistic

OTHER = {Coin.BTC: Coin.BCH, Coin.BCH: Coin.BTC}


def _both_prices(coin: Coin) -> tuple[Need, ...]:
    return (Metric.PRICE, coin), (Metric.PRICE, OTHER[coin])


def _one_over_other(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    own, other = quotes
    return own.value / other.value


STATISTIC = Statistic(
    Stat(
        key="ratio",
        topic="live-ratio",
        title="1 coin in the other",
        unit=Unit.BCH_PER_BTC,
        fresh_for=timedelta(minutes=1),
        keep_for=timedelta(hours=6),
        ask=(
            "bch btc ratio",
            "how many bch for 1 btc",
            "bch/btc rate",
            "what is one bitcoin cash worth in bitcoin",
        ),
        names=("ratio", "exchange ratio"),
    ),
    row=40,
    recipes=(Recipe(_both_prices, _one_over_other),),
)
