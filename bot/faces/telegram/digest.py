"""The owners' digest: what live numbers contradict, told to each owner once a week at most."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.errors import StoreError
from bot.faces.telegram.send import Sender
from bot.model.judgement import Contradicted
from bot.pipeline import Pipeline
from bot.reply.claims import digest_reply
from bot.store import Store

EVERY = timedelta(days=7)
LOOK_EVERY = timedelta(hours=1)

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Digest:
    """Looks now and then, and writes to those owners whose last digest is a week old."""

    pipeline: Pipeline
    sender: Sender
    store: Store
    owners: tuple[int, ...]

    async def run(self) -> None:
        """Look for ever, if there is anybody to tell; a database that fails is logged and tried again."""
        while self.owners:
            try:
                await self.once()
            except StoreError as error:
                _log.warning("digest.not_sent", error=type(error.__cause__ or error).__name__)
            await asyncio.sleep(LOOK_EVERY.total_seconds())

    async def once(self) -> None:
        """Write to every owner who is due, if anything is contradicted; who cannot be reached stays due."""
        # Noted before it is sent: a bot that is killed in between rather tells too little than twice.
        due = [owner for owner in self.owners if await self.store.begin_digest(owner, EVERY)]
        if not due:
            return
        found = [one for one in await self.pipeline.drift() if isinstance(one.judgement, Contradicted)]
        reply = digest_reply(found, self.pipeline.clock())
        for owner in due:
            if not found or not await self.sender.tell(owner, reply):
                await self.store.forget_digest(owner)
