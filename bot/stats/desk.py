"""Looks statistics up, and never raises because of a source.

A number comes fresh from the cache, else is fetched once for all who ask, else comes from the next source, else is the
last known one with its age, else is missing with the reason.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import SourceError
from bot.model.clock import Clock
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot, Stat, Unit
from bot.model.series import Point
from bot.model.source import SourceState
from bot.stats.catalog import CATALOG
from bot.stats.endpoint import Origin
from bot.stats.heard import Fetched, Heard, cooked
from bot.stats.local import LOCAL_PRICES
from bot.stats.metric import CURRENCIES, Need, Readings
from bot.stats.past import LONGEST as LONGEST_PAST
from bot.stats.past import PastPrices
from bot.stats.providers import ROUTES
from bot.stats.settings import ProviderSettings
from bot.stats.source import Source
from bot.stats.statistic import Statistic
from bot.stats.trust import TOLERANCES, is_settled, settle

SKIP_FOR = timedelta(seconds=30)  # an answer that could not be used is not asked for again at once
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
        sides = [(key, coin) for key in keys for coin in Coin]
        found = {side: self._side(BY_KEY[side[0]], side[1], {}) for side in sides}
        known = {side: one for side, one in found.items() if not isinstance(one, frozenset)}
        if wanted := [side for side in sides if side not in known]:
            asked = await asyncio.gather(*(self._asked_side(BY_KEY[key], coin) for key, coin in wanted))
            known.update(zip(wanted, asked, strict=True))
        return tuple(Snapshot(BY_KEY[key].stat, {coin: known[key, coin] for coin in Coin}) for key in keys)

    async def rate(self, currency: str) -> Quote | Missing:
        """Return how much of a currency, by its name in `CURRENCIES`, one USD is."""
        until = asyncio.get_running_loop().time() + self._habits.look_up.total_seconds()
        return await self._asked((CURRENCIES[currency], Coin.BTC), RATE, until)

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

    async def _asked_side(self, statistic: Statistic, coin: Coin) -> Quote | Missing:
        """Return one side, asking for what is not at hand, round by round."""
        until = asyncio.get_running_loop().time() + self._habits.look_up.total_seconds()
        quotes: dict[Need, Quote | Missing] = {}
        while isinstance(side := self._side(statistic, coin, quotes), frozenset):
            found = await asyncio.gather(*(self._asked(need, statistic.stat, until) for need in side))
            quotes.update(zip(side, found, strict=True))
        return side

    def _side(
        self, statistic: Statistic, coin: Coin, quotes: Mapping[Need, Quote | Missing]
    ) -> Quote | Missing | frozenset[Need]:
        """Return the first recipe's number that is no older than it may be, or what must be asked for first.

        Where no recipe has one, the reason given is the first recipe's. `quotes` is what was asked for already.
        """
        if coin in statistic.lacks:
            return Missing(statistic.lacks[coin])
        sides: list[Quote | Missing] = []
        for recipe in statistic.recipes:
            needs = recipe.needs(coin)
            found = [quotes.get(need) or self._at_hand(need, statistic.stat) for need in needs]
            known = [quote for quote in found if quote]
            if len(known) < len(needs):
                return frozenset(need for need, quote in zip(needs, found, strict=True) if quote is None)
            side = cooked(recipe, coin, known)
            if isinstance(side, Quote) and side.quality is not Quality.LAST_KNOWN:
                return side
            sides.append(side)
        return next((side for side in sides if isinstance(side, Quote)), sides[0])

    def _at_hand(self, need: Need, stat: Stat) -> Quote | Missing | None:
        """Return one metric of one coin from answers that are fresh; None if more of them are needed."""
        heard = Heard()
        for batch in self._batches(need):
            known = [self._fresh(origin, stat.fresh_for) for origin in batch]
            for origin, fetched in zip(batch, known, strict=True):
                if fetched is None:
                    return None
                heard.add(origin, need, fetched, Quality.CACHED)
            if is_settled(need, heard.current):
                break
        return self._weighed(need, stat, heard)

    async def _asked(self, need: Need, stat: Stat, until: float) -> Quote | Missing:
        """Return one metric of one coin, for which sources are asked."""
        heard = Heard()
        try:
            async with asyncio.timeout_at(until):
                await self._ask_round(need, stat, heard)
        except TimeoutError:
            heard.reasons["other sources"] = "not asked for want of time"
        return self._weighed(need, stat, heard)

    def _weighed(self, need: Need, stat: Stat, heard: Heard) -> Quote | Missing:
        """Return what the sources agree on, else the last known, else why there is none."""
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

    def _batches(self, need: Need) -> Iterator[Sequence[Origin]]:
        """Yield who is asked, one after the other; those that are surely needed are asked side by side."""
        route = self._routes.get(need, ())
        first = 2 if need[0] in TOLERANCES else 1
        yield route[:first]
        yield from ((one,) for one in route[first:])

    async def _ask_round(self, need: Need, stat: Stat, heard: Heard) -> None:
        """Ask until what the sources say is settled; one that is slow is not asked elsewhere."""
        slow: set[str] = set()
        for batch in self._batches(need):
            asked = [origin for origin in batch if origin.provider not in slow]
            answers = await asyncio.gather(*(self._fetched(origin, stat.fresh_for) for origin in asked))
            for origin, (fetched, is_cached) in zip(asked, answers, strict=True):
                if fetched.outcome is SLOW:
                    slow.add(origin.provider)
                heard.add(origin, need, fetched, Quality.CACHED if is_cached else Quality.LIVE)
            if is_settled(need, heard.current):
                return

    def _fresh(self, origin: Origin, fresh_for: timedelta) -> Fetched | None:
        """Return an origin's answer where it need not be asked for again yet."""
        known = self._cache.get(origin)
        if known and self._clock() - known.at < (SKIP_FOR if isinstance(known.outcome, SourceError) else fresh_for):
            return known
        return None

    async def _fetched(self, origin: Origin, fresh_for: timedelta) -> tuple[Fetched, bool]:
        """Return an origin's answer, and whether it was fetched before; all who ask meanwhile share one request."""
        if known := self._fresh(origin, fresh_for):
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
