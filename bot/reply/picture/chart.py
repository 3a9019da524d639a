"""What a chart of one statistic shows: axes, runs of points, labels and words; no pixel and no matplotlib."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from math import isfinite
from statistics import median

from bot.errors import PictureError
from bot.model.quote import Coin, Unit
from bot.model.series import Point, Series
from bot.reply.numbers import duration, number, significant
from bot.reply.picture.ink import STYLES
from bot.reply.picture.lines import Line, last_seen, runs
from bot.reply.picture.rulers import writer
from bot.reply.picture.times import ticks
from bot.reply.picture.values import Axis, Extent, Tick, aligned, parts

ALIKE = 5  # typical sizes no further apart share an axis, and both lines can still be read on it
NEAR_ZERO = 0.4  # a lowest value below this part of the highest: the axis starts at zero
ROOM = 0.05  # of the values' extent, left free above and below
FLAT = 0.02  # of the value, on either side of a line that never moves
BASE = 100.0  # what an indexed line starts from
INDEX_DIGITS = 4
CAPTIONS = {Unit.USD: "US dollars", Unit.COINS: "coins", Unit.HEIGHT: "height", Unit.EPOCH_SECONDS: "date, UTC"}
ONE_AXIS = {Unit.PERCENT, Unit.EPOCH_SECONDS, Unit.HEIGHT}  # values that are compared by their difference
UNINDEXED = {Unit.PERCENT, Unit.EPOCH_SECONDS}  # values of which there is no share

Sides = Mapping[Coin, tuple[Point, ...]]
Drawn = tuple[tuple[Axis, ...], tuple[Line, ...]]


class Scale(StrEnum):
    """How two coins of unlike size are put into one picture.

    AUTO is one axis for both where their typical (median) sizes are at most ALIKE times apart, so that they compare by
    eye and a short spike changes nothing; else an axis for each, the left one Bitcoin's. INDEXED starts both at 100.
    """

    AUTO = "auto"
    INDEXED = "indexed"


@dataclass(frozen=True, slots=True)
class Key:
    """A row of the legend; a coin without a line says so."""

    coin: Coin
    text: str
    has_line: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a chart shows; `start` and `end` are seconds since 1970, `axes` one or two, the left one first."""

    title: str
    keys: tuple[Key, ...]
    axes: tuple[Axis, ...]
    lines: tuple[Line, ...]
    start: float
    end: float
    times: tuple[Tick, ...]
    footer: tuple[str, ...]


def lay_out(series: Series, scale: Scale = Scale.AUTO) -> Chart:
    """Return what a chart of the series shows.

    Raises:
        PictureError: there is no point on either side, or no share of such values can be shown by an index.
    """
    sides = _shown(series)
    if not sides:
        ago = f"in the last {duration(series.span.total_seconds())}"
        raise PictureError("nothing recorded yet" if series.since is None else f"nothing recorded {ago}")
    start, end = _window(series, sides)
    drawn = _indexed if scale is Scale.INDEXED else _measured
    axes, lines = drawn(series.stat.unit, sides, end)
    return Chart(
        title=f"{series.stat.title}, {duration(series.span.total_seconds())}",
        keys=tuple(_key(coin, lines, len(axes)) for coin in Coin),
        axes=axes,
        lines=lines,
        start=start.timestamp(),
        end=end.timestamp(),
        times=ticks(start, end),
        footer=_footer(series, start, end),
    )


def _shown(series: Series) -> Sides:
    """Return the sides that have a number in the span, without what lies before it."""
    begin = series.at - series.span
    sides = {
        coin: tuple(point for point in series.sides.get(coin, ()) if point.at >= begin and isfinite(point.value))
        for coin in Coin
    }
    return {coin: points for coin, points in sides.items() if points}


def _window(series: Series, sides: Sides) -> tuple[datetime, datetime]:
    """Return the time shown: the span asked for, or from the first number on where recording began later."""
    first = min(points[0].at for points in sides.values())
    last = max(points[-1].at for points in sides.values())
    begin = series.at - series.span
    end = max(series.at, last)
    is_short = (series.since is None or series.since > begin) and first < end
    start = first if is_short else begin
    return start.astimezone(UTC), end.astimezone(UTC)


def _measured(unit: Unit, sides: Sides, end: datetime) -> Drawn:
    together = _share_an_axis(unit, sides)
    own = {coin: _extent(unit, coin, points) for coin, points in sides.items()}
    extents = [_joined(unit, own)] if together else list(own.values())
    lines = tuple(
        Line(coin, runs(points), (coin.value.upper(), value, *last_seen(points, end)), 0 if together else index)
        for index, (coin, points) in enumerate(sides.items())
        for value in [number(points[-1].value, unit, coin)]
    )
    return aligned(extents), lines


def _share_an_axis(unit: Unit, sides: Sides) -> bool:
    if unit in ONE_AXIS or len(sides) < len(Coin):
        return True
    sizes = [median(abs(point.value) for point in points) for points in sides.values()]
    return max(sizes) <= ALIKE * min(sizes)


def _indexed(unit: Unit, sides: Sides, end: datetime) -> Drawn:
    bases = {coin: next((point.value for point in points if point.value > 0), 0.0) for coin, points in sides.items()}
    if unit in UNINDEXED or not all(bases.values()):
        raise PictureError("these numbers cannot be shown as shares of their first one")
    shares = {
        coin: tuple(replace(point, value=point.value / bases[coin] * BASE) for point in points)
        for coin, points in sides.items()
    }
    show = partial(significant, digits=INDEX_DIGITS)
    low, high = _room([point.value for points in shares.values() for point in points])
    lines = tuple(
        Line(coin, runs(points), (f"{coin.value.upper()} {share}", value, *last_seen(points, end)), 0)
        for coin, points in shares.items()
        for share, value in [(show(points[-1].value), number(sides[coin][-1].value, unit, coin))]
    )
    return aligned([Extent(low, high, show, None, f"first value = {BASE:.0f}")]), lines


def _extent(unit: Unit, coin: Coin, points: Sequence[Point]) -> Extent:
    low, high = _room([point.value for point in points])
    return Extent(low, high, writer(unit, coin, low, high), unit, CAPTIONS.get(unit, ""), coin)


def _joined(unit: Unit, extents: Mapping[Coin, Extent]) -> Extent:
    """Return one extent that holds all, with both units named where they differ."""
    first = next(iter(extents.values()))
    if len(extents) == 1:
        return replace(first, coin=None)
    low = min(extent.low for extent in extents.values())
    high = max(extent.high for extent in extents.values())
    shows = {coin: writer(unit, coin, low, high) for coin in extents}
    units = {coin: parts(show(high))[1] for coin, show in shows.items()}
    named = ", ".join(f"{name} ({coin.value.upper()})" for coin, name in units.items())
    caption = named if len(set(units.values())) > 1 else first.caption
    return replace(first, low=low, high=high, show=shows[Coin.BTC], coin=None, caption=caption)


def _room(values: Sequence[float]) -> tuple[float, float]:
    """Return the extent an axis should have: room around the values, from zero where they come near it."""
    low, high = min(values), max(values)
    if low == high:
        room = abs(low) * FLAT or 1.0
        return max(low - room, 0.0) if low >= 0 else low - room, high + room
    room = (high - low) * ROOM
    if 0 <= low < NEAR_ZERO * high:
        return 0.0, high + room
    return max(low - room, 0.0) if low >= 0 else low - room, high + room


def _key(coin: Coin, lines: Sequence[Line], axes: int) -> Key:
    name = f"{STYLES[coin].name} ({coin.value.upper()})"
    line = next((line for line in lines if line.coin is coin), None)
    if line is None:
        return Key(coin, f"{name}: no numbers in this time", has_line=False)
    return Key(coin, name if axes == 1 else f"{name}, {('left', 'right')[line.axis]}", has_line=True)


def _footer(series: Series, start: datetime, end: datetime) -> tuple[str, ...]:
    covered = f"{start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M} UTC"
    if series.since is not None and series.since > series.at - series.span:
        covered += f" · recording since {series.since.astimezone(UTC):%Y-%m-%d}"
    named = "Source" if len(series.sources) == 1 else "Sources"
    return (covered, f"{named}: {', '.join(series.sources)}") if series.sources else (covered,)
