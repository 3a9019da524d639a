"""Writes a file so that it is the old one or the new one at any moment, even when the power goes."""

import asyncio
import fcntl
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.errors import EditError

MODE = 0o644  # of a file that was not there
PART = ".part"  # no suffix of a knowledge file, so what is left of a write that was killed is never read
PATIENCE = timedelta(seconds=10)  # how long another program may be at it
STEP = timedelta(milliseconds=20)  # between two looks whether it still is


@asynccontextmanager
async def alone(folder: Path, patience: timedelta = PATIENCE) -> AsyncIterator[None]:
    """Keep other programs that ask for the same from a folder; a killed one lets go of it by itself.

    Raises:
        EditError: another program does not let go of it, or it is not there.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise EditError(f"{folder} cannot be opened ({error.strerror}); mend knowledge.path") from error
    try:
        await _locked(handle, patience)
        yield
    finally:
        os.close(handle)


async def _locked(handle: int, patience: timedelta) -> None:
    try:
        async with asyncio.timeout(patience.total_seconds()):
            while not _is_locked(handle):  # noqa: ASYNC110 - another program cannot wake us
                await asyncio.sleep(STEP.total_seconds())
    except TimeoutError as error:
        raise EditError("another program is editing the knowledge; try again") from error


def _is_locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_file(path: Path, content: bytes, label: str) -> None:
    """Put a file in another's place, on the disk before it returns; a link stays, and what it leads to is replaced.

    Args:
        path: the file.
        content: its bytes.
        label: tells writes apart that may run at once.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else MODE
    part = target.with_name(f".{target.name}.{label}{PART}")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def read_file(path: Path) -> bytes | None:
    """Return the bytes of a file; None where it is not there."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def sweep(path: Path) -> None:
    """Remove what killed writes of a file left behind."""
    target = path.resolve()
    for part in target.parent.glob(f".{target.name}.*{PART}"):
        part.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk before it returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
