"""Lines of a chart: where they break, what is said at their ends, and how those words keep out of each other's way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

from bot.model.quote import Coin
from bot.model.series import Point

GAP = 3  # so many usual distances without a point are a gap

Run = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One coin: its runs of (seconds since 1970, value on its axis), the words at its end, the number of its axis."""

    coin: Coin
    runs: tuple[Run, ...]
    words: tuple[str, ...]
    axis: int


def runs(points: Sequence[Point]) -> tuple[Run, ...]:
    """Return the points as unbroken runs: where more than GAP usual distances lie between two, a new one begins."""
    places = [(point.at.timestamp(), point.value) for point in points]
    most = GAP * _usual(points)
    cuts = [index for index, (a, b) in enumerate(pairwise(places), 1) if b[0] - a[0] > most]
    return tuple(tuple(places[a:b]) for a, b in pairwise([0, *cuts, len(places)]))


def last_seen(points: Sequence[Point], end: datetime) -> tuple[str, ...]:
    """Return the moment of the last point where a gap lies between it and the end of the chart, else nothing."""
    last = points[-1].at.astimezone(UTC)
    is_current = end.timestamp() - last.timestamp() <= GAP * _usual(points)
    return () if is_current else (f"{last:%b} {last.day}, {last:%H:%M}",)


def spread(places: Sequence[float], distance: float, low: float, high: float) -> tuple[float, ...]:
    """Return the places of one or two labels, moved apart to `distance` and kept between `low` and `high`."""
    kept = [min(max(place, low), high) for place in places]
    if len(kept) == 1 or abs(kept[0] - kept[1]) >= distance:
        return tuple(kept)
    middle = min(max(sum(kept) / 2, low + distance / 2), high - distance / 2)
    up = distance / 2 if places[0] >= places[1] else -distance / 2
    return middle + up, middle - up


def _usual(points: Sequence[Point]) -> float:
    """Return the median distance of points, in seconds; zero where there is only one."""
    distances = [b.at.timestamp() - a.at.timestamp() for a, b in pairwise(points)]
    return median([distance for distance in distances if distance > 0] or [0.0])
