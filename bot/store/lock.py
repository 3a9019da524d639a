"""One program at a time on a SQLite database: a lock beside its file that a killed program lets go of by itself.

PostgreSQL databases and those in memory have none here.
"""

import asyncio
import errno
import fcntl
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

from bot.errors import StoreError
from bot.store.engine import database_file

LOCK = "-lock"  # behind the name of the database, as `-wal` and `-shm` are
RIGHTS = 0o600
PATIENCE = timedelta(milliseconds=200)  # whoever only looks who holds the lock has it for a moment
UNWRITABLE = {errno.EROFS, errno.ENOSPC, errno.EDQUOT}
STEP = timedelta(milliseconds=50)


def lock_file(database: Path) -> Path:
    """Return where the lock of a database lies."""
    return database.with_name(database.name + LOCK)


@asynccontextmanager
async def alone(url: str, patience: timedelta = PATIENCE) -> AsyncIterator[None]:
    """Keep other programs that ask for the same from a database; what is only read needs no such thing.

    Raises:
        StoreError: another program has it, which the text names, or the lock cannot be made.
    """
    database = database_file(url)
    if database is None:
        yield
        return
    handle = _opened(lock_file(database))
    try:
        if not await _locked(handle, patience):
            raise StoreError(
                f"another instance runs on {database} (process {_named(handle)}); "
                "stop it first, or give this one a database.url of its own"
            )
        _sign(handle, f"{os.getpid()} on {socket.gethostname()}")
        yield
        _sign(handle, "")
    finally:
        os.close(handle)


def holder(url: str) -> str:
    """Return `PID on HOST` of the program that has a database to itself, nothing where there is none."""
    database = database_file(url)
    if database is None or not lock_file(database).is_file():
        return ""
    try:
        handle = os.open(lock_file(database), os.O_RDONLY)
    except OSError:
        return ""
    try:
        return "" if _is_locked(handle, fcntl.LOCK_SH) else _named(handle)
    finally:
        os.close(handle)


def _opened(file: Path) -> int:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, RIGHTS)
    except OSError as error:
        if error.errno in UNWRITABLE and file.parent.is_dir():
            return os.open(file.parent, os.O_RDONLY)  # a disk that takes nothing more can still be locked
        raise StoreError(f"database.url: cannot make {file} ({error.strerror}); mend the path or its rights") from error


async def _locked(handle: int, patience: timedelta) -> bool:
    try:
        async with asyncio.timeout(patience.total_seconds()):
            while not _is_locked(handle, fcntl.LOCK_EX):  # noqa: ASYNC110 - another program cannot wake us
                await asyncio.sleep(STEP.total_seconds())
    except TimeoutError:
        return False
    return True


def _is_locked(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sign(handle: int, name: str) -> None:
    with suppress(OSError):  # the lock holds without a name
        os.ftruncate(handle, 0)
        os.pwrite(handle, name.encode(), 0)


def _named(handle: int) -> str:
    with suppress(OSError):
        return os.pread(handle, 200, 0).decode(errors="replace").strip() or "unknown"
    return "unknown"
