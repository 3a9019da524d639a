"""Reads what alerts look at: only numbers that may be trusted, and for a change what was recorded a while ago."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import StoreError
from bot.gallery import PRICE, History, filled
from bot.model.alert import Reading, Unreadable, Wish
from bot.model.clock import Clock
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot
from bot.model.series import Series
from bot.stats import STATS, Desk

FRESH = timedelta(minutes=20)  # an older number may be another one by now
LATE = timedelta(minutes=15)  # by which the first record of a span may be late; of a long span, a twentieth
DISPUTED = "the sources differ"

Readings = Mapping[Wish, Reading | Unreadable]
Span = tuple[str, timedelta]


@dataclass(frozen=True, slots=True)
class Lookout:
    """Looks numbers up through the desk, each statistic once for all who watch it."""

    desk: Desk
    history: History
    clock: Clock

    async def readings(self, wishes: Collection[Wish]) -> Readings:
        """Return what each wish looks at, or why nothing can be said; never raises for a source or a database."""
        keys = dict.fromkeys(wish.stat for wish in wishes if wish.stat in STATS)
        snapshots = {one.stat.key: one for one in await self.desk.snapshots(tuple(keys))}
        spans = {(wish.stat, wish.span) for wish in wishes if wish.is_change and wish.stat in snapshots}
        past = {span: await self._past(span) for span in spans}
        return {wish: self._reading(wish, snapshots, past) for wish in wishes}

    async def reading(self, wish: Wish) -> Reading | Unreadable:
        """Return what one wish looks at."""
        return (await self.readings([wish]))[wish]

    def _reading(
        self, wish: Wish, snapshots: Mapping[str, Snapshot], past: Mapping[Span, Series | None]
    ) -> Reading | Unreadable:
        if wish.stat not in snapshots:
            return Unreadable("I do not know this number any more")
        now = self._now(snapshots[wish.stat].sides[wish.coin])
        if isinstance(now, Unreadable) or not wish.is_change:
            return now
        start = _start(past[wish.stat, wish.span], wish.coin)
        if start is None:
            return Unreadable("I have no record that goes back so far yet", now.value)
        return Reading(now.value, now.source, now.observed_at, start)

    def _now(self, side: Quote | Missing) -> Reading | Unreadable:
        """Return a number that is undisputed and of today; a clock that was set back makes no number young."""
        if isinstance(side, Missing):
            return Unreadable("no source gives it just now")
        if side.quality is Quality.DISPUTED or side.other:
            return Unreadable(DISPUTED, side.value)
        if side.quality is Quality.LAST_KNOWN or abs(self.clock() - side.observed_at) > FRESH:
            return Unreadable("no source gives it just now, this is the last I know", side.value)
        return Reading(side.value, side.source, side.observed_at)

    async def _past(self, span: Span) -> Series | None:
        """Return what was recorded over a span, prices with those of a source before the records begin."""
        key, length = span
        try:
            series = await self.history.series(STATS[key], length)
        except StoreError:
            return None
        return filled(series, await self.desk.past_prices(length)) if key == PRICE else series


def _start(series: Series | None, coin: Coin) -> float | None:
    """Return the value at the beginning of a span; None where nothing was recorded near it."""
    points = series.sides[coin] if series else ()
    if series is None or not points or points[0].value <= 0:
        return None
    late = points[0].at - (series.at - series.span)
    return points[0].value if late <= max(LATE, series.span / 20) else None
