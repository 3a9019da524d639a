"""What share of the work on both chains together goes into this one."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, compared


def _share(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    own, other = quotes
    return 100 * own.value / (own.value + other.value)


STATISTIC = Statistic(
    Stat(
        key="hashrate-share",
        topic="live-hashrate",
        title="Share of both",
        unit=Unit.SHARE,
        fresh_for=timedelta(minutes=10),
        keep_for=timedelta(hours=6),
        ask=(
            "what percent of sha256 hashrate is on bch",
            "btc share of the combined hash power",
            "how is the hashpower split between the two",
        ),
        names=("hashrate share", "hash rate share"),
    ),
    row=115,
    recipes=(compared(Metric.HASHRATE, by=_share),),
)
