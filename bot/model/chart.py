"""What chart somebody asks for."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class ChartRequest:
    """A statistic by its key, and how far back."""

    stat: str
    span: timedelta


@dataclass(frozen=True, slots=True)
class NoSuchChart:
    """The request names nothing that can be drawn; `named` is what it said instead, or nothing."""

    named: str
