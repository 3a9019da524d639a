"""How well mining one coin pays beside mining the other, with the same machine."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.catalog.mining_revenue import NEEDS, revenue
from bot.stats.statistic import Statistic, compared


def _ratio(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    half = len(NEEDS)
    return revenue(quotes[:half]) / revenue(quotes[half:])


STATISTIC = Statistic(
    Stat(
        key="mining-profit",
        topic="mining-profitability",
        title="Mining, beside the other",
        unit=Unit.TIMES,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(hours=6),
        ask=(
            "which of the two is more profitable to mine right now",
            "bch mining profit relative to btc",
            "better to mine btc or bch with my asic just now",
        ),
        names=("mining profit", "mining profitability", "profitability"),
    ),
    row=175,
    recipes=(compared(*NEEDS, by=_ratio),),
)
