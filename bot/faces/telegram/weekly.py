"""The weekly gaps: told to owners who want them, once a week at most, and only while there are any."""

import asyncio
from dataclasses import dataclass

from bot.faces.telegram.digest import EVERY, LOOK_EVERY
from bot.faces.telegram.send import Sender
from bot.gaps import Gaps
from bot.reply.gaps import gaps_page


@dataclass(frozen=True, slots=True)
class Weekly:
    """Looks now and then, and writes to those owners whose last digest is a week old."""

    gaps: Gaps
    sender: Sender
    owners: frozenset[int]
    can_edit: bool = False

    async def run(self) -> None:
        """Look for ever, if there is anybody to tell."""
        while self.owners:
            await self.once()
            await asyncio.sleep(LOOK_EVERY.total_seconds())

    async def once(self) -> None:
        """Write to every owner who wants it and is due; who cannot be reached stays due."""
        for owner in sorted(self.owners):
            await self._tell(owner)

    async def _tell(self, owner: int) -> None:
        journal = self.gaps.journal
        if not await journal.told(lambda records: records.begin_weekly(owner, EVERY)):
            return
        page = gaps_page(await self.gaps.found() or (), 0, can_edit=self.can_edit)
        if not page.marks or not await self.sender.tell(owner, page.reply, page.marks):
            await journal.told(lambda records: records.forget_weekly(owner))
