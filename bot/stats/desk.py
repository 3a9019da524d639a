"""Looks statistics up, and never raises because of a source.

A number comes fresh from the cache, else is fetched once for all who ask, else comes from the next source, else is the
last known one with its age, else is missing with the reason.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.errors import SourceError
from bot.model.clock import Clock
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot, Stat, Unit, worst
from bot.model.series import Point
from bot.model.source import SourceState
from bot.stats.catalog import CATALOG
from bot.stats.endpoint import Origin
from bot.stats.header import AHEAD
from bot.stats.local import LOCAL_PRICES
from bot.stats.metric import CURRENCIES, Metric, Need, Readings, is_plausible
from bot.stats.past import LONGEST as LONGEST_PAST
from bot.stats.past import PastPrices
from bot.stats.providers import ROUTES
from bot.stats.settings import ProviderSettings
from bot.stats.source import Source
from bot.stats.statistic import Recipe, Statistic
from bot.stats.trust import TOLERANCES, is_settled, root, settle, signed

SKIP_FOR = timedelta(seconds=30)  # an answer that could not be used is not asked for again at once
CURRENT = timedelta(minutes=15)  # beyond this a source's own number is passed over for a younger one
PAST_FRESH_FOR = timedelta(minutes=30)
RATE = Stat("rate", "", "Exchange rate", Unit.USD, timedelta(minutes=10), timedelta(days=2), ())
LOOK_UP = timedelta(seconds=1.45)  # of one statistic over all its sources; with the program's start below 3 s
PATIENCE = timedelta(seconds=0.7)  # with one source, before the next is asked; its answer still counts when it comes

SLOW = SourceError("is slow")
BY_KEY = {**CATALOG, **{one.stat.key: one for one in LOCAL_PRICES.values()}}


@dataclass(frozen=True, slots=True)
class Habits:
    """How long a look-up over all its sources may take, how long one source, and what is said where there are none."""

    look_up: timedelta = LOOK_UP
    nobody: str = "no source is enabled"
    patience: timedelta = PATIENCE


USUAL = Habits()


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


class Desk:
    """Gives snapshots of statistics; one for the whole program.

    Args:
        sources: those that may be asked, the first ones first.
        clock: the time.
        habits: see there.
        known: numbers known from before, shown with their age where no source answers.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        clock: Clock,
        habits: Habits,
        known: Mapping[Need, Quote] | None = None,
    ) -> None:
        self._sources = sources
        self._clock = clock
        self._habits = habits
        self._cache: dict[Origin, Fetched] = {}
        self._flights: dict[Origin, asyncio.Task[Fetched]] = {}
        self._known: dict[Need, Quote] = dict(known or {})
        self._past_prices: dict[PastPrices, tuple[datetime, tuple[Point, ...]]] = {}
        self._routes = {
            need: sorted(
                (one for one in route if one.provider in sources), key=lambda one: sources[one.provider].priority
            )
            for need, route in ROUTES.items()
        }

    async def snapshots(self, keys: Collection[str]) -> tuple[Snapshot, ...]:
        """Return the statistics of those keys for both coins, looked up side by side; never raises for a source."""
        return tuple(await asyncio.gather(*(self._snapshot(key) for key in keys)))

    async def rate(self, currency: str) -> Quote | Missing:
        """Return how much of a currency, by its name in `CURRENCIES`, one USD is."""
        until = asyncio.get_running_loop().time() + self._habits.look_up.total_seconds()
        return await self._quote((CURRENCIES[currency], Coin.BTC), RATE, until)

    async def past_prices(self, span: timedelta) -> Mapping[Coin, tuple[Point, ...]]:
        """Return the prices in USD of both coins as far back as that, oldest first; none where they cannot be had."""
        days = max(1, -(-min(span, LONGEST_PAST) // timedelta(days=1)))
        found = await asyncio.gather(*(self._past(PastPrices(coin, days)) for coin in Coin))
        return dict(zip(Coin, found, strict=True))

    async def _past(self, asked: PastPrices) -> tuple[Point, ...]:
        known = self._past_prices.get(asked)
        if known and self._clock() - known[0] < PAST_FRESH_FOR:
            return known[1]
        source = self._sources.get(asked.provider)
        if source is None:
            return ()
        try:
            points = await source.answer(asked)
        except SourceError:
            return known[1] if known else ()
        self._past_prices[asked] = self._clock(), points
        return points

    @property
    def known(self) -> Mapping[Need, Quote]:
        """The last number of each metric that a source gave."""
        return dict(self._known)

    @property
    def states(self) -> tuple[SourceState, ...]:
        """How each source is doing."""
        return tuple(source.state for source in self._sources.values())

    async def aclose(self) -> None:
        """Give up what is under way and close the connections."""
        flights = tuple(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
        for source in self._sources.values():
            await source.aclose()

    async def _snapshot(self, key: str) -> Snapshot:
        statistic = BY_KEY[key]
        sides = await asyncio.gather(*(self._side(statistic, coin) for coin in Coin))
        return Snapshot(statistic.stat, dict(zip(Coin, sides, strict=True)))

    async def _side(self, statistic: Statistic, coin: Coin) -> Quote | Missing:
        """Return the first recipe's number that is no older than it may be; the reason given is the first recipe's."""
        if coin in statistic.lacks:
            return Missing(statistic.lacks[coin])
        sides: list[Quote | Missing] = []
        until = asyncio.get_running_loop().time() + self._habits.look_up.total_seconds()
        for recipe in statistic.recipes:
            side = await self._cook(statistic.stat, recipe, coin, until)
            if isinstance(side, Quote) and side.quality is not Quality.LAST_KNOWN:
                return side
            sides.append(side)
        return next((side for side in sides if isinstance(side, Quote)), sides[0])

    async def _cook(self, stat: Stat, recipe: Recipe, coin: Coin, until: float) -> Quote | Missing:
        quotes: list[Quote] = []
        for side in await asyncio.gather(*(self._quote(need, stat, until) for need in recipe.needs(coin))):
            if isinstance(side, Missing):
                return side
            quotes.append(side)
        return _combined(recipe, coin, tuple(quotes))

    async def _quote(self, need: Need, stat: Stat, until: float) -> Quote | Missing:
        """Return one metric of one coin: what its sources agree on, else the last known, else why there is none."""
        heard = Heard()
        try:
            async with asyncio.timeout_at(until):
                await self._ask_round(need, stat, heard)
        except TimeoutError:
            heard.reasons["other sources"] = "not asked for want of time"
        known = self._known.get(need)
        if heard.current:
            quote = settle(need, heard.current, known)
            if quote.quality is not Quality.DISPUTED:
                self._known[need] = quote
            return quote
        now = self._clock()
        late = [one for one in (*heard.late, known) if one and now - one.observed_at <= stat.keep_for]
        if late:
            return replace(max(late, key=lambda one: one.observed_at), quality=Quality.LAST_KNOWN)
        too_old = {one.source: "gave a number that is too old" for one in heard.late}
        reasons = ", ".join(f"{source} {reason}" for source, reason in (too_old | heard.reasons).items())
        return Missing(reasons or self._habits.nobody)

    async def _ask_round(self, need: Need, stat: Stat, heard: Heard) -> None:
        """Ask one source after the other until what they say is settled; one that is slow is not asked elsewhere."""
        route = self._routes.get(need, ())
        slow: set[str] = set()
        first = 2 if need[0] in TOLERANCES else 1  # those that are surely needed are asked side by side
        for batch in (route[:first], *((one,) for one in route[first:])):
            asked = [origin for origin in batch if origin.provider not in slow]
            answers = await asyncio.gather(*(self._fetched(origin, stat.fresh_for) for origin in asked))
            for origin, (fetched, is_cached) in zip(asked, answers, strict=True):
                if fetched.outcome is SLOW:
                    slow.add(origin.provider)
                heard.add(origin, need, fetched, Quality.CACHED if is_cached else Quality.LIVE)
            if is_settled(need, heard.current):
                return

    async def _fetched(self, origin: Origin, fresh_for: timedelta) -> tuple[Fetched, bool]:
        """Return an origin's answer, and whether it was fetched before; all who ask meanwhile share one request."""
        known = self._cache.get(origin)
        if known and self._clock() - known.at < (SKIP_FOR if isinstance(known.outcome, SourceError) else fresh_for):
            return known, True
        flight = self._flights.get(origin)
        if flight is None:
            flight = self._flights[origin] = asyncio.create_task(self._fly(origin))
            flight.add_done_callback(lambda _: self._flights.pop(origin, None))
        try:
            async with asyncio.timeout(self._habits.patience.total_seconds()):
                return await asyncio.shield(flight), False
        except TimeoutError:
            return Fetched(SLOW, self._clock()), False

    async def _fly(self, origin: Origin) -> Fetched:
        try:
            outcome: Readings | SourceError = await self._sources[origin.provider].answer(origin)
        except SourceError as error:
            outcome = error
        fetched = self._cache[origin] = Fetched(outcome, self._clock())
        return fetched


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


def open_desk(
    providers: Mapping[str, ProviderSettings],
    clock: Clock,
    *,
    offline: bool = False,
    habits: Habits = USUAL,
    known: Mapping[Need, Quote] | None = None,
) -> Desk:
    """Return a desk over those providers; close it with `aclose`."""
    in_use = {} if offline else {name: one for name, one in providers.items() if one.enabled}
    sources = {name: Source(name, one, clock) for name, one in in_use.items()}
    return Desk(sources, clock, replace(habits, nobody="offline") if offline else habits, known)
