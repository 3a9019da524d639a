"""What the next block creates for its miner, without fees."""

from datetime import timedelta

from bot.model.quote import Coin, Quote, Stat, Unit
from bot.stats import derive
from bot.stats.metric import Metric
from bot.stats.statistic import Statistic, derived


def subsidy(height: int) -> float:
    """Return the coins that the block after a height creates.

    Source: GetBlockSubsidy in Bitcoin Core's validation.cpp; BCH shares the schedule.
    """
    return (derive.SUBSIDY >> (height + 1) // derive.HALVING_INTERVAL) / derive.SATOSHI


def _subsidy(_coin: Coin, quotes: tuple[Quote, ...]) -> float:
    return subsidy(int(quotes[0].value))


STATISTIC = Statistic(
    Stat(
        key="subsidy",
        topic="live-supply",
        title="Block subsidy",
        unit=Unit.AMOUNT,
        fresh_for=timedelta(minutes=5),
        keep_for=timedelta(days=7),
        ask=(
            "current block reward",
            "new coins per block nowadays",
            "how many btc does a miner get per block today",
        ),
    ),
    row=135,
    recipes=(derived(Metric.HEIGHT, by=_subsidy),),
)
