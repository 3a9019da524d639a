"""What share of all coins there will ever be has been created."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats import derive
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived

ALL_COINS = 20_999_999.9769  # the sum of the subsidies of all blocks there can be


def _share(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return 100 * derive.supply(int(quotes[0].value)) / ALL_COINS


STATISTIC = Statistic(
    Stat(
        key="mined",
        topic="live-supply",
        title="Mined of the cap",
        unit=Unit.SHARE,
        fresh_for=timedelta(minutes=5),
        keep_for=timedelta(days=1),
        ask=(
            "percent of bitcoins already mined",
            "what fraction of the 21 million is out there by now",
            "how many percent are left to mine",
        ),
    ),
    row=132,
    recipes=(derived(Metric.HEIGHT, by=_share),),
)
