"""Opens the database of a bot that goes on: whatever is the matter with the file, there is a store afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from bot.model.clock import Clock
from bot.store.condition import CHECKED, Condition, examined, put_aside
from bot.store.engine import database_file
from bot.store.store import Store, open_store

IN_MEMORY = "sqlite+aiosqlite://"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Opened:
    """A store, and what had to be done to get one: a sentence with its cure, empty where all is well."""

    store: Store
    trouble: str = ""


@asynccontextmanager
async def open_lasting(url: str, clock: Clock) -> AsyncIterator[Opened]:
    """Open a database; a corrupt one is moved aside first, and memory stands in for one that cannot be written.

    Raises:
        StoreError: as `open_store`, where nothing of that helps.
    """
    file = database_file(url)
    trouble = ""
    if file:
        url, trouble = await asyncio.to_thread(_usable, url, file, clock)
    async with open_store(url, clock) as store:
        yield Opened(store, trouble)


def _usable(url: str, file: Path, clock: Clock) -> tuple[str, str]:
    """Return the URL to open, and what to say of it."""
    found = examined(file, largest=CHECKED)
    match found.condition:
        case Condition.CORRUPT:
            aside = put_aside(file, "corrupt", clock())
            log.error("store.moved_aside", file=str(file), to=str(aside), reason=found.reason)
            return url, (
                f"The database {file} was corrupt ({found.reason}). It lies at {aside} now, and I began a new one. "
                "python -m bot restore FILE brings a backup back while I am stopped."
            )
        case Condition.UNWRITABLE:
            log.error("store.in_memory", file=str(file), reason=found.reason)
            return IN_MEMORY, (
                f"The database {file} cannot be written ({found.reason}). I answer, and forget what happens as soon as "
                "I stop. Make room on the disk or mend its rights, then start me again."
            )
    return url, ""
