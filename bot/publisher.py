"""Brings what the knowledge files hold into use after they were changed here."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.edition import Edition, Shelf
from bot.errors import KnowledgeError

Read = Callable[[Mapping[str, bytes]], Edition]  # the folder, some files (relative to it) holding other bytes


class Publisher(Protocol):
    """Whatever keeps the shelf up to date."""

    async def refresh(self) -> tuple[str, ...]:
        """Return once what the files hold is in use; or why it cannot be, a sentence for each problem."""


@dataclass(frozen=True, slots=True)
class Reloader:
    """Reads the whole folder again, one reading after the other, so that the newest one stays on the shelf."""

    shelf: Shelf
    read: Read
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def refresh(self) -> tuple[str, ...]:
        """Put what the files hold onto the shelf; where they are wrong, what is there stays."""
        async with self._lock:
            try:
                self.shelf.current = await asyncio.to_thread(self.read, {})
            except KnowledgeError as error:
                return error.problems
        return ()
