"""What a typical payment costs: its size times the fee rate times the price."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats import derive
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived


def _cost(coin: Coin, quotes: tuple[Quote, ...]) -> float:
    fee_rate, price = quotes
    return derive.payment_cost(coin, fee_rate.value, price.value)


STATISTIC = Statistic(
    Stat(
        key="payment-cost",
        topic="live-cost-of-payment",
        title="Typical payment",
        unit=Unit.USD,
        fresh_for=timedelta(minutes=1),
        keep_for=timedelta(minutes=30),
        ask=(
            "cost of sending btc now in dollars",
            "how many cents does a bch transaction cost today",
            "what would i pay to send 20 bucks right now",
        ),
        names=("cost", "costs", "payment cost", "payment costs", "transaction cost", "tx cost"),
        has_ratio=True,
    ),
    row=60,
    recipes=(derived(Metric.FEE, Metric.PRICE, by=_cost),),
)
