"""A database of every earlier version is brought up to date, and what was kept in it stays."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

from bot.store import open_store
from bot.store.schema import MIGRATIONS, head
from bot.store.tables import METADATA
from tests.conftest import StandingClock

# Rows as the program of that version wrote them; a version that adds tables adds rows here.
ROWS: dict[str, dict[str, Sequence[tuple[object, ...]]]] = {
    "0001": {
        "known_numbers": [("fee", "btc", 2.5, "mempool.space", 1_700_000_000_000_000, 1_700_000_001_000_000)],
        "points": [
            ("fee", "btc", 0, 1_700_000_000_000_000, 1, 2.5, 2.5, 2.5, "mempool.space"),
            ("fee", "bch", 3600, 1_699_999_200_000_000, 6, 1.0, 1.0, 1.1, "bchexplorer.cash"),
        ],
    },
    "0002": {"digests": [(7_000_000_001, 1_700_000_000_000_000)]},
    "0003": {
        "versions": [(1, "btc-vs-bch/a.yml", "f" * 64, b"x\x9c", 7, "Olga", "teach", 1_700_000_000_000_000, 0, 1)],
        "drafts": [(4, "btc-vs-bch/a.yml", 1, "{}", "f" * 64, 7, "Olga", 1_700_000_000_000_000, "open", 0)],
    },
    "0004": {
        "salts": [(1, "5a" * 32)],
        "questions": [
            (3, "a", "b", "c", "private", "en", "bch fees?", "answer", "fees", 0.9, "rule", 17, b"\0\1", "e5"),
            (9, "d", "b", "c", "group", "", "why", "silence", "", 0.1, "rule", 18, None, ""),
        ],
        "candidates": [(3, 0, "fees", 0.9, "fees of bch")],
        "votes": [(3, "b", 1, 19)],
        "remarks": [(3, "b", "fees", "", 19)],
        "settled": [(9, "ignored", 7, 20)],
        "weekly": [(7, 21)],
    },
    "0005": {"inbox": [(700, 5, b"{}", 22, None, ""), (701, 0, b"", 23, 24, "KeyError")]},
    "0006": {
        "chats": [(-1_001_000_000_001, '{"mode": "commands"}', "{}", "member", "", 25, 0)],
        "deletions": [(-1_001_000_000_001, 9, 26)],
    },
    "0007": {"alerts": [(1, 5, None, 5, "fee", "btc", "below", 5.0, 0, 1, 1, 27, None)]},
    "0008": {
        "channels": [(-1_001_000_500_001, 7, 27)],
        "drafts_of_posts": [(2, 7, -1_001_000_500_001, "fees", '["a"]', b"", "fees", 28)],
        "plans": [(1, 7, -1_001_000_500_001, "fees", "09:00", "Europe/Berlin", -1, 29, "", "2026-11-23")],
        "posts": [(1, "2026-11-23", 30, "[5]", '{"fee:btc": 2.5}', 0)],
    },
    "0009": {"notices": [("poll", 31)], "paces": [("5", "[1.0]", 0.0, 1.0)]},
}
VERSIONS = [step.revision for step in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def of_version(version: str, connection: Connection) -> None:
    """Make the tables of a version."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def make(file: Path, version: str) -> None:
    """Make a database of a version with the rows of all versions up to it."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        of_version(version, connection)
    engine.dispose()
    with closing(sqlite3.connect(file)) as database:
        for table, rows in expected(version).items():
            for row in rows:
                database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - the table above
        database.commit()


def expected(version: str) -> dict[str, Sequence[tuple[object, ...]]]:
    return {table: rows for made in VERSIONS if made <= version for table, rows in ROWS.get(made, {}).items()}


def kept(file: Path, version: str) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of the tables of a version, without columns that came later."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        return {
            table: [row[: len(rows[0])] for row in database.execute(f"SELECT * FROM {table} ORDER BY 1, 2 DESC")]  # noqa: S608 - the table above
            for table, rows in expected(version).items()
        }


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_earlier_database_is_brought_up_to_date(version: str, tmp_path: Path, clock: StandingClock) -> None:
    """Every row of then is there afterwards, and the tables are those of now."""
    file = tmp_path / "bot.db"
    make(file, version)

    async with open_store(f"sqlite+aiosqlite:///{file}", clock):
        pass

    assert kept(file, version) == {table: list(rows) for table, rows in expected(version).items()}
    assert version_in(file) == head()


def version_in(file: Path) -> str:
    with closing(sqlite3.connect(file)) as database:
        return str(database.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def shape(make_tables: Callable[[Connection], None], file: Path) -> dict[str, set[str]]:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        make_tables(connection)
        found = inspect(connection)
        names = set(found.get_table_names()) - {"alembic_version"}
        tables = {name: {column["name"] for column in found.get_columns(name)} for name in names}
    engine.dispose()
    return tables


def test_the_migrations_make_the_tables_of_the_program(tmp_path: Path) -> None:
    """A database that was brought up to date has the same tables and columns as the program reads."""
    migrated = shape(lambda connection: of_version("head", connection), tmp_path / "migrated.db")

    assert migrated == shape(METADATA.create_all, tmp_path / "made.db")


@pytest.mark.parametrize("version", VERSIONS[:-1])
async def test_an_upgrade_is_done_once(version: str, tmp_path: Path, clock: StandingClock) -> None:
    """Opening twice changes nothing the second time."""
    file = tmp_path / "bot.db"
    make(file, version)
    url = f"sqlite+aiosqlite:///{file}"

    async with open_store(url, clock):
        pass
    once = dumped(file)
    async with open_store(url, clock):
        pass

    assert dumped(file) == once


def dumped(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return list(database.iterdump())
