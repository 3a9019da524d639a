"""What a chart of one statistic shows: axes, runs of points, labels and words; no pixel and no matplotlib."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from itertools import pairwise
from math import isfinite
from statistics import median

from bot.errors import PictureError
from bot.model.quote import Coin, Unit
from bot.model.series import Point, Series
from bot.reply.numbers import duration, number, significant
from bot.reply.picture.ink import STYLES
from bot.reply.picture.times import ticks
from bot.reply.picture.values import Axis, Extent, Tick, aligned, parts

ALIKE = 5  # typical sizes no further apart share an axis, and both lines can still be read on it
GAP = 3  # so many usual distances without a point are a gap
NEAR_ZERO = 0.4  # a lowest value below this part of the highest: the axis starts at zero
ROOM = 0.05  # of the values' extent, left free above and below
FLAT = 0.02  # of the value, on either side of a line that never moves
BASE = 100.0  # what an indexed line starts from
INDEX_DIGITS = 4
CAPTIONS = {Unit.USD: "US dollars", Unit.COINS: "coins", Unit.HEIGHT: "height", Unit.EPOCH_SECONDS: "date, UTC"}
ONE_AXIS = {Unit.PERCENT, Unit.EPOCH_SECONDS, Unit.HEIGHT}  # values that are compared by their difference
UNINDEXED = {Unit.PERCENT, Unit.EPOCH_SECONDS}  # values of which there is no share

Run = tuple[tuple[float, float], ...]
Show = Callable[[float], str]


class Scale(StrEnum):
    """How two coins of unlike size are put into one picture.

    AUTO is one axis for both where their typical (median) sizes are at most ALIKE times apart, so that they compare by
    eye and a short spike changes nothing; else an axis for each, the left one Bitcoin's. INDEXED starts both at 100.
    """

    AUTO = "auto"
    INDEXED = "indexed"


@dataclass(frozen=True, slots=True)
class Line:
    """One coin: its runs of (seconds since 1970, value on its axis), the words at its end, the number of its axis."""

    coin: Coin
    runs: tuple[Run, ...]
    words: tuple[str, ...]
    axis: int


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
    if scale is Scale.INDEXED:
        axes, lines = _indexed(series.stat.unit, sides)
    else:
        axes, lines = _measured(series.stat.unit, sides)
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


def runs(points: Sequence[Point]) -> tuple[Run, ...]:
    """Return the points as unbroken runs: where GAP usual (median) distances lie between two, a new one begins."""
    places = [(point.at.timestamp(), point.value) for point in points]
    distances = [later[0] - earlier[0] for earlier, later in pairwise(places)]
    most = GAP * median(distances) if distances else 0.0
    cuts = [index for index, distance in enumerate(distances, 1) if distance > most]
    return tuple(tuple(places[a:b]) for a, b in pairwise([0, *cuts, len(places)]))


def spread(places: Sequence[float], distance: float, low: float, high: float) -> tuple[float, ...]:
    """Return the places of one or two labels, moved apart to `distance` and kept between `low` and `high`."""
    kept = [min(max(place, low), high) for place in places]
    if len(kept) < 2 or abs(kept[0] - kept[1]) >= distance:  # noqa: PLR2004 - a pair
        return tuple(kept)
    middle = min(max(sum(kept) / 2, low + distance / 2), high - distance / 2)
    up = distance / 2 if kept[0] >= kept[1] else -distance / 2
    return middle + up, middle - up


def _shown(series: Series) -> Mapping[Coin, tuple[Point, ...]]:
    """Return the sides that have a number in the span, without what lies before it."""
    begin = series.at - series.span
    sides = {
        coin: tuple(point for point in series.sides.get(coin, ()) if point.at >= begin and isfinite(point.value))
        for coin in Coin
    }
    return {coin: points for coin, points in sides.items() if points}


def _window(series: Series, sides: Mapping[Coin, Sequence[Point]]) -> tuple[datetime, datetime]:
    """Return the time shown: the span asked for, or from the first number on where recording began later."""
    first = min(points[0].at for points in sides.values())
    last = max(points[-1].at for points in sides.values())
    begin = series.at - series.span
    end = max(series.at, last)
    is_short = (series.since is None or series.since > begin) and first < end
    start = first if is_short else begin
    return start.astimezone(UTC), end.astimezone(UTC)


def _measured(unit: Unit, sides: Mapping[Coin, Sequence[Point]]) -> tuple[tuple[Axis, ...], tuple[Line, ...]]:
    together = _share_an_axis(unit, sides)
    own = {coin: _extent(unit, coin, points) for coin, points in sides.items()}
    extents = [_joined(own)] if together else list(own.values())
    lines = tuple(
        Line(coin, runs(points), (coin.value.upper(), number(points[-1].value, unit, coin)), 0 if together else index)
        for index, (coin, points) in enumerate(sides.items())
    )
    return aligned(extents), lines


def _share_an_axis(unit: Unit, sides: Mapping[Coin, Sequence[Point]]) -> bool:
    if unit in ONE_AXIS or len(sides) < len(Coin):
        return True
    sizes = [median(abs(point.value) for point in points) for points in sides.values()]
    return max(sizes) <= ALIKE * min(sizes)


def _indexed(unit: Unit, sides: Mapping[Coin, Sequence[Point]]) -> tuple[tuple[Axis, ...], tuple[Line, ...]]:
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
        Line(coin, runs(points), (f"{coin.value.upper()} {show(points[-1].value)}", last), 0)
        for coin, points in shares.items()
        for last in [number(sides[coin][-1].value, unit, coin)]
    )
    return aligned([Extent(low, high, show, None, f"first value = {BASE:.0f}")]), lines


def _extent(unit: Unit, coin: Coin, points: Sequence[Point]) -> Extent:
    low, high = _room([point.value for point in points])
    return Extent(low, high, lambda value: number(value, unit, coin), unit, CAPTIONS.get(unit, ""), coin)


def _joined(extents: Mapping[Coin, Extent]) -> Extent:
    """Return one extent that holds all, with both units named where they differ."""
    first = next(iter(extents.values()))
    if len(extents) == 1:
        return replace(first, coin=None)
    low = min(extent.low for extent in extents.values())
    high = max(extent.high for extent in extents.values())
    units = {coin: parts(extent.show(high))[1] for coin, extent in extents.items()}
    named = ", ".join(f"{name} ({coin.value.upper()})" for coin, name in units.items())
    caption = named if len(set(units.values())) > 1 else first.caption
    return replace(first, low=low, high=high, coin=None, caption=caption)


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
        return Key(coin, f"{name}: nothing recorded", has_line=False)
    return Key(coin, name if axes == 1 else f"{name}, {('left', 'right')[line.axis]}", has_line=True)


def _footer(series: Series, start: datetime, end: datetime) -> tuple[str, ...]:
    covered = f"{start:%Y-%m-%d %H:%M} – {end:%Y-%m-%d %H:%M} UTC"
    if series.since is not None and series.since > series.at - series.span:
        covered += f" · recording since {series.since.astimezone(UTC):%Y-%m-%d}"
    named = "Source" if len(series.sources) == 1 else "Sources"
    return (covered, f"{named}: {', '.join(series.sources)}") if series.sources else (covered,)
