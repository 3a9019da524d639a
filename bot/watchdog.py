"""The watchdog: looks every second whether the bot is well; owners are told once when it is not, and once when it is.

It knows nothing of the libraries it watches: who works beats `Vitals`, who meets trouble notes it in `Troubles`, and
what nobody notes, probes find out.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from shutil import disk_usage
from typing import Any, Protocol

import structlog

from bot.errors import StoreError
from bot.model.source import SourceState
from bot.model.trouble import Alarm, Alert, AllClear, Trouble, Troubles
from bot.model.vitals import Organ, Vitals

LOOK = timedelta(seconds=1)
SILENT = timedelta(seconds=75)  # a long poll takes 50 seconds at most
STUCK = timedelta(seconds=10)
ROOM = 512 * 1024 * 1024  # bytes; below it, and below a twentieth of the disk, it is nearly full
DEADLY = frozenset({Trouble.POLL, Trouble.LOOP, Trouble.DATABASE})  # health is red

Probe = Callable[[], str | None]  # what is wrong, as a short phrase or empty; None if nothing is
Tell = Callable[[Alert], Awaitable[bool]]  # whether it may have arrived

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Manners:
    """How owners are told.

    Trouble that lasts `patience` is told; it is over once it has not been there for `calm`; what was told is not told
    again within `pause`, and what reached nobody is tried again after `again`.
    """

    patience: timedelta = timedelta(seconds=5)
    calm: timedelta = timedelta(seconds=60)
    pause: timedelta = timedelta(minutes=5)
    again: timedelta = timedelta(seconds=60)


MANNERS = Manners()


@dataclass(slots=True)
class _Case:
    """One trouble over time, in the seconds of `Vitals.now`."""

    begun: float
    last: float
    tried: float | None = None
    has_arrived: bool = False


@dataclass(slots=True)
class Watchdog:
    """Watches; `lag` is told each look by how many seconds the event loop was late."""

    vitals: Vitals
    troubles: Troubles
    tell: Tell
    probes: Mapping[Trouble, Probe] = field(default_factory=dict)
    manners: Manners = MANNERS
    lag: Callable[[float], None] = lambda _: None
    every: timedelta = LOOK
    _cases: dict[Trouble, _Case] = field(default_factory=dict)
    _told_at: dict[Trouble, float] = field(default_factory=dict)
    _alerts: asyncio.Queue[Alert] = field(default_factory=asyncio.Queue)

    async def run(self) -> None:
        """Watch for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell_all())
            while True:
                before = self.vitals.now()
                await asyncio.sleep(self.every.total_seconds())
                self.lag(max(0.0, self.vitals.now() - before - self.every.total_seconds()))
                self.vitals.beat(Organ.LOOP)
                for alert in self.look():
                    self._alerts.put_nowait(alert)

    def wrong(self) -> Mapping[Trouble, str]:
        """Return what is wrong at this moment, by what was noted and what the probes find."""
        found = {trouble: detail for trouble, probe in self.probes.items() if (detail := probe()) is not None}
        return {**self.troubles.present, **found}

    def look(self) -> Sequence[Alert]:
        """Look once and return what owners are to be told now."""
        now, wrong = self.vitals.now(), self.wrong()
        for trouble in wrong:
            self._cases.setdefault(trouble, _Case(now, now)).last = now
        return [alert for trouble in list(self._cases) if (alert := self._judged(trouble, wrong, now))]

    def _judged(self, trouble: Trouble, wrong: Mapping[Trouble, str], now: float) -> Alert | None:
        case = self._cases[trouble]
        if trouble in wrong:
            if self._is_due(trouble, case, now):
                case.tried = self._told_at[trouble] = now
                _log.warning("watchdog.trouble", trouble=trouble.value)
                return Alarm(trouble, wrong[trouble])
        elif case.tried is None:
            del self._cases[trouble]
        elif now - case.last >= self.manners.calm.total_seconds():
            del self._cases[trouble]
            _log.info("watchdog.over", trouble=trouble.value)
            return AllClear(trouble, timedelta(seconds=case.last - case.begun))
        return None

    def _is_due(self, trouble: Trouble, case: _Case, now: float) -> bool:
        if case.tried is not None:
            return not case.has_arrived and now - case.tried >= self.manners.again.total_seconds()
        told = self._told_at.get(trouble)
        is_new = told is None or now - told >= self.manners.pause.total_seconds()
        return is_new and now - case.begun >= self.manners.patience.total_seconds()

    async def _tell_all(self) -> None:
        while True:
            alert = await self._alerts.get()
            arrived = await self.tell(alert)
            if isinstance(alert, Alarm) and arrived and (case := self._cases.get(alert.trouble)):
                case.has_arrived = True


def silence(vitals: Vitals, organ: Organ, limit: timedelta, since: float) -> Probe:
    """Return a probe that finds an organ silent for longer than `limit`; what never worked counts from `since`."""

    def probe() -> str | None:
        age = vitals.silence(organ)
        quiet = timedelta(seconds=vitals.now() - since) if age is None else age
        return "" if quiet > limit else None

    return probe


def nobody_answers(states: Callable[[], Sequence[SourceState]]) -> Probe:
    """Return a probe that finds every source of live numbers failing; one that was not asked yet is not."""

    def probe() -> str | None:
        known = states()
        return "" if known and all(map(is_down, known)) else None

    return probe


def is_down(state: SourceState) -> bool:
    """Tell whether a source failed since it last answered."""
    return state.failed_at is not None and (state.answered_at is None or state.failed_at > state.answered_at)


def little_room(folder: str, usage: Callable[[str], Any] = disk_usage) -> Probe:
    """Return a probe that finds the disk of a folder nearly full."""

    def probe() -> str | None:
        try:
            found = usage(folder)
        except OSError:
            return None
        is_full = found.free < min(ROOM, found.total / 20)
        return f"{found.free // 2**20} MB are left." if is_full else None

    return probe


class Receives(Protocol):
    """Whoever takes updates in."""

    async def receive(self, raws: Sequence[object]) -> None:
        """Return once the updates are kept for good, or raise a `StoreError`."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Takes updates in as another does, and notes whether the database takes them."""

    inner: Receives
    troubles: Troubles

    async def receive(self, raws: Sequence[object]) -> None:
        """Return once the updates are kept for good.

        Raises:
            StoreError: they are not.
        """
        try:
            await self.inner.receive(raws)
        except StoreError:
            self.troubles.begin(Trouble.DATABASE)
            raise
        self.troubles.end(Trouble.DATABASE)
