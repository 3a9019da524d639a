"""A real inbox in a file of its own, without the other tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.model.clock import Clock, utc_now
from bot.store import Inbox
from bot.store.engine import make_engine
from bot.store.tables import INBOX


@asynccontextmanager
async def open_inbox(folder: Path | None = None, clock: Clock = utc_now) -> AsyncIterator[Inbox]:
    """Give the inbox that lies in a folder, which is made where there is none."""
    with TemporaryDirectory() as made:
        engine = make_engine(f"sqlite+aiosqlite:///{folder or made}/inbox.db")
        async with engine.begin() as connection:
            await connection.run_sync(INBOX.create, checkfirst=True)
        yield Inbox(engine, clock)
        await engine.dispose()
