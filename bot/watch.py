"""Watches the knowledge folder: what is saved there is read beside what is in use, and takes its place in one step.

Whether something changed is told by what the files hold, not by what the file system says, which speaks up too often
(an editor's own files, a touch) and sometimes too rarely (a folder that another takes the place of).
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from watchfiles import awatch

from bot.bindery.bindery import Bindery, open_bindery
from bot.bindery.shared import with_shared
from bot.bindery.worker import Bound, Examined, Order, Spoiled
from bot.edition import Edition, Shelf
from bot.library import read_version
from bot.memory import give_back
from bot.model.clock import Clock
from bot.model.news import Broken, Mended, News, Passed, Short

STEP, MOST = 50, 400  # milliseconds: events that come this close are one, of all within so long
ENDED = "the knowledge could not be read: the process that reads it ended early; look for memory, then save again"

Tell = Callable[[News], Awaitable[None]]

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things are waited for.

    Files that did not change for `quiet` are thought to be saved; what stays broken for `patience` is no half-written
    file; every `look` a change is found that no event told.
    """

    quiet: timedelta = timedelta(milliseconds=150)
    patience: timedelta = timedelta(seconds=1)
    look: timedelta = timedelta(seconds=5)


PACE = Pace()


class Watcher:
    """Keeps the shelf up to date and tells what became of it; nothing is told twice."""

    def __init__(self, shelf: Shelf, order: Order, clock: Clock, tell: Tell, *, pace: Pace = PACE) -> None:
        self._shelf = shelf
        self._order = order
        self._clock = clock
        self._tell = tell
        self._pace = pace
        self._seen = shelf.current.version
        self._work: asyncio.Task[None] | None = None
        self._news: asyncio.Queue[News] = asyncio.Queue()
        self._problems: tuple[str, ...] = ()  # that were told and are still there
        self._shortfalls: frozenset[str] = frozenset()  # packs whose exam was told to be below its floors

    async def run(self) -> None:
        """Watch for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._tell_all())
            while True:
                with suppress(OSError):  # the folder is away; it may come back
                    await self._watch(group)
                await asyncio.sleep(self._pace.quiet.total_seconds())

    async def _watch(self, group: asyncio.TaskGroup) -> None:
        """Follow what happens in the folder, until it seems to be another folder than it was."""
        every = int(self._pace.look.total_seconds() * 1000)
        events = awatch(
            self._order.folder, watch_filter=None, debounce=MOST, step=STEP, rust_timeout=every, yield_on_timeout=True
        )
        async for changes in events:
            version = await asyncio.to_thread(read_version, self._order.folder, self._order.packs)
            if version != self._seen:
                self._seen = version
                await self._begin(group)
                if not changes:
                    return

    async def _begin(self, group: asyncio.TaskGroup) -> None:
        """Begin to read, giving up what is being read: it is out of date."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait((self._work,))
        self._work = group.create_task(self._renew())

    async def _renew(self) -> None:
        """Bring what the files hold onto the shelf once they are at rest; the process starts meanwhile."""
        if self._seen == self._shelf.current.version:
            self._is_mended()
            return
        try:
            async with open_bindery() as bindery:
                await asyncio.sleep(self._pace.quiet.total_seconds())
                await bindery.send(self._order)
                await self._bind(bindery)
        except OSError as error:
            await self._is_broken((f"the knowledge could not be read: {error.strerror}; mend that, then save again",))

    async def _bind(self, bindery: Bindery) -> None:
        while True:
            match await bindery.receive():
                case Bound() as bound:
                    self._publish(bound)
                    del bound  # or what was sent would outlive the next edition
                    await asyncio.to_thread(give_back)
                case Examined(shortfalls=shortfalls):
                    self._is_examined(shortfalls)
                    return
                case Spoiled(problems=problems):
                    await self._is_broken(problems)
                    return
                case _:
                    await self._is_broken((ENDED,))
                    return

    def _publish(self, bound: Bound) -> None:
        """Put an edition onto the shelf, with what it shares with the one that is there."""
        matcher = with_shared(bound.matcher, self._shelf.current.matcher.reader)
        self._shelf.current = Edition(bound.library, matcher, self._clock())
        _log.info("knowledge.live", version=bound.library.version, entries=len(bound.library.entries))
        self._is_mended()

    async def _is_broken(self, problems: tuple[str, ...]) -> None:
        await asyncio.sleep(self._pace.patience.total_seconds())
        if problems != self._problems:
            self._problems = problems
            _log.warning("knowledge.broken", problems=len(problems), first=problems[0])
            self._news.put_nowait(Broken(problems))

    def _is_mended(self) -> None:
        if self._problems:
            self._problems = ()
            self._news.put_nowait(Mended(self._shelf.current.version))

    def _is_examined(self, shortfalls: Mapping[str, tuple[str, ...]]) -> None:
        before, self._shortfalls = self._shortfalls, frozenset(shortfalls)
        if self._shortfalls - before:
            self._news.put_nowait(Short(tuple(one for found in shortfalls.values() for one in found)))
        elif before and not shortfalls:
            self._news.put_nowait(Passed(self._shelf.current.version))

    async def _tell_all(self) -> None:
        while True:
            await self._tell(await self._news.get())
