"""How the bot behaves in one chat: what it answers to, what it answers from, and how an answer looks there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.model.money import Fiat

Written = str | tuple[str, ...]  # a value as text: a word, or several

GENERAL = 1  # the number of a forum's General topic
MOST = 20  # topics, or packs
ON, OFF = "on", "off"
LONGEST_COOLDOWN = 3_600  # seconds
LONGEST_LISTEN = 1_440  # minutes
LONGEST_DELETE = 2_820  # minutes; Telegram lets a bot delete what is younger than 48 hours


class Mode(StrEnum):
    """What the bot answers to in a group: commands, also what is addressed to it, or also questions it overhears."""

    COMMANDS = "commands"
    ADDRESSED = "addressed"
    LISTENING = "listening"


class Detail(StrEnum):
    """How long an answer is: the verdict and a few rows, or all there is."""

    SHORT = "short"
    FULL = "full"


class Tables(StrEnum):
    """How tables are sent: as text that every client shows, or as Telegram's own."""

    CLASSIC = "classic"
    RICH = "rich"


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of every day; it may go past midnight."""

    start: time
    end: time

    def __contains__(self, now: time) -> bool:
        """Tell whether a time of the day lies in it; `end` does not."""
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Manners:
    """The settings of a chat.

    No `topics` means all of them, no `packs` those that are in use without a word. An asker gets three answers within
    `cooldown` seconds; something overheard is answered every `listen_every` minutes at most; in the `quiet` hours of
    `zone` only commands are answered; answers go after `delete_after` minutes, with 0 they stay.
    """

    mode: Mode = Mode.ADDRESSED
    topics: tuple[int, ...] = ()
    packs: tuple[str, ...] = ()
    currency: Fiat = Fiat.USD
    detail: Detail = Detail.FULL
    tables: Tables = Tables.CLASSIC
    ephemeral: bool = False
    cooldown: int = 0
    listen_every: int = 15
    quiet: Hours | None = None
    zone: str = "UTC"
    delete_after: int = 0

    def is_quiet(self, now: datetime) -> bool:
        """Tell whether a moment lies in the quiet hours."""
        return self.quiet is not None and now.astimezone(ZoneInfo(self.zone)).time() in self.quiet

    def mode_at(self, now: datetime) -> Mode:
        """Return what is answered to at a moment."""
        return Mode.COMMANDS if self.is_quiet(now) else self.mode

    def speaks_in(self, topic: int) -> bool:
        """Tell whether the bot may say anything in a topic; every message outside of forums stands in General."""
        return not self.topics or topic in self.topics


@dataclass(frozen=True, slots=True)
class Setting:
    """How one setting is read from text and written; reading raises `ValueError` that says what is expected."""

    read: Callable[[Written], Any]
    write: Callable[[Any], Written] = str


def _word(written: Written) -> str:
    if not isinstance(written, str):
        raise ValueError("expected one value, not a list")  # noqa: TRY004 - what is wrong is what somebody wrote
    return written


def _one_of(kind: type[StrEnum]) -> Callable[[Written], StrEnum]:
    def read(written: Written) -> StrEnum:
        try:
            return kind(_word(written))
        except ValueError:
            raise ValueError(f"expected one of {', '.join(kind)}") from None

    return read


def _within(low: int, high: int) -> Callable[[Written], int]:
    def read(written: Written) -> int:
        return _number(_word(written), low, high)

    return read


def _number(text: str, low: int, high: int) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= len(str(high)) and low <= int(text) <= high:
        return int(text)
    raise ValueError(f"expected a whole number from {low} to {high}")


def _switch(written: Written) -> bool:
    if _word(written) not in {ON, OFF}:
        raise ValueError("expected on or off")
    return written == ON


def _words(written: Written) -> tuple[str, ...]:
    found = (written,) if isinstance(written, str) else tuple(dict.fromkeys(written))
    if len(found) > MOST or not all(0 < len(word) <= 64 for word in found):  # noqa: PLR2004 - as long as a folder's name
        raise ValueError(f"expected a list of {MOST} names at most")
    return found


def _topics(written: Written) -> tuple[int, ...]:
    return tuple(_number(word, GENERAL, 2_147_483_647) for word in _words(written))


def _hours(written: Written) -> Hours | None:
    text = _word(written)
    if text == OFF:
        return None
    try:
        start, end = (time.fromisoformat(part) for part in text.split("-"))
    except ValueError:
        raise ValueError("expected off, or hours such as 22:00-07:00") from None
    if start == end or start.tzinfo or end.tzinfo:
        raise ValueError("expected two different times, such as 22:00-07:00")
    return Hours(start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0))


def _zone(written: Written) -> str:
    try:
        return ZoneInfo(_word(written)).key
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError("expected a time zone, such as UTC or Europe/Berlin") from None


SETTINGS: Mapping[str, Setting] = {
    "mode": Setting(_one_of(Mode)),
    "topics": Setting(_topics, lambda topics: tuple(map(str, topics))),
    "packs": Setting(_words, tuple),
    "currency": Setting(_one_of(Fiat)),
    "detail": Setting(_one_of(Detail)),
    "tables": Setting(_one_of(Tables)),
    "ephemeral": Setting(_switch, lambda is_on: ON if is_on else OFF),
    "cooldown": Setting(_within(0, LONGEST_COOLDOWN)),
    "listen_every": Setting(_within(1, LONGEST_LISTEN)),
    "quiet": Setting(_hours, lambda hours: str(hours or OFF)),
    "zone": Setting(_zone),
    "delete_after": Setting(_within(0, LONGEST_DELETE)),
}
"""Every setting, by the name it has in `Manners`."""


def written(manners: Manners) -> dict[str, Written]:
    """Return all settings as text."""
    return {field.name: SETTINGS[field.name].write(getattr(manners, field.name)) for field in fields(manners)}


def read(name: str, value: Written) -> Any:
    """Return what a setting written as text stands for.

    Raises:
        ValueError: it is none; the text says what is expected.
    """
    return SETTINGS[name].read(value)


def with_settings(manners: Manners, changes: Mapping[str, Written]) -> Manners:
    """Return manners with some settings changed; what is not known any more, or does not fit, is left as it is."""
    for name, value in changes.items():
        try:
            manners = replace(manners, **{name: read(name, value)})
        except (KeyError, ValueError):
            continue
    return manners
