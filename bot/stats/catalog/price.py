"""The price of one coin."""

from datetime import timedelta

from bot.model.quote import Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, direct

STATISTIC = Statistic(
    Stat(
        key="price",
        topic="live-price",
        title="Price",
        unit=Unit.USD,
        fresh_for=timedelta(minutes=1),
        keep_for=timedelta(hours=6),
        ask=(
            "btc price",
            "price of bitcoin cash now",
            "how much is one bch in dollars",
            "what's bitcoin trading at",
        ),
        names=("price", "prices", "exchange rate", "value"),
        has_ratio=True,
    ),
    row=10,
    recipes=(direct(Metric.PRICE),),
)
