"""Planned posts: sent once when they are due, mended when a source comes back, stopped when a channel is lost.

Several programs may do this on one database: each post is noted before it is sent, by one of them. What is noted and
not known to have arrived counts as sent.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import structlog

from bot.column import Column
from bot.errors import StoreError
from bot.faces.telegram.columnist import Columnist, post_of
from bot.faces.telegram.delivery import Delivered
from bot.faces.telegram.outcome import Result
from bot.faces.telegram.pace import Urgency
from bot.faces.telegram.rights import MayPost, Rights
from bot.model.reply import Reply
from bot.model.schedule import Due, Plan, Posted, due
from bot.reply.posting import lost_reply, skipped_reply
from bot.store import Schedules

EVERY = timedelta(seconds=20)
MENDED_FOR = timedelta(hours=1)  # after the time of a post; later, readers have seen it as it is
MEND_EVERY = timedelta(minutes=2)
TRY_AGAIN = frozenset({Result.UNSENT, Result.FLOODED})

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Timetable:
    """Looks every few seconds what is due; posts wait for nobody but go behind answers."""

    columnist: Columnist
    rights: Rights
    schedules: Schedules
    _busy: set[int] = field(default_factory=set)

    async def run(self) -> None:
        """Look for ever; one post that has to wait holds up no other."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._mend_for_ever())
            while True:
                for plan, found in await self._due():
                    group.create_task(self._attend(plan, found))
                await asyncio.sleep(EVERY.total_seconds())

    async def once(self) -> None:
        """Send what is due now, and mend what can be."""
        await asyncio.gather(*(self._attend(plan, found) for plan, found in await self._due()))
        await self.mend()

    async def mend(self) -> None:
        """Bring posts up to date whose numbers were not all there."""
        await _noted(self._mend())

    async def _mend_for_ever(self) -> None:
        while True:
            await self.mend()
            await asyncio.sleep(MEND_EVERY.total_seconds())

    async def _due(self) -> list[tuple[Plan, Due]]:
        found: list[tuple[Plan, Due]] = []
        await _noted(self._find(found))
        return found

    async def _find(self, found: list[tuple[Plan, Due]]) -> None:
        for plan in await self.schedules.active():
            try:
                one = None if plan.id in self._busy else await self._due_of(plan)
            except ZoneInfoNotFoundError:  # another machine knew the zone
                _log.warning("posts.no_zone", plan=plan.id, zone=plan.timing.zone)
            else:
                found += [(plan, one)] if one else []

    async def _due_of(self, plan: Plan) -> Due | None:
        now = self.rights.clock()
        if plan.timing.latest(now).day == plan.last_day:
            return None
        return due(plan.timing, plan.started, await self.schedules.taken(plan.id), now)

    async def _attend(self, plan: Plan, found: Due) -> None:
        self._busy.add(plan.id)
        try:
            await _noted(self._skip(plan, found) if found.is_late else self._post(plan, found))
        finally:
            self._busy.discard(plan.id)

    async def _skip(self, plan: Plan, found: Due) -> None:
        """Leave a post out that comes too late, and say so."""
        if await self.schedules.claim(plan.id, found.slot):
            _log.info("posts.skipped", plan=plan.id, missed=found.missed + 1)
            await self._tell_missed(plan, found.missed + 1)

    async def _post(self, plan: Plan, found: Due) -> None:
        answer = await self.rights.may_post(plan.channel, plan.person)
        if answer is MayPost.UNKNOWN:
            return  # the next look asks again
        if answer is not MayPost.YES:
            await self._lose(plan, is_person=answer is MayPost.NO)
            return
        column = await self.columnist.column(plan.channel, plan.what, await self.schedules.before(plan.id, found.slot))
        if column is None or not await self.schedules.claim(plan.id, found.slot):
            return
        done = await self.columnist.publish(plan.channel, post_of(column), Urgency.BROADCAST)
        await self._settle(plan, found, column, done)

    async def _settle(self, plan: Plan, found: Due, column: Column, done: tuple[Delivered, ...]) -> None:
        """Note what became of a post; only one that certainly never left is due again."""
        first = done[0].result
        _log.info("posts.posted", plan=plan.id, result=first.value)
        if first in TRY_AGAIN:
            await self.schedules.release(plan.id, found.slot)
        elif not done[0].may_be_there:
            await self._lose(plan, is_person=False)
        else:
            numbers = tuple(one.number for one in done if one.number)
            can_mend = column.gaps and len(numbers) == len(done)
            until = self.rights.clock() + MENDED_FOR if can_mend else None
            await self.schedules.settle(Posted(plan.id, found.slot, numbers, column.numbers), until)
            if found.missed:
                await self._tell_missed(plan, found.missed)

    async def _mend(self) -> None:
        for plan, posted, until in await self.schedules.to_mend():
            await self._mend_one(plan, posted, until)

    async def _mend_one(self, plan: Plan, posted: Posted, until: datetime) -> None:
        """Edit a post if more of its numbers are there by now; it stays open until all of them are."""
        before = await self.schedules.before(plan.id, posted.slot)
        column = await self.columnist.column(plan.channel, plan.what, before)
        if column is None or not column.numbers.keys() - posted.numbers.keys():
            return
        is_done = await self.columnist.sender.amend(plan.channel, posted.messages, post_of(column))
        _log.info("posts.mended", plan=plan.id, is_done=is_done)
        now = replace(posted, numbers=column.numbers) if is_done else posted
        await self.schedules.settle(now, until if is_done and column.gaps else None)

    async def _lose(self, plan: Plan, *, is_person: bool) -> None:
        """Stop somebody's plans for a channel, and tell them once."""
        if await self.schedules.lose(plan.channel, plan.person):
            _log.info("posts.channel_lost", plan=plan.id, is_person=is_person)
            await self._tell(plan, lost_reply(await self.rights.title(plan.channel), plan.channel, is_person=is_person))

    async def _tell_missed(self, plan: Plan, missed: int) -> None:
        await self._tell(plan, skipped_reply(plan, await self.rights.title(plan.channel), missed))

    async def _tell(self, plan: Plan, reply: Reply) -> None:
        await self.columnist.sender.tell(plan.person, reply)


async def _noted(work: Coroutine[Any, Any, None]) -> None:
    """Do something; a database that fails is logged, and the next look tries again."""
    try:
        await work
    except StoreError as error:
        _log.warning("posts.not_kept", error=type(error.__cause__ or error).__name__)
