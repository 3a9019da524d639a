"""What condition a SQLite file is in, found out before it is used; and what is done where it is a bad one.

A file that is no whole database any more is moved aside, never deleted, and a new one begins. Where the disk takes
nothing, memory stands in until the next start. Both are better than a bot that starts and stops for ever.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from pathlib import Path

BESIDE = ("-wal", "-shm", "-journal", "")  # the file itself last: its log must not meet the new one
CHECKED = 64 * 2**20  # bytes up to which a start reads every page, some 0.2 s; `doctor` reads larger ones too
PATIENCE = 5.0  # seconds

_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}


class Condition(Enum):
    """Whether a database can be used."""

    SOUND = auto()
    CORRUPT = auto()
    UNWRITABLE = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """The condition of a file, and SQLite's words where it is a bad one."""

    condition: Condition
    reason: str = ""


SOUND = Finding(Condition.SOUND)


def examined(file: Path, *, is_writing: bool = True, largest: int | None = None, patience: float = PATIENCE) -> Finding:
    """Return the condition of a file; one that is not there, or that another program holds, is sound.

    Args:
        file: the database.
        is_writing: whether to try a write, which changes nothing.
        largest: bytes up to which every page is read; any size without it.
        patience: seconds that another program may hold the file.
    """
    if not file.is_file():
        return SOUND
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", timeout=patience, uri=True)) as database:
            _check(database, is_whole=largest is None or file.stat().st_size <= largest)
            if is_writing:
                _try_writing(database)
    except sqlite3.Error as error:
        return Finding(_condition(error), str(error))
    return SOUND


def put_aside(file: Path, why: str, now: datetime) -> Path:
    """Move a database, with what lies beside it, out of the way; return its new name, which tells why and when."""
    aside = file.with_name(f"{file.name}.{why}-{now:%Y%m%dT%H%M%S}")
    for ending in BESIDE:
        part = file.with_name(file.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def _check(database: sqlite3.Connection, *, is_whole: bool) -> None:
    database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if is_whole:
        (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            error = sqlite3.DatabaseError(said)
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error


def _try_writing(database: sqlite3.Connection) -> None:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    database.execute(f"PRAGMA user_version = {int(version)}")


def _condition(error: sqlite3.Error) -> Condition:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # an extended code has its primary one in the low byte
    if code in _CORRUPT:
        return Condition.CORRUPT
    return Condition.UNWRITABLE if code in _UNWRITABLE else Condition.SOUND
