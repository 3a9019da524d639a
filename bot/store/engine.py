"""The engine that talks with a database: SQLite as a file, PostgreSQL by its URL."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import StoreError

SQLITE = "sqlite"
# A commit is on the disk before it returns: an edit that was approved outlives a power cut. What is deleted is
# overwritten, so that nobody finds it in the file.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "secure_delete=ON",
)


def make_engine(url: str) -> AsyncEngine:
    """Return the engine of a URL, which opens nothing yet; dispose of it afterwards.

    Raises:
        StoreError: the URL is none, or names a database or a driver that is not there.
    """
    try:
        engine = create_async_engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError("database.url: expected sqlite+aiosqlite:///FILE or postgresql+asyncpg://…") from error
    if engine.dialect.name == SQLITE:
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    return engine


def touch(engine: AsyncEngine) -> None:
    """Open a SQLite file once: where that fails, aiosqlite leaves a thread behind that outlives the event loop.

    Raises:
        sqlite3.Error: it cannot be opened or made.
    """
    if engine.dialect.name == SQLITE:
        (where, *_), options = engine.dialect.create_connect_args(engine.url)
        sqlite3.connect(where, uri=options.get("uri", False)).close()


def is_there(engine: AsyncEngine) -> bool:
    """Tell whether a SQLite file exists; other databases are taken to."""
    return engine.dialect.name != SQLITE or Path(engine.url.database or "").is_file()


@asynccontextmanager
async def begun(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Give a connection in a transaction; raises `StoreError` where the database fails."""
    try:
        async with engine.begin() as connection:
            yield connection
    except (DBAPIError, UnicodeError, OverflowError) as error:  # half a sign, and a number of more than eight bytes
        raise StoreError("the database failed") from error


def _set_up_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
