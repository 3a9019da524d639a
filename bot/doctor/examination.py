"""The whole look at an installation, one part after the other."""

import asyncio
import platform
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from bot.config import Settings
from bot.doctor import database
from bot.doctor.disk import rights, writable
from bot.errors import KnowledgeError
from bot.lint import lint
from bot.model.checkup import Check, State
from bot.model.clock import Clock
from bot.model.finding import Level, read_finding
from bot.stats.probe import probe
from bot.store.engine import database_file
from bot.wiring import open_library

TOKEN = "TELEGRAM_BOT_TOKEN"  # noqa: S105 - the name of the variable
SHAPE = re.compile(r"[1-9]\d{5,}:[A-Za-z0-9_-]{30,}")
OLD = timedelta(days=180)  # since anybody last saw that an answer is true
SHOWN = 5  # problems of the knowledge
OFFLINE = "not asked (--offline)"


@dataclass(frozen=True, slots=True)
class Installation:
    """What is looked at: the settings, the file they are from, and the environment."""

    settings: Settings
    config: Path
    environment: Mapping[str, str]


async def examine(installation: Installation, clock: Clock, *, offline: bool) -> tuple[Check, ...]:
    """Look at everything; `offline` leaves out what needs the web."""
    settings = installation.settings
    stored, told, heard = await asyncio.gather(
        database.look(settings.database.url),
        _telegram(installation, clock, offline=offline),
        _sources(settings, clock, offline=offline),
    )
    known = await asyncio.to_thread(lambda: tuple(_knowledge(settings, clock)))
    return (
        _versions(),
        _token(installation.environment),
        *told,
        _owners(settings),
        *known,
        *stored,
        *rights(database_file(settings.database.url), installation.config),
        _pictures(),
        *heard,
    )


def _versions() -> Check:
    said = (
        f"program {version('btc-bch-bot')}, Python {platform.python_version()}, "
        f"python-telegram-bot {version('python-telegram-bot')}, SQLite {sqlite3.sqlite_version}"
    )
    return Check("versions", State.OK, said)


def _token(environment: Mapping[str, str]) -> Check:
    given = environment.get(TOKEN)
    if not given:
        cure = f"ask @BotFather for one and set {TOKEN}; the terminal works without"
        return Check("token", State.WARN, "not set", cure)
    if not SHAPE.fullmatch(given):
        cure = "copy it again, without blanks and quotes: digits, a colon, 35 letters and digits"
        return Check("token", State.WARN, "set, and does not look like one", cure)
    return Check("token", State.OK, "set")


async def _telegram(installation: Installation, clock: Clock, *, offline: bool) -> tuple[Check, ...]:
    where, token = installation.settings.telegram, installation.environment.get(TOKEN)
    if offline or not token:
        return (Check("telegram", State.SKIP, OFFLINE if offline else "not asked without a token"),)
    from bot.faces.telegram import checkup  # noqa: PLC0415 - without a token there is nothing to wait for
    from bot.faces.telegram.server import Server  # noqa: PLC0415 - the same

    server = Server(where.base_url, where.base_file_url)
    return await checkup.look(checkup.Installation(server, token, where.mode, where.owners), clock)


def _owners(settings: Settings) -> Check:
    owners = settings.telegram.owners
    if not owners:
        cure = "put your user id into telegram.owners; @userinfobot tells it"
        return Check("owners", State.WARN, "none: nobody may edit answers or is told of problems", cure)
    return Check("owners", State.OK, f"{len(owners)} set")


def _knowledge(settings: Settings, clock: Clock) -> Iterator[Check]:
    path, today = settings.knowledge.path, clock().date()
    try:
        library = open_library(settings)
    except KnowledgeError as error:
        for problem in error.problems[:SHOWN]:
            found = read_finding(problem)
            yield Check("knowledge", State.FAIL, f"{found.origin}: {found.what}", found.cure)
        return
    yield Check("knowledge", State.OK, f"{len(library.entries)} entries in {', '.join(library.packs)} ({path})")
    errors = sum(one.level is Level.ERROR for one in lint(library, today))
    if errors:
        yield Check("knowledge", State.WARN, f"{errors} errors in what it says", "python -m bot check names them")
    seen = [entry.as_of for entry in library.entries if entry.as_of]
    if seen and today - max(seen) > OLD:
        said = f"the newest answer is of {max(seen)}"
        yield Check("knowledge", State.WARN, said, "see what has changed; python -m bot drift helps")
    yield from writable(path, "knowledge", "give the bot's user the folder, or edit elsewhere")


def _pictures() -> Check:
    if find_spec("matplotlib"):
        return Check("pictures", State.OK, "can be drawn")
    return Check("pictures", State.WARN, "cannot be drawn", "pip install '.[charts]'")


async def _sources(settings: Settings, clock: Clock, *, offline: bool) -> tuple[Check, ...]:
    if offline:
        return (Check("sources", State.SKIP, OFFLINE),)
    found = await probe(settings.providers, clock)
    cure = "others stand in; look at the network, or set sources.{}.enabled to false"
    checks = [
        Check(f"source {one.provider}", State.WARN, one.problem, cure.format(one.provider))
        if one.problem
        else Check(f"source {one.provider}", State.OK, "answers")
        for one in found
    ]
    if not any(not one.problem for one in found):
        said = "no source of live numbers answers"
        checks.append(Check("sources", State.FAIL, said, "look at the network; answers come without live numbers"))
    return tuple(checks)
