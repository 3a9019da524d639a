"""What a chat may get: so many messages in any stretch of time, and none while it is silent.

A leaky bucket of 20 a minute lets 20 through at once and 20 more while it drains: 40 within the first minute. Telegram
counts, so this counts too.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

PRIVATE = (10, 10.0)  # one message a second, a long answer or a quick exchange at once
GROUP = (5, 5.0)  # the same, among several who may ask
MINUTE = (20, 61.0)  # for groups and channels; a second more for what the network makes of it
EVERYBODY = (30, 1.0)

SPARE = 0.25  # of every limit, left to answers by what nobody asked for

WRITES = ("send", "copy", "forward")
CHANGES = (*WRITES, "edit")  # groups count these


class Shares(Protocol):
    """Who counts the calls of several programs together."""

    async def reserve(self, chat: str, windows: Sequence[tuple[int, float]], /) -> float:
        """Take a place in a chat's windows now, or return the seconds until there may be one."""

    async def silence(self, chat: str, seconds: float, /) -> None:
        """Let nobody write to a chat for so long."""


@dataclass(slots=True)
class Window:
    """At most `places` calls in any `seconds`; times are seconds of a clock that never jumps."""

    places: int
    seconds: float
    _taken: list[float] = field(default_factory=list)  # few; a deque takes half a kilobyte for each chat

    def take(self, now: float) -> None:
        """Note a call."""
        self._taken.append(now)
        if len(self._taken) > self.places:
            del self._taken[0]

    def wait(self, now: float) -> float:
        """Return the seconds until there is a place, zero or less if there is one."""
        return self._taken[0] + self.seconds - now if len(self._taken) == self.places else 0.0

    def room(self, now: float) -> int:
        """Return how many places are free."""
        return self.places - sum(taken > now - self.seconds for taken in self._taken)


@dataclass(slots=True)
class Quota:
    """The state of one chat, or of one method that has no chat: its windows, its silence, who is next."""

    windows: tuple[Window, ...] = ()
    counts: tuple[str, ...] = ()
    name: str = ""  # by which several programs know it; empty where each counts for itself
    silent_until: float = 0.0
    busy: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def silence(self, now: float) -> float:
        """Return the seconds it must still be silent, zero or less if it need not."""
        return self.silent_until - now

    def wait(self, now: float) -> float:
        """Return the seconds until it may be written to."""
        return max(self.silence(now), *(window.wait(now) for window in self.windows), 0.0)

    def take(self, now: float) -> None:
        """Note a message."""
        for window in self.windows:
            window.take(now)

    def has_room(self, now: float) -> bool:
        """Return whether enough room is left for those who may come."""
        return all(window.room(now) > SPARE * window.places for window in self.windows)

    def is_quiet(self, now: float) -> bool:
        """Return whether there is room, and no silence."""
        return self.has_room(now) and self.silence(now) <= 0

    def is_idle(self, now: float) -> bool:
        """Return whether nothing is to be remembered of it."""
        is_empty = all(window.room(now) == window.places for window in self.windows)
        return is_empty and not self.busy and self.is_quiet(now)


def quota_of(chat: int | str) -> Quota:
    """Return what a chat may get; a name in place of a number is a group's or a channel's."""
    if isinstance(chat, int) and chat > 0:
        return Quota((Window(*PRIVATE),), WRITES)
    return Quota((Window(*GROUP), Window(*MINUTE)), CHANGES)


def key_of(chat: int | str) -> int | str:
    """Return the number of a chat, or the name of one whose number is not known."""
    try:
        return int(chat)
    except ValueError:
        return chat
