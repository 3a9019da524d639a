"""The reception: keeps what arrives, however it arrives, and sees to it that each update is handled once, in order."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from telegram import Update
from telegram.ext import Application

from bot.errors import StoreError, UnkeptError
from bot.faces.telegram.lanes import GRACE, MOST, Lanes
from bot.faces.telegram.parse import Poison, incoming, read_update, wants_answer, written_at
from bot.model.clock import Clock, utc_now
from bot.model.incoming import Incoming
from bot.model.vitals import Organ, Vitals
from bot.store import Inbox

REMEMBERED = 10_000  # updates that were handled and not kept
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
    _doubtful: set[int] = field(default_factory=set)  # a failed commit may have kept these all the same
    _unkept: OrderedDict[int, bool] = field(default_factory=OrderedDict)  # whether they are handled already
    _receiving: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Make the lanes."""
        self.lanes = Lanes(self._handle, most=self.most)

    async def resume(self) -> None:
        """Let what an earlier run left unfinished be handled first."""
        left = await self.inbox.unfinished()
        if left:
            _log.info("telegram.resumed", updates=len(left))
        for one in left:
            await self.lanes.reserve(1)
            self.lanes.put([one])

    async def receive(self, raws: Sequence[object]) -> None:
        """Keep updates, as JSON gives them, and let those that are new be handled; return once they are kept.

        This waits while there are too many updates already. Whoever gives up waiting stops nothing of it. Where the
        database fails they are handled all the same, and remembered while Telegram sends them again.

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
        await self.lanes.reserve(len(batch))
        new: Sequence[Incoming] = ()
        try:
            new = await self._recorded(await self._kept(batch))
        except StoreError:
            new = self._borrowed(batch)
            if not new and all(self._unkept.get(one.update_id) for one in batch):
                raise UnkeptError("the database failed") from None
            raise
        finally:
            await self.lanes.release(len(batch) - len(new))
            self.lanes.put(new)

    def _borrowed(self, batch: Sequence[Incoming]) -> Sequence[Incoming]:
        """Return those of a batch that could not be kept which nobody has begun yet, and remember them."""
        new = [one for one in batch if one.update_id not in self._unkept]
        self._unkept |= dict.fromkeys((one.update_id for one in new), False)
        while len(self._unkept) > REMEMBERED:
            self._unkept.popitem(last=False)
        return new

    async def _recorded(self, new: Sequence[Incoming]) -> Sequence[Incoming]:
        """Return what is left of updates that are kept now, when those are noted that were handled before."""
        known = {one.update_id for one in new if one.update_id in self._unkept}
        done = [number for number in known if self._unkept.pop(number)]
        if done:
            await self._end(self.inbox.finish(done))
        return [one for one in new if one.update_id not in known]

    async def _kept(self, batch: Sequence[Incoming]) -> Sequence[Incoming]:
        numbers = {one.update_id for one in batch}
        doubtful = self._doubtful & numbers
        self._doubtful -= doubtful
        try:
            new = await self.inbox.keep(batch)
            if doubtful:
                doubtful -= {one.update_id for one in new}
                left = [one for one in await self.inbox.unfinished() if one.update_id in doubtful]
                new = tuple(sorted((*new, *left), key=lambda one: one.update_id))
        except BaseException:
            self._doubtful |= numbers
            raise
        self.vitals.beat(Organ.INBOX)
        return new

    async def _handle(self, one: Incoming) -> None:
        try:
            await self._work_on(one)
        finally:
            if one.update_id in self._unkept:
                self._unkept[one.update_id] = True

    async def _work_on(self, one: Incoming) -> None:
        update = read_update(one.body, self.application.bot)
        if isinstance(update, Poison):
            _log.error("telegram.update_set_aside", update_id=one.update_id, error=update.why)
            await self._end(self.inbox.set_aside(one.update_id, update.why))
            return
        if self._is_late(update, one):
            _log.info("telegram.update_too_late", update_id=one.update_id)
        else:
            await self.application.process_update(update)
        await self._end(self.inbox.finish([one.update_id]))

    async def _end(self, note: Awaitable[None]) -> None:
        """Note the end of an update; where that fails the inbox tries again, and after a crash the work is repeated."""
        try:
            await note
        except StoreError as error:
            _log.error("telegram.end_not_noted", error=type(error.__cause__ or error).__name__)

    def _is_late(self, update: Update, one: Incoming) -> bool:
        began = min(one.received_at, written_at(update) or one.received_at)
        return wants_answer(update) and self.clock() - began > LATE
