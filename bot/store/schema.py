"""Brings a database to the tables this program knows."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from bot.errors import StoreError
from bot.store.engine import POSTGRESQL

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = (0x627463, 0)  # the pair of numbers of our locks, and the one of migrations


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing.

    Raises:
        StoreError: the database was made by a newer program.
    """
    # Starting without a database is faster without these.
    from alembic import command  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    if connection.dialect.name == POSTGRESQL:  # programs that start at once wait for the first one
        connection.execute(select(func.pg_advisory_xact_lock(*LOCK)))
    config = _config()
    config.attributes["connection"] = connection
    here = MigrationContext.configure(connection).get_current_revision()
    if here is not None and not knows(here):
        raise StoreError(f"the database is at version {here}, which this program does not know; update the program")
    command.upgrade(config, "head")


def knows(version: str) -> bool:
    """Tell whether a database of that version can be brought up to date."""
    return version in {step.revision for step in _steps().walk_revisions()}


def head() -> str:
    """Return the version of an up-to-date database."""
    return str(_steps().get_current_head())


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _steps() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return ScriptDirectory.from_config(_config())
