"""Looks statistics up, and never raises because of a source.

A number comes fresh from the cache, else is fetched once for all who ask, else comes from the next source, else is the
last known one with its age, else is missing with the reason.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from pydantic import ValidationError

from bot.errors import SourceDownError, SourceError
from bot.model.clock import Clock
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot, Stat
from bot.stats.catalog import CATALOG
from bot.stats.endpoint import Endpoint
from bot.stats.fetch import Fetch
from bot.stats.metric import Need, Readings, is_plausible
from bot.stats.providers import ROUTES, ProviderSettings
from bot.stats.statistic import Recipe

SKIP_FOR = timedelta(seconds=30)  # a source that just failed is not asked again at once
CURRENT = timedelta(minutes=15)  # beyond this a source's own number is passed over for a younger one
OFFLINE = Missing("offline")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one answer of a source, and one look-up over all its sources, may take."""

    request: timedelta = timedelta(seconds=2)
    look_up: timedelta = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an endpoint said, or why it said nothing, and when."""

    outcome: Readings | SourceError
    at: datetime


class Desk:
    """Gives snapshots of statistics; one for the whole program."""

    def __init__(
        self, providers: Mapping[str, ProviderSettings], fetch: Fetch, clock: Clock, patience: Patience
    ) -> None:
        self._providers = providers
        self._fetch = fetch
        self._clock = clock
        self._patience = patience
        self._cache: dict[Endpoint, Fetched] = {}
        self._flights: dict[Endpoint, asyncio.Task[Fetched]] = {}
        self._down: dict[str, Fetched] = {}
        self._last_known: dict[Need, Quote] = {}

    async def snapshots(self, keys: Collection[str]) -> tuple[Snapshot, ...]:
        """Return the statistics of those keys for both coins, looked up side by side; never raises for a source."""
        return tuple(await asyncio.gather(*(self._snapshot(key) for key in keys)))

    async def aclose(self) -> None:
        """Give up what is under way and close the connections."""
        flights = tuple(self._flights.values())
        for flight in flights:
            flight.cancel()
        await asyncio.gather(*flights, return_exceptions=True)
        await self._fetch.aclose()

    async def _snapshot(self, key: str) -> Snapshot:
        stat, recipes = CATALOG[key].stat, CATALOG[key].recipes
        sides = await asyncio.gather(*(self._side(stat, recipes, coin) for coin in Coin))
        return Snapshot(stat, dict(zip(Coin, sides, strict=True)))

    async def _side(self, stat: Stat, recipes: tuple[Recipe, ...], coin: Coin) -> Quote | Missing:
        """Return the first recipe's number that is no older than it may be; the reason given is the first recipe's."""
        sides: list[Quote | Missing] = []
        for recipe in recipes:
            side = await self._cook(stat, recipe, coin)
            if isinstance(side, Quote) and side.quality is not Quality.LAST_KNOWN:
                return side
            sides.append(side)
        return next((side for side in sides if isinstance(side, Quote)), sides[0])

    async def _cook(self, stat: Stat, recipe: Recipe, coin: Coin) -> Quote | Missing:
        quotes: list[Quote] = []
        for side in await asyncio.gather(*(self._quote(need, stat) for need in recipe.needs(coin))):
            if isinstance(side, Missing):
                return side
            quotes.append(side)
        return _combined(recipe, coin, tuple(quotes))

    async def _quote(self, need: Need, stat: Stat) -> Quote | Missing:
        """Return one metric of one coin: from the first source that has a current number, else the last known."""
        reasons: dict[str, str] = {}
        try:
            async with asyncio.timeout(self._patience.look_up.total_seconds()):
                if found := await self._asked(need, stat, reasons):
                    return found
        except TimeoutError:
            reasons["other sources"] = "not asked for want of time"
        known = self._last_known.get(need)
        if known and self._clock() - known.observed_at <= stat.keep_for:
            return replace(known, quality=Quality.LAST_KNOWN)
        return Missing(", ".join(f"{source} {reason}" for source, reason in reasons.items()) or "no source is enabled")

    async def _asked(self, need: Need, stat: Stat, reasons: dict[str, str]) -> Quote | None:
        late: Quote | None = None
        for endpoint in ROUTES[need]:
            if not self._providers[endpoint.provider].enabled:
                continue
            fetched, is_cached = await self._fetched(endpoint, stat.fresh_for)
            quote = _quoted(need, endpoint, fetched, Quality.CACHED if is_cached else Quality.LIVE)
            if isinstance(quote, Missing):
                reasons[endpoint.source] = quote.reason
                continue
            if fetched.at - quote.observed_at <= CURRENT:
                self._last_known[need] = quote
                return quote
            late = max(late or quote, quote, key=lambda one: one.observed_at)
        return replace(late, quality=Quality.LAST_KNOWN) if late else None

    async def _fetched(self, endpoint: Endpoint, fresh_for: timedelta) -> tuple[Fetched, bool]:
        """Return an endpoint's answer, and whether it was fetched before; all who ask meanwhile share one request."""
        down = self._down.get(endpoint.provider)
        if down and self._clock() - down.at < SKIP_FOR:
            return down, True
        known = self._cache.get(endpoint)
        if known and self._clock() - known.at < (SKIP_FOR if isinstance(known.outcome, SourceError) else fresh_for):
            return known, True
        flight = self._flights.get(endpoint)
        if flight is None:
            flight = self._flights[endpoint] = asyncio.create_task(self._fly(endpoint))
            flight.add_done_callback(lambda _: self._flights.pop(endpoint, None))
        return await asyncio.shield(flight), False

    async def _fly(self, endpoint: Endpoint) -> Fetched:
        try:
            body = await self._fetch(self._providers[endpoint.provider].base_url.rstrip("/") + endpoint.path)
            at = self._clock()
            fetched = Fetched(endpoint.parse(body, at), at)
        except SourceError as error:
            fetched = Fetched(error, self._clock())
        except ValidationError:
            fetched = Fetched(SourceError("gave an answer that cannot be read"), self._clock())
        if isinstance(fetched.outcome, SourceError):
            log.warning("stat.source_failed", source=endpoint.source, reason=str(fetched.outcome))
        if isinstance(fetched.outcome, SourceDownError):
            self._down[endpoint.provider] = fetched
        self._cache[endpoint] = fetched
        return fetched


def _quoted(need: Need, endpoint: Endpoint, fetched: Fetched, quality: Quality) -> Quote | Missing:
    if isinstance(fetched.outcome, SourceError):
        return Missing(str(fetched.outcome))
    reading = fetched.outcome.get(need)
    if reading is None:
        return Missing("did not give it")
    if not is_plausible(need[0], reading.value):
        return Missing("gave an implausible number")
    # A provider's clock may run ahead of ours.
    return Quote(reading.value, endpoint.source, min(reading.observed_at, fetched.at), fetched.at, quality)


def _combined(recipe: Recipe, coin: Coin, quotes: tuple[Quote, ...]) -> Quote:
    """Return the value of a recipe with all its sources, the age of the oldest and the quality of the worst."""
    value = recipe.compute(coin, quotes)
    if not recipe.is_derived:
        return replace(quotes[0], value=value)
    is_last_known = any(quote.quality is Quality.LAST_KNOWN for quote in quotes)
    return Quote(
        value,
        " + ".join(dict.fromkeys(quote.source for quote in quotes)),
        min(quote.observed_at for quote in quotes),
        min(quote.fetched_at for quote in quotes),
        Quality.LAST_KNOWN if is_last_known else Quality.DERIVED,
    )


class OfflineDesk(Desk):
    """Asks nobody: every number is missing because there is no web."""

    async def _quote(self, need: Need, stat: Stat) -> Quote | Missing:
        return OFFLINE


def open_desk(
    providers: Mapping[str, ProviderSettings],
    clock: Clock,
    *,
    offline: bool = False,
    patience: Patience | None = None,
) -> Desk:
    """Return a desk over those providers; close it with `aclose`."""
    kind = OfflineDesk if offline else Desk
    patience = patience or Patience()
    return kind(providers, Fetch(patience.request), clock, patience)
