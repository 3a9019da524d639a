"""A copy of a SQLite database as it is at one moment, while others write to it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import StoreError
from bot.store.schema import head, knows

PATIENCE = 10.0  # seconds that writers may keep the file to themselves


def snapshot(database: Path, to: Path) -> None:
    """Copy a database into a file that is not there yet; `version_of` checks the copy.

    Raises:
        StoreError: it is not there or cannot be read, or the copy cannot be written.
    """
    if not database.is_file():
        raise StoreError(f"{database} is not there; mend database.url")
    try:
        os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        source = sqlite3.connect(f"{database.absolute().as_uri()}?mode=rw", timeout=PATIENCE, uri=True)
        with closing(source), closing(sqlite3.connect(to)) as copy:
            source.backup(copy)  # in one step: readers of the log never wait for writers, nor writers for them
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{database} cannot be copied ({error})") from error


def version_of(file: Path) -> str:
    """Return the version of a whole database that nobody uses.

    Raises:
        StoreError: it is damaged, or no database of this program.
    """
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                raise StoreError(f"{file} is damaged ({said})")
            (version,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.Error, TypeError) as error:
        raise StoreError(f"{file} is no database of this program ({error})") from error
    return str(version)


def refuse_newer(version: str) -> None:
    """Raise `StoreError` where a database is of a later program than this."""
    if not knows(version):
        raise StoreError(
            f"the database is at version {version}, this program knows none after {head()}; update the program"
        )
