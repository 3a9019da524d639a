"""When a channel gets a post by itself: daily or weekly by the clock of a time zone, and which post is due."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from re import ASCII
from re import compile as pattern
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

DAY = timedelta(days=1)
WEEK = 7  # days
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CATCH_UP_DAY = timedelta(hours=3)  # a daily post that is later than this is yesterday's news
CATCH_UP_WEEK = timedelta(hours=12)
LOOKED_BACK = 400  # days; how many posts were missed is of no interest beyond
EXPECTED = "expected when, such as 'daily 09:00 Europe/Berlin' or 'weekly mon 18:30 UTC'"

_TIME = pattern(r"([01]?\d|2[0-3]):([0-5]\d)", ASCII)


@dataclass(frozen=True, slots=True)
class Slot:
    """One post that is to be: the day it belongs to in its time zone, and the moment, in UTC."""

    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Timing:
    """A time of the day in a zone, every day or on one weekday (0 is Monday).

    A time that the clock leaps over is the moment it would have been without the leap; of one that comes twice the
    first is meant. So every day has exactly one slot, but for a day that a zone leaves out altogether, which has none.
    """

    at: time
    zone: str
    weekday: int | None = None

    def __str__(self) -> str:
        how = "daily" if self.weekday is None else f"weekly {WEEKDAYS[self.weekday]}"
        return f"{how} {self.at:%H:%M} {self.zone}"

    @property
    def catch_up(self) -> timedelta:
        """How late a post may be and still be of use."""
        return CATCH_UP_DAY if self.weekday is None else CATCH_UP_WEEK

    def latest(self, now: datetime) -> Slot:
        """Return the last slot that is not after a moment."""
        return next(slot for slot in self.backwards(now) if slot.at <= now)

    def next(self, now: datetime) -> Slot:
        """Return the first slot after a moment."""
        later = (slot for slot in self._slots(_day(now, self.zone) - DAY, DAY) if slot.at > now)
        return next(later)

    def backwards(self, now: datetime) -> Iterator[Slot]:
        """Yield slots from the newest that may be due at a moment to older ones."""
        return self._slots(_day(now, self.zone) + DAY, -DAY)

    def _slots(self, day: date, step: timedelta) -> Iterator[Slot]:
        for _ in range(LOOKED_BACK):
            at = self._moment(day)
            if self.weekday in {None, day.weekday()} and at != self._moment(day + DAY):
                yield Slot(day, at)
            day += step

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, self.at, ZoneInfo(self.zone)).astimezone(UTC)


def _day(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


@dataclass(frozen=True, slots=True)
class Due:
    """A post that is due: its slot, whether it is too late for it, and how many before it never were."""

    slot: Slot
    is_late: bool
    missed: int


def due(timing: Timing, started: datetime, taken: Collection[date], now: datetime) -> Due | None:
    """Return the post that is due; None if there is none.

    Args:
        timing: when posts are to be.
        started: nothing up to this moment counts.
        taken: the days whose posts were begun, in any order; whichever way the clock jumps, none of them comes again.
        now: the moment.
    """
    slot = timing.latest(now)
    if slot.at <= started or slot.day in taken:
        return None
    missed = 0
    for before in timing.backwards(slot.at):
        if before.at >= slot.at:
            continue
        if before.at <= started or before.day in taken:
            break
        missed += 1
    return Due(slot, now - slot.at > timing.catch_up, missed)


def read_timing(text: str, zone: str) -> Timing:
    """Read when, such as `daily 09:00 Europe/Berlin` or `weekly monday 18:30`; `zone` holds where none is named.

    Raises:
        ValueError: it says something else; the text says what is expected.
    """
    said = text.split()
    how = said.pop(0).casefold() if said else ""
    weekday = None
    if how == "weekly" and said:
        how = said.pop(0).casefold()
    if how != "daily":
        weekday = next((number for number, name in enumerate(WEEKDAYS) if how[:3] == name), None)
        if weekday is None:
            raise ValueError(EXPECTED)
    found = _TIME.fullmatch(said[0]) if said else None
    if found is None or len(said) > 2:  # noqa: PLR2004 - a time and a zone
        raise ValueError(EXPECTED)
    return Timing(time(int(found[1]), int(found[2])), read_zone(said[1] if len(said) > 1 else zone), weekday)


def read_zone(name: str) -> str:
    """Return the zone of that name, however it is capitalised.

    Raises:
        ValueError: there is none.
    """
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        found = next((one for one in available_timezones() if one.casefold() == name.casefold()), None)
        if found is None:
            raise ValueError(f"'{name[:40]}' is no time zone; {EXPECTED}") from None
        return found


class State(StrEnum):
    """Whether a plan is carried out; `LOST` where the channel, or the right to post there, is gone."""

    ACTIVE = ""
    PAUSED = "paused"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Plan:
    """A post that comes again and again: what of (`fees`, `compare privacy`), where, when, and who wanted it.

    `started` is since when it counts, `last_day` the day of the last post that was begun, None before the first.
    """

    id: int
    person: int
    channel: int
    what: str
    timing: Timing
    started: datetime
    state: State = State.ACTIVE
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """What a channel gets: texts as Telegram's HTML, one message each, the first under the picture if there is one.

    `entry` is the answer it leads to, if it is one's.
    """

    texts: tuple[str, ...]
    png: bytes = b""
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post that somebody looks at before it goes to a channel."""

    id: int
    person: int
    channel: int
    what: str
    post: Post


@dataclass(frozen=True, slots=True)
class Posted:
    """A planned post that went out: its plan and slot, its messages, and its numbers by statistic and coin."""

    plan: int
    slot: Slot
    messages: tuple[int, ...]
    numbers: dict[str, float]
