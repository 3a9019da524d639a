"""Looks every minute at the numbers somebody watches, and tells them of crossings: each one once."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

import structlog

from bot.errors import StoreError
from bot.faces.telegram.delivery import Address
from bot.faces.telegram.send import Sender
from bot.lookout import Lookout
from bot.model.alert import Alert, Reading
from bot.model.crossing import Step, step
from bot.reply.alerts import told
from bot.stats import STATS
from bot.store import Alerts

EVERY = 60.0  # seconds between looks

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Watchman:
    """Looks, claims in the database, then writes; several programs may do so at the same time."""

    alerts: Alerts
    lookout: Lookout
    sender: Sender

    async def run(self) -> None:
        """Look for ever; a round that waits for a slow chat does not hold up the next one."""
        async with asyncio.TaskGroup() as rounds:
            while True:
                rounds.create_task(self._round())
                await asyncio.sleep(EVERY)

    async def _round(self) -> None:
        try:
            await self.once()
        except StoreError as error:
            _log.warning("alerts.not_watched", error=type(error.__cause__ or error).__name__)

    async def once(self) -> None:
        """Look at what is watched, and write to those whose number crossed its line."""
        watched = await self.alerts.watched()
        if not watched:
            return
        seen = await self.lookout.readings({alert.wish for alert in watched})
        now = self.lookout.clock()
        due = [
            (alert, found, step(alert, found, now))
            for alert in watched
            if isinstance(found := seen[alert.wish], Reading)
        ]
        await self.alerts.arm([alert.id for alert, _, what in due if what is Step.ARM])
        await asyncio.gather(*(self._tell(alert, found) for alert, found, what in due if what is Step.FIRE))

    async def _tell(self, alert: Alert, reading: Reading) -> None:
        if not await self.alerts.claim(alert):
            return
        page = told(alert, STATS[alert.wish.stat], reading, self.lookout.clock())
        where = Address(alert.room.chat, alert.room.thread)
        if not await self.sender.tell(where, page.reply, page.marks):
            await self.alerts.arm([alert.id])  # tried again after the cool-down, if it is still so


@dataclass(frozen=True, slots=True)
class AlertChats:
    """Keeps alerts with their chats; a database that fails is logged."""

    alerts: Alerts

    async def moved(self, old: int, new: int) -> None:
        """Take the alerts of a group to the supergroup it became."""
        await self._done(self.alerts.moved(old, new))

    async def gone(self, chat: int) -> None:
        """Delete the alerts of a chat that the bot cannot write to any more."""
        await self._done(self.alerts.gone(chat))

    async def _done(self, work: Awaitable[None]) -> None:
        try:
            await work
        except StoreError as error:
            _log.warning("alerts.failed", error=type(error.__cause__ or error).__name__)
