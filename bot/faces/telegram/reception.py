"""The reception: keeps what arrives, however it arrives, and sees to it that each update is handled once, in order."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from telegram import Update
from telegram.ext import Application

from bot.errors import StoreError
from bot.faces.telegram.backlog import Backlog, make_backlog
from bot.faces.telegram.lanes import GRACE, MOST, Lanes
from bot.faces.telegram.pace import Pace
from bot.faces.telegram.parse import Poison, incoming, read_update, wants_answer, written_at
from bot.model.clock import Clock, utc_now
from bot.model.incoming import Incoming
from bot.model.vitals import Organ, Vitals
from bot.store import Crew, Inbox, Solo

LATE = timedelta(minutes=10)  # an answer to what was asked before that would puzzle more than help

_log = structlog.get_logger()


@dataclass(slots=True)
class Reception:
    """Between the ways updates arrive and the application that handles them.

    `clock` tells what comes too late, `most` how many updates may be in memory.
    """

    application: Application[Any, Any, Any, Any, Any, Any]
    inbox: Inbox
    vitals: Vitals = field(default_factory=Vitals)
    clock: Clock = utc_now
    most: int = MOST
    lanes: Lanes = field(init=False)
    crew: Crew | Solo = field(default_factory=Solo)
    _backlog: Backlog = field(init=False)
    _receiving: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Make the lanes."""
        self.lanes = Lanes(self._handle, most=self.most)
        if isinstance(pace := self.application.bot.rate_limiter, Pace):
            pace.aside = self.lanes.aside
        self._backlog = make_backlog(self.inbox, self.crew, self.lanes)

    async def resume(self) -> None:
        """Let what an earlier run left unfinished be handled first."""
        await self._backlog.resume()

    async def receive(self, raws: Sequence[object]) -> None:
        """Keep updates, as JSON gives them, and let those that are new be handled; return once they are kept.

        This waits while there are too many updates already. Whoever gives up waiting stops nothing of it. A program
        that has its database to itself handles them all the same where that fails, and remembers them while Telegram
        sends them again.

        Raises:
            StoreError: they may not be kept, so Telegram must send them again.
            UnkeptError: they are not kept, but all of them were handled; Telegram may forget them.
        """
        task = asyncio.create_task(self._receive(raws))
        self._receiving.add(task)
        task.add_done_callback(self._receiving.discard)
        await asyncio.shield(task)

    async def stop(self, grace: timedelta = GRACE) -> None:
        """Finish what was begun; the rest stays in the inbox."""
        await self.lanes.stop(grace)
        for task in self._receiving:
            task.cancel()
        await asyncio.gather(*self._receiving, return_exceptions=True)

    async def _receive(self, raws: Sequence[object]) -> None:
        now = self.clock()
        batch = [one for one in (incoming(raw, now) for raw in raws) if one]
        if len(batch) < len(raws):
            _log.error("telegram.update_without_id", updates=len(raws) - len(batch))
        await self._backlog.add(batch)
        self.vitals.beat(Organ.INBOX)

    async def _handle(self, one: Incoming) -> None:
        may_return = False
        try:
            may_return = not self._backlog.is_ours(one) or await self._end(await self._done(one), one)
        finally:
            self._backlog.ended(one, may_return=may_return)

    async def _done(self, one: Incoming) -> str:
        """Handle an update; return why it cannot be, empty where it is done."""
        update = read_update(one.body, self.application.bot)
        if isinstance(update, Poison):
            _log.error("telegram.update_set_aside", update_id=one.update_id, error=update.why)
            return update.why
        if self._is_late(update, one):
            _log.info("telegram.update_too_late", update_id=one.update_id)
        else:
            await self.application.process_update(update)
        return ""

    async def _end(self, why: str, one: Incoming) -> bool:
        """Note the end of an update; where that fails the inbox tries again, and after a crash the work is repeated."""
        try:
            await (self.inbox.set_aside(one.update_id, why) if why else self.inbox.finish([one.update_id]))
        except StoreError as error:
            _log.error("telegram.end_not_noted", error=type(error.__cause__ or error).__name__)
            return False
        return True

    def _is_late(self, update: Update, one: Incoming) -> bool:
        began = min(one.received_at, written_at(update) or one.received_at)
        return wants_answer(update) and self.clock() - began > LATE
