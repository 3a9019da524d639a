"""What a petahash a second earns in a day, before electricity."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.catalog.subsidy import subsidy
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived

PETAHASH = 1e15  # hashes a second
DAY = 86_400  # seconds
WORK = 2**32  # hashes that a block takes at difficulty 1, on average
NEEDS = (Metric.HEIGHT, Metric.DIFFICULTY, Metric.BLOCK_FEES, Metric.PRICE)


def revenue(quotes: tuple[Quote, ...]) -> float:
    """Return USD for a PH/s and day from height, difficulty, fees a block in coins, and USD a coin.

    Source: en.bitcoin.it/wiki/Difficulty (a block takes difficulty * 2**32 hashes on average).
    """
    height, difficulty, fees, price = (quote.value for quote in quotes)
    return DAY * PETAHASH / (difficulty * WORK) * (subsidy(int(height)) + fees) * price


def _revenue(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return revenue(quotes)


STATISTIC = Statistic(
    Stat(
        key="mining-revenue",
        topic="mining-profitability",
        title="Mined per PH/s, day",
        unit=Unit.USD,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(hours=6),
        ask=(
            "how much does one petahash earn per day",
            "hashprice",
            "daily mining income of an asic in dollars",
            "what does a ph/s bring in today",
        ),
        names=("mining revenue", "hashprice", "hash price", "revenue"),
        has_ratio=True,
    ),
    row=170,
    recipes=(derived(*NEEDS, by=_revenue),),
)
