"""Brings a database to the tables this program knows."""

from pathlib import Path

from sqlalchemy import Connection, func, select

from bot.errors import StoreError
from bot.store.engine import POSTGRESQL

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = (0x627463, 0)  # the pair of numbers of our locks, and the one of migrations


def upgrade(connection: Connection) -> None:
    """Run the migrations that are missing.

    Raises:
        StoreError: the database was made by a newer program.
    """
    # Starting without a database is faster without these.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    if connection.dialect.name == POSTGRESQL:  # programs that start at once wait for the first one
        connection.execute(select(func.pg_advisory_xact_lock(*LOCK)))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    here = MigrationContext.configure(connection).get_current_revision()
    if here is not None and here not in known:
        raise StoreError(f"the database is at version {here}, which this program does not know; update the program")
    command.upgrade(config, "head")
