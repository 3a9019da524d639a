"""A statistic with the recipe for it: which metrics it needs and how its value follows from them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.model.quote import Coin, Quote, Stat
from bot.stats.metric import Metric, Need

Compute = Callable[[Coin, tuple[Quote, ...]], float | None]  # None where nothing follows from such numbers


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a value is got: the metrics needed for one coin, and the formula over their quotes, in that order."""

    needs: Callable[[Coin], tuple[Need, ...]]
    compute: Compute
    is_derived: bool = True


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic and its recipes, the first that works winning; `row` is its place in the list of all.

    `lacks` says why a chain cannot have it, in words for readers; nobody is asked for such a side.
    """

    stat: Stat
    row: int
    recipes: tuple[Recipe, ...]
    lacks: Mapping[Coin, str] = field(default_factory=dict)


def direct(metric: Metric) -> Recipe:
    """Return the recipe that takes a metric as it is."""
    return Recipe(lambda coin: ((metric, coin),), lambda _coin, quotes: quotes[0].value, is_derived=False)


def derived(*metrics: Metric, by: Compute) -> Recipe:
    """Return the recipe that computes a value from metrics of the same coin."""
    return Recipe(lambda coin: tuple((metric, coin) for metric in metrics), by)


OTHER = {Coin.BTC: Coin.BCH, Coin.BCH: Coin.BTC}


def compared(*metrics: Metric, by: Compute) -> Recipe:
    """Return the recipe that computes a value from metrics of the coin, then the same metrics of the other one."""
    return Recipe(
        lambda coin: (*((metric, coin) for metric in metrics), *((metric, OTHER[coin]) for metric in metrics)), by
    )
