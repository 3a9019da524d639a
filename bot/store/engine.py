"""The engine that talks with a database: SQLite as a file, PostgreSQL by its URL."""

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, NullPool

from bot.errors import StoreError

WANTED = (
    "database.url: expected sqlite+aiosqlite:///FILE, or postgresql+asyncpg://… with the driver installed: "
    "pip install '.[postgres]'"
)
SQLITE = "sqlite"
PRIVATE = 0o600
# A commit is on the disk before it returns: an edit that was approved outlives a power cut. What is deleted is
# overwritten, so that nobody finds it in the file.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "secure_delete=ON",
)

# SQLite lets one write at a time. Those who wait for its lock look again ever more seldom, so that one who writes all
# the time starves the others; those who wait for the one connection get it in turn.
ONE_LINE: dict[str, Any] = {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0}

# Seconds within which a PostgreSQL answers, or it counts as gone; and after which it gives up who has gone itself.
POSTGRESQL = "postgresql"
ANSWER = {"timeout": 10, "command_timeout": 30}
NAME = "btc-bch-bot"  # as the server shows whose connections there are
GONE = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "2"}


def make_engine(url: str) -> AsyncEngine:
    """Return the engine of a URL, which opens nothing yet; dispose of it afterwards.

    Raises:
        StoreError: the URL is none, or names a database or a driver that is not there.
    """
    try:
        is_sqlite = make_url(url).get_backend_name() == SQLITE
        others = {"connect_args": {**ANSWER, "server_settings": GONE | {"application_name": NAME}}}
        engine = create_async_engine(url, **(ONE_LINE if is_sqlite else others))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(WANTED) from error
    if engine.dialect.name == SQLITE:
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
    return engine


def make_session_engine(engine: AsyncEngine, *, idle: float, answer: float) -> AsyncEngine:
    """Return an engine for the PostgreSQL of another one, whose connections are really closed when they are given back.

    Args:
        engine: the other one.
        idle: seconds after which the server ends a connection that says nothing.
        answer: seconds within which each answer is there.
    """
    settings = GONE | {"application_name": f"{NAME} crew", "idle_session_timeout": f"{idle * 1000:.0f}ms"}
    waits = {"timeout": answer, "command_timeout": answer}
    return create_async_engine(
        engine.url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={**waits, "server_settings": settings},
    )


def unbundled(engine: AsyncEngine) -> AsyncEngine:
    """Return an engine over the same connections on which each statement is a transaction of its own, at once."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def is_shared(engine: AsyncEngine) -> bool:
    """Tell whether several programs may work on a database at the same time, as on PostgreSQL."""
    return engine.dialect.name == POSTGRESQL


def is_failure(error: Exception) -> bool:
    """Tell whether an error is one of the database; what connects lets the driver's own through."""
    return isinstance(error, DBAPIError | OSError | NoConnectionError) or type(error).__module__.startswith("asyncpg.")


def touch(engine: AsyncEngine) -> None:
    """Open a SQLite file once: where that fails, aiosqlite leaves a thread behind that outlives the event loop.

    Raises:
        sqlite3.Error: it cannot be opened or made.
    """
    if engine.dialect.name == SQLITE:
        (where, *_), options = engine.dialect.create_connect_args(engine.url)
        _make_private(database_file(str(engine.url)))
        sqlite3.connect(where, uri=options.get("uri", False)).close()


def _make_private(file: Path | None) -> None:
    """Make a file that is not there so that nobody else reads it; what SQLite puts beside it has the same rights."""
    if file and file.parent.is_dir():
        with suppress(FileExistsError):
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))


def database_file(url: str) -> Path | None:
    """Return the file of a SQLite URL; None for a database in memory and for other databases.

    Raises:
        StoreError: the URL is none.
    """
    try:
        made = make_url(url)
    except ArgumentError as error:
        raise StoreError(WANTED) from error
    name = made.database or ""
    if made.get_backend_name() != SQLITE or name in {"", ":memory:"} or made.query.get("mode") == "memory":
        return None
    return Path(name.removeprefix("file:"))


def is_there(engine: AsyncEngine) -> bool:
    """Tell whether a SQLite file exists; other databases are taken to."""
    return engine.dialect.name != SQLITE or Path(engine.url.database or "").is_file()


@asynccontextmanager
async def begun(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Give a connection in a transaction; raises `StoreError` where the database fails."""
    try:
        async with engine.begin() as connection:
            yield connection
    except (UnicodeError, OverflowError) as error:  # half a sign, and a number of more than eight bytes
        raise StoreError("the database failed") from error
    except Exception as error:
        if is_failure(error):
            raise StoreError("the database failed") from error
        raise


def _set_up_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
