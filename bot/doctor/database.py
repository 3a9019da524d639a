"""Looks at the database: whether it opens, is whole, is of this program, and who has it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from bot.doctor.disk import file_system, listed_mounts, room
from bot.errors import StoreError
from bot.model.checkup import Check, State
from bot.store import holder
from bot.store.condition import Condition, examined
from bot.store.engine import begun, database_file, make_engine
from bot.store.schema import head, knows
from bot.store.snapshot import version_of

PATIENCE = 5.0  # seconds that a server may take


async def look(url: str) -> tuple[Check, ...]:
    """Say how the database is; one that is not there yet is well."""
    file = database_file(url)
    if file is None:
        return (await _reached(url),)
    return tuple(await asyncio.to_thread(lambda: (*_file(file), _instance(url))))


def _file(file: Path) -> Iterator[Check]:
    folder = file.absolute().parent
    if not folder.is_dir():
        yield Check("database", State.FAIL, f"{folder} is not there", "make it, or mend database.url")
        return
    yield _state(file)
    yield room(folder)
    yield file_system(folder, listed_mounts())


def _state(file: Path) -> Check:
    if not file.is_file():
        return Check("database", State.OK, f"{file} is made by the first start")
    found = examined(file, is_writing=False)
    if found.condition is Condition.CORRUPT:
        cure = "stop the bot and `restore` a backup; `run` moves a corrupt file aside"
        return Check("database", State.FAIL, f"{file} is corrupt ({found.reason})", cure)
    if found.condition is Condition.UNWRITABLE:
        return Check("database", State.FAIL, f"{file} cannot be opened ({found.reason})", "mend its rights or the disk")
    try:
        version = version_of(file)
    except StoreError as error:
        return Check("database", State.FAIL, str(error), "mend database.url; `run` makes a file that is not there")
    if not knows(version):
        return Check(
            "database", State.FAIL, f"{file} is at version {version}, later than {head()}", "update the program"
        )
    later = "" if version == head() else f"; the next start brings it to {head()}"
    return Check("database", State.OK, f"{file} is whole, version {version}{later}")


def _instance(url: str) -> Check:
    found = holder(url)
    return Check("instance", State.OK, f"process {found} runs with this database" if found else "none is running")


async def _reached(url: str) -> Check:
    try:
        engine = make_engine(url)
    except StoreError as error:
        return Check("database", State.FAIL, str(error), "mend database.url")
    name = engine.dialect.name
    try:
        async with asyncio.timeout(PATIENCE), begun(engine) as connection:
            await connection.execute(text("SELECT 1"))
    except (StoreError, OSError, TimeoutError) as error:
        cure = "start the server, mend database.url"
        return Check("database", State.FAIL, f"{name} does not answer ({type(error).__name__})", cure)
    finally:
        await engine.dispose()
    return Check("database", State.OK, f"{name} answers")
