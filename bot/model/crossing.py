"""When an alert fires: once for each crossing, again only after the number was away from the line, and seldom."""

from datetime import datetime, timedelta
from enum import Enum, auto

from bot.model.alert import Alert, Crossing, Reading, Wish

MARGIN = 0.02  # of the line, by which a number must be back behind it: what trembles at the line is one crossing
CHANGE_MARGIN = 0.2  # of a change in percent
COOL_DOWN = timedelta(hours=1)  # from one message of an alert to its next


class Step(Enum):
    """What is to be done about an alert: nothing, make it ready for the next crossing, or tell."""

    STAY = auto()
    ARM = auto()
    FIRE = auto()


def step(alert: Alert, reading: Reading, now: datetime) -> Step:
    """Return what a trustworthy reading means for an alert.

    A clock that was set back counts as time that passed, so that no alert is silent until it catches up.
    """
    if not alert.is_armed:
        return Step.ARM if is_away(alert.wish, reading) else Step.STAY
    is_cool = alert.fired_at is None or abs(now - alert.fired_at) >= COOL_DOWN
    return Step.FIRE if is_cool and holds(alert.wish, reading) else Step.STAY


def holds(wish: Wish, reading: Reading) -> bool:
    """Tell whether a number is where the wish wants it, or has changed as much."""
    return is_there(wish.crossing, measured(wish, reading), wish.amount)


def is_away(wish: Wish, reading: Reading) -> bool:
    """Tell whether a number is back behind the line by the margin."""
    room = wish.amount * (CHANGE_MARGIN if wish.is_change else MARGIN)
    line = wish.amount + room if wish.crossing in {Crossing.BELOW, Crossing.AT_MOST} else wish.amount - room
    return not is_there(wish.crossing, measured(wish, reading), line)


def measured(wish: Wish, reading: Reading) -> float:
    """Return what is compared with the amount: the number, or how far it changed in the direction that counts."""
    match wish.crossing:
        case Crossing.RISES:
            return reading.change
        case Crossing.FALLS:
            return -reading.change
        case Crossing.MOVES:
            return abs(reading.change)
    return reading.value


def is_there(crossing: Crossing | None, value: float, line: float) -> bool:
    """Tell whether a value is on that side of a line."""
    match crossing:
        case Crossing.BELOW:
            return value < line
        case Crossing.AT_MOST:
            return value <= line
        case Crossing.ABOVE:
            return value > line
        case None:
            return False
    return value >= line


def settled(wish: Wish, value: float) -> Crossing:
    """Return from which side a number that is to reach a line will come."""
    return Crossing.AT_LEAST if value < wish.amount else Crossing.AT_MOST
