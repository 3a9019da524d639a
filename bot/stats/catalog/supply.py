"""The coins created so far, by the subsidy schedule."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats import derive
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived


def _supply(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return derive.supply(int(quotes[0].value))


STATISTIC = Statistic(
    Stat(
        key="supply",
        topic="live-supply",
        title="Coins so far",
        unit=Unit.COINS,
        fresh_for=timedelta(minutes=5),
        keep_for=timedelta(days=1),
        ask=(
            "how many bitcoins exist right now",
            "circulating supply of bch",
            "coins mined so far",
        ),
    ),
    row=130,
    recipes=(derived(Metric.HEIGHT, by=_supply),),
)
