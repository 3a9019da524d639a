"""A statistic over time, for charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.quote import Coin, Stat


@dataclass(frozen=True, slots=True)
class Point:
    """A value in the unit of its statistic, and when it was true."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True)
class Series:
    """One statistic of both coins over a span; `sides` is in time's order, and may be empty.

    `since` is when recording began, None where nothing was recorded; `sources` are the names readers see; `at` is the
    moment the series was read, and `span` how far it was asked to reach back from there.
    """

    stat: Stat
    sides: Mapping[Coin, tuple[Point, ...]]
    sources: tuple[str, ...]
    since: datetime | None
    at: datetime
    span: timedelta
