"""What a typical payment costs in satoshi: its size times the fee rate, rounded up."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats import derive
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived


def _satoshi(coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return derive.payment_sat(coin, quotes[0].value)


STATISTIC = Statistic(
    Stat(
        key="payment-sat",
        topic="live-cost-of-payment",
        title="Typical payment, sat",
        unit=Unit.SATOSHI,
        fresh_for=timedelta(minutes=1),
        keep_for=timedelta(minutes=30),
        ask=(
            "how many sats does sending a payment cost",
            "fee in satoshis for a normal transaction",
            "total sats for one plain transfer",
        ),
    ),
    row=58,
    recipes=(derived(Metric.FEE, by=_satoshi),),
)
