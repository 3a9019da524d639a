"""What sources say about a metric, and what a recipe makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.errors import SourceError
from bot.model.quote import Coin, Missing, Quality, Quote, worst
from bot.stats.endpoint import Origin
from bot.stats.header import AHEAD
from bot.stats.metric import Metric, Need, Readings, is_plausible
from bot.stats.statistic import Recipe
from bot.stats.trust import root, signed

CURRENT = timedelta(minutes=15)  # beyond this a source's own number is passed over for a younger one


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an endpoint said, or why it said nothing, and when."""

    outcome: Readings | SourceError
    at: datetime


@dataclass(slots=True)
class Heard:
    """What sources say about one metric, best source first: current numbers, old ones, and why others say nothing."""

    current: list[Quote] = field(default_factory=list)
    late: list[Quote] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    roots: set[str] = field(default_factory=set)

    def add(self, origin: Origin, need: Need, fetched: Fetched, quality: Quality) -> None:
        """Note what a source says; one that only repeats another is no further voice."""
        voice = root(origin.provider, need[0])
        quote = _quoted(need, origin, fetched, quality)
        if isinstance(quote, Missing):
            self.reasons[origin.source] = quote.reason
        elif fetched.at - quote.observed_at > CURRENT:
            self.late.append(quote)
        elif voice not in self.roots:
            self.roots.add(voice)
            self.current.append(quote)


def _quoted(need: Need, origin: Origin, fetched: Fetched, quality: Quality) -> Quote | Missing:
    if isinstance(fetched.outcome, SourceError):
        return Missing(str(fetched.outcome))
    reading = fetched.outcome.get(need)
    if reading is None:
        return Missing("did not give it")
    if not is_plausible(need[0], reading.value):
        return Missing("gave an implausible number")
    if need[0] is Metric.TIP_TIME and reading.value > (fetched.at + AHEAD).timestamp():
        return Missing("gave a time from the future")
    source = signed(origin.source, origin.provider, need[0])
    # A provider's clock may run ahead of ours.
    return Quote(reading.value, source, min(reading.observed_at, fetched.at), fetched.at, quality)


def cooked(recipe: Recipe, coin: Coin, sides: Sequence[Quote | Missing]) -> Quote | Missing:
    """Return the value of a recipe, or why what it needs is missing."""
    quotes = tuple(side for side in sides if isinstance(side, Quote))
    if len(quotes) == len(sides):
        return _combined(recipe, coin, quotes)
    return next(side for side in sides if isinstance(side, Missing))


def _combined(recipe: Recipe, coin: Coin, quotes: tuple[Quote, ...]) -> Quote | Missing:
    """Return the value of a recipe with all its sources, the age of the oldest and the quality of the worst."""
    value = recipe.compute(coin, quotes)
    sources = " + ".join(dict.fromkeys(quote.source for quote in quotes))
    if value is None:
        return Missing(f"does not follow from what {sources} gave")
    if not recipe.is_derived:
        return replace(quotes[0], value=value)
    combined = Quote(
        value,
        sources,
        min(quote.observed_at for quote in quotes),
        min(quote.fetched_at for quote in quotes),
        worst(quotes),
    )
    if combined.quality is not Quality.DISPUTED:
        return combined
    other = _combined(recipe, coin, tuple(replace(one.other or one, other=None) for one in quotes))
    return replace(combined, other=other) if isinstance(other, Quote) else combined
