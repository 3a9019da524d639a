"""What somebody wants to be told: a number that crosses a line, or that changes by so much in a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.quote import Coin


class Crossing(StrEnum):
    """What a number must do; the first four look at the number, the last three at its change over a span."""

    BELOW = "below"
    AT_MOST = "at-most"
    ABOVE = "above"
    AT_LEAST = "at-least"
    RISES = "rises"
    FALLS = "falls"
    MOVES = "moves"  # either way


CHANGES = frozenset({Crossing.RISES, Crossing.FALLS, Crossing.MOVES})


@dataclass(frozen=True, slots=True)
class Wish:
    """What is watched: a statistic of a coin, and the line.

    `amount` is in the unit of the statistic, or, for a change, in percent; `span` is zero but for a change. `crossing`
    is None for "reaches 500", which depends on where the number is now.
    """

    stat: str
    coin: Coin
    crossing: Crossing | None
    amount: float
    span: timedelta = timedelta()

    @property
    def is_change(self) -> bool:
        """Whether it is the change that counts, not the number."""
        return self.crossing in CHANGES


@dataclass(frozen=True, slots=True)
class Unclear:
    """A wish that cannot be watched; `sentence` tells a person what is wrong and what to write instead."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Room:
    """Where an alert is told: a chat and, in a forum, a topic."""

    chat: int
    thread: int | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A wish that is kept.

    `is_armed` while the number has still to cross the line; `fired_at` is when that was last told.
    """

    id: int
    wish: Wish
    room: Room
    asker: int
    created_at: datetime
    is_armed: bool = True
    fired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a wish looks at, now: the number, where it comes from, and for a change where it began.

    `value` is in the unit of the statistic; `start` is what it was a span ago, None where the number itself counts.
    """

    value: float
    source: str
    observed_at: datetime
    start: float | None = None

    @property
    def change(self) -> float:
        """The change in percent; 0 where there is no start."""
        return (self.value - self.start) * 100 / self.start if self.start else 0.0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing can be said now, and why: a short phrase a reader understands; `value` is what is shown all the same."""

    reason: str
    value: float | None = None
