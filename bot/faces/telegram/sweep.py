"""Deletes what had its time: answers, and the commands they answered, where a group wants that."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.faces.telegram.send import Sender
from bot.house import House

EVERY = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Looks every few seconds what is due; each message is tried once."""

    house: House
    sender: Sender

    async def run(self) -> None:
        """Sweep for ever."""
        while True:
            await self.once()
            await asyncio.sleep(EVERY.total_seconds())

    async def once(self) -> None:
        """Delete what is due now; what cannot be noted as deleted is tried again later."""
        while due := await self.house.told(lambda chats: chats.due()):
            for chat, message in due:
                await self.sender.withdraw(chat, message)
            if not await self._note(due):
                return

    async def _note(self, deleted: Sequence[tuple[int, int]]) -> bool:
        return bool(await self.house.told(lambda chats: chats.deleted(deleted)))
