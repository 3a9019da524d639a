"""Axes of values: round steps whose labels `numbers` can write, distinct and evenly spaced as people read them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, pairwise
from math import floor, isclose, log10

from bot.model.quote import Coin, Unit

INTERVALS = (4, 5, 6)
DAY = 86_400
CLOCK_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200)
COUNTED = {Unit.BLOCKS, Unit.HEIGHT, Unit.TRANSACTIONS, Unit.COINS}  # there is no half of these
UNSPLIT = {Unit.USD, Unit.DIFFICULTY, Unit.EPOCH_SECONDS}  # what follows the figure belongs to it
ZEROS = ("0", "$0")
FIGURE = re.compile(r"([+-]?\$?[\d,]+(?:\.\d+)?)(?: (.+))?")


@dataclass(frozen=True, slots=True)
class Tick:
    """A label and where it stands, in the unit of its axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from `low` to `high` with evenly spaced ticks; `caption` says their unit, `coin` whose axis it is."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    caption: str
    coin: Coin | None


@dataclass(frozen=True, slots=True)
class Extent:
    """What an axis must hold: values from `low` to `high`, written by `show`; `unit` is None for an index.

    `caption` is said instead of the unit found in the labels, where there is one.
    """

    low: float
    high: float
    show: Callable[[float], str]
    unit: Unit | None
    caption: str = ""
    coin: Coin | None = None


def aligned(extents: Sequence[Extent]) -> tuple[Axis, ...]:
    """Return an axis for each extent, all with as many intervals, so that one grid serves them all."""
    options = [tuple(_axis(extent, intervals) for extent in extents) for intervals in INTERVALS]
    return min(options, key=lambda axes: sum(map(_waste, axes, extents)))


def parts(text: str) -> tuple[str, str]:
    """Return a written number as its figure and its unit: `786.4` and `EH/s`."""
    match = FIGURE.fullmatch(text)
    return (match[1], match[2] or "") if match else (text, "")


def _waste(axis: Axis, extent: Extent) -> float:
    return (axis.high - axis.low) / (extent.high - extent.low)


def _axis(extent: Extent, intervals: int) -> Axis:
    """Return the tightest axis of so many intervals that holds the extent and whose labels can be read."""
    steps = _steps(extent.unit, (extent.high - extent.low) / intervals)
    step = next(step for step in steps if _fits(extent, intervals, step))
    places = _places(extent, intervals, step)
    texts, unit = _labels(places, extent)
    ticks = tuple(Tick(at, text) for at, text in zip(places, texts, strict=True))
    return Axis(places[0], places[-1], ticks, extent.caption or unit, extent.coin)


def _steps(unit: Unit | None, least: float) -> Iterator[float]:
    """Yield round steps, rising without end, from `least` on."""
    steps = _decimal(0 if unit in COUNTED else floor(log10(least)))
    if unit in {Unit.SECONDS, Unit.EPOCH_SECONDS}:
        within_a_day = CLOCK_STEPS if unit is Unit.SECONDS else ()
        steps = chain(within_a_day, (DAY * step for step in _decimal(0)))
    return (step for step in steps if step >= least)


def _decimal(power: int) -> Iterator[float]:
    return (digit * 10.0**exponent for exponent in count(power) for digit in (1, 2, 5))


def _places(extent: Extent, intervals: int, step: float) -> tuple[float, ...]:
    first = floor(extent.low / step + 1e-9)
    return tuple((first + index) * step for index in range(intervals + 1))


def _fits(extent: Extent, intervals: int, step: float) -> bool:
    places = _places(extent, intervals, step)
    return places[-1] >= extent.high - step * 1e-9 and _is_even(_labels(places, extent)[0])


def _is_even(texts: Sequence[str]) -> bool:
    """Tell whether labels differ, and are evenly spaced as read where they have one unit."""
    split = [parts(text) for text in texts]
    if len(set(texts)) < len(texts):
        return False
    if len({unit for figure, unit in split if figure not in ZEROS}) > 1 or not all(map(FIGURE.fullmatch, texts)):
        return True
    figures = [float(figure.replace(",", "").replace("$", "")) for figure, _ in split]
    gaps = [after - before for before, after in pairwise(figures)]
    return all(isclose(gap, gaps[0], rel_tol=1e-6) for gap in gaps)


def _labels(places: Sequence[float], extent: Extent) -> tuple[tuple[str, ...], str]:
    """Return the labels and the unit they share; without one, or where it belongs to the figure, they keep it."""
    split = [parts(extent.show(place)) for place in places]
    units = {unit for place, (_, unit) in zip(places, split, strict=True) if place}
    figures = _even_decimals(
        [figure if place else _zero(figure) for place, (figure, _) in zip(places, split, strict=True)]
    )
    if len(units) == 1 and extent.unit not in UNSPLIT:
        return tuple(figures), units.pop()
    return tuple(
        f"{figure} {unit}" if unit and place else figure
        for place, figure, (_, unit) in zip(places, figures, split, strict=True)
    ), ""


def _zero(figure: str) -> str:
    return ZEROS[figure.startswith("$")]


def _even_decimals(figures: Sequence[str]) -> list[str]:
    """Return the figures with equally many decimals, none where all are nought; zero stays plain."""
    decimals = [figure.partition(".")[2].rstrip("0") for figure in figures]
    most = max(map(len, decimals))
    if not most:
        return [figure.partition(".")[0] for figure in figures]
    return [
        figure if figure in ZEROS else f"{figure.partition('.')[0]}.{shown:0<{most}}"
        for figure, shown in zip(figures, decimals, strict=True)
    ]
