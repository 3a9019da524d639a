"""Market capitalisation: reported, or supply times price."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.derive import supply
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived, direct


def _supply_times_price(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    height, price = quotes
    return supply(int(height.value)) * price.value


STATISTIC = Statistic(
    Stat(
        key="market-cap",
        topic="live-marketcap",
        title="Market cap",
        unit=Unit.USD,
        fresh_for=timedelta(minutes=2),
        keep_for=timedelta(hours=6),
        ask=(
            "btc market cap",
            "market capitalization of bch right now",
            "how big is bitcoin cash in billions",
        ),
        names=("market cap", "marketcap", "cap", "capitalisation", "capitalization"),
        has_ratio=True,
    ),
    row=30,
    recipes=(
        direct(Metric.MARKET_CAP),
        derived(Metric.HEIGHT, Metric.PRICE, by=_supply_times_price),
    ),
)
