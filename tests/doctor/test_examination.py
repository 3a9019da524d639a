"""What is looked at on this machine, and the whole look as its command prints it."""

import asyncio
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.config import Settings, load_settings
from bot.doctor import database, examine
from bot.doctor.disk import GIGABYTE, file_system, rights, room
from bot.doctor.examination import Installation
from bot.faces.simulator import LocalTelegram
from bot.faces.simulator.server import serve
from bot.faces.terminal.checkup import line
from bot.model.checkup import Check, State
from bot.model.clock import utc_now
from bot.store import alone, open_store
from tests.conftest import ROOT, StandingClock
from tests.test_cli import CLEAN
from tests.web import Web, open_web

TOKEN = "4200042:" + "x" * 35
MOUNTS = """\
21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 21 0:26 / /mnt/share rw shared:2 - nfs4 server:/x rw
31 21 0:27 / /mnt/my\\040own rw shared:3 - ext4 /dev/vdb rw
32 21 0:28 / /run rw shared:4 - tmpfs tmpfs rw
33 30 0:29 / /mnt/share/disk rw - ext4 /dev/vdc rw
not a line
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with open_web(utc_now()) as web:
        yield web


def by_name(found: tuple[Check, ...]) -> dict[str, Check]:
    return {one.name: one for one in found}


def test_a_check_is_one_line() -> None:
    assert line(Check("token", State.WARN, "not set", "ask @BotFather")) == "warn  token: not set; ask @BotFather"
    assert line(Check("disk", State.OK, "5 GB free")) == "ok    disk: 5 GB free"


async def test_a_database_that_is_not_there_yet_is_well(url: str) -> None:
    found = by_name(await database.look(url))

    assert found["database"].state is State.OK
    assert "first start" in found["database"].what
    assert found["instance"].what == "none is running"


async def test_a_database_in_use_is_well_and_its_process_named(url: str, clock: StandingClock) -> None:
    async with alone(url), open_store(url, clock):
        found = by_name(await database.look(url))

    assert found["database"].state is State.OK
    assert "is whole, version 0" in found["database"].what
    assert f"process {os.getpid()} " in found["instance"].what


async def versioned(url: str, file: Path, clock: StandingClock, version: str) -> dict[str, Check]:
    """Return the checks of a database of some version."""
    async with open_store(url, clock):
        pass
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("UPDATE alembic_version SET version_num = ?", [version])
        opened.commit()
    return by_name(await database.look(url))


async def test_an_older_database_will_be_brought_up_to_date(url: str, file: Path, clock: StandingClock) -> None:
    found = await versioned(url, file, clock, "0001")

    assert found["database"].state is State.OK
    assert "the next start brings it to" in found["database"].what


async def test_a_newer_database_needs_a_newer_program(url: str, file: Path, clock: StandingClock) -> None:
    found = await versioned(url, file, clock, "9999")

    assert found["database"].state is State.FAIL
    assert found["database"].cure == "update the program"


def spoil(file: Path) -> None:
    file.write_bytes(b"no database" * 1000)


async def test_a_corrupt_database_is_told_with_its_cure(url: str, file: Path) -> None:
    spoil(file)

    found = by_name(await database.look(url))

    assert found["database"].state is State.FAIL
    assert "restore" in found["database"].cure


async def test_another_programs_database_is_not_taken_for_ours(url: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("CREATE TABLE mine (x)")

    assert by_name(await database.look(url))["database"].state is State.FAIL


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:////no/such/folder/bot.db", "postgresql+asyncpg://u@127.0.0.1:9/x"])
async def test_a_database_that_cannot_be_reached_is_told(url: str) -> None:
    found = by_name(await database.look(url))

    assert found["database"].state is State.FAIL
    assert "database.url" in found["database"].cure


@pytest.mark.parametrize(("free", "state"), [(2, State.OK), (0.5, State.WARN), (0.05, State.FAIL)])
def test_room_on_the_disk_is_measured(free: float, state: State, tmp_path: Path) -> None:
    assert room(tmp_path, int(free * GIGABYTE)).state is state
    assert room(tmp_path).what.endswith(f"GB free at {tmp_path}")


@pytest.mark.parametrize(
    ("folder", "state", "said"),
    [
        ("/var/lib/bot", State.OK, "ext4"),
        ("/mnt/my own/bot", State.OK, "ext4"),
        ("/mnt/share/disk/bot", State.OK, "ext4"),
        ("/mnt/share/bot", State.FAIL, "nfs4"),
        ("/run/bot", State.WARN, "tmpfs"),
        ("/runner/bot", State.OK, "ext4"),
    ],
)
def test_a_database_across_a_network_is_told(folder: str, state: State, said: str) -> None:
    found = file_system(Path(folder), MOUNTS)

    assert found.state is state
    assert said in found.what


def test_files_that_others_may_read_are_named(file: Path, tmp_path: Path) -> None:
    """Each with the command that mends it; once it has run, all is well."""
    config, secrets, plain = tmp_path / "config.yml", tmp_path / "bot.env", tmp_path / "plain.env"
    file.touch(0o644)
    config.touch(0o666)
    config.chmod(0o666)
    secrets.write_text("TELEGRAM_BOT_TOKEN=x\n", "utf-8")
    plain.write_text("TZ=UTC\n", "utf-8")
    secrets.chmod(0o644)

    found = tuple(rights(file, config))
    for one in found:
        mode, name = one.cure.removeprefix("chmod ").split()
        Path(name).chmod(0o600 if mode == "600" else 0o644)

    assert [(one.state, one.cure.split()[-1]) for one in found] == [
        (State.WARN, str(file)),
        (State.FAIL, str(secrets)),
        (State.WARN, str(config)),
    ]
    assert [one.state for one in rights(file, config)] == [State.OK]


def installed(tmp_path: Path, **environment: str) -> Installation:
    environment = {"BOT__DATABASE__URL": f"sqlite+aiosqlite:///{tmp_path}/bot.db", **environment}
    settings = load_settings(ROOT / "config.yml", environment)
    return Installation(settings, tmp_path / "config.yml", environment)


async def test_offline_and_without_a_token_the_rest_is_looked_at(tmp_path: Path) -> None:
    """It says what it leaves out, and that is no failure."""
    found = await examine(installed(tmp_path), utc_now, offline=True)

    named = by_name(found)
    assert {one.name for one in found if one.state is State.SKIP} == {"telegram", "sources"}
    assert not [one for one in found if one.state is State.FAIL]
    assert "terminal works without" in named["token"].cure
    assert named["owners"].state is State.WARN
    assert "btc-vs-bch" in named["knowledge"].what
    for program in ("program", "Python", "python-telegram-bot", "SQLite"):
        assert program in named["versions"].what


@pytest.mark.parametrize("token", ["x", f" {TOKEN}", f'"{TOKEN}"', "12:short"])
async def test_a_token_of_another_shape_is_told_and_not_shown(token: str, tmp_path: Path) -> None:
    found = await examine(installed(tmp_path, TELEGRAM_BOT_TOKEN=token), utc_now, offline=True)

    assert by_name(found)["token"].state is State.WARN
    assert token not in " ".join(one.what + one.cure for one in found if one.name == "token").split()


async def test_a_token_and_owners_are_well(tmp_path: Path) -> None:
    found = by_name(
        await examine(installed(tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, BOT__TELEGRAM__OWNERS="7"), utc_now, offline=True)
    )

    assert (found["token"].state, found["owners"].state) == (State.OK, State.OK)


async def test_broken_knowledge_is_told_with_file_and_line(tmp_path: Path, settings: Settings) -> None:
    shutil.copytree(settings.knowledge.path / "btc-vs-bch", tmp_path / "knowledge" / "btc-vs-bch")
    (tmp_path / "knowledge" / "btc-vs-bch" / "wrong.yml").write_text("a: {anwser: x}\n", "utf-8")

    found = await examine(installed(tmp_path, BOT__KNOWLEDGE__PATH=str(tmp_path / "knowledge")), utc_now, offline=True)

    wrong = [one for one in found if one.name == "knowledge"]
    assert {one.state for one in wrong} == {State.FAIL}
    assert any("wrong.yml:1" in one.what and "ask" in one.what + one.cure for one in wrong)


async def looked(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Run the command while this process goes on serving it; return its exit code and what it prints."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", *arguments),
        cwd=ROOT,
        env=CLEAN | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await program.communicate()
    return program.returncode or 0, out.decode()


async def test_the_command_looks_at_everything(web: Web, url: str) -> None:
    """Telegram and every source over HTTP, one source down: a warning, no failure, and no token in what is printed."""
    web.fail("500", "kraken")
    telegram = LocalTelegram("duel_bot")
    async with serve(telegram) as base_url:
        environment = {
            **web.environment(),
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "BOT__TELEGRAM__BASE_URL": base_url,
            "BOT__DATABASE__URL": url,
        }
        code, printed = await looked(environment)

    lines = printed.splitlines()
    assert code == 0, printed
    assert any(one.startswith("ok    telegram: ") and "@duel_bot" in one for one in lines)
    assert any(one.startswith("warn  source kraken: answered HTTP 500; ") for one in lines)
    assert any(one == "ok    source mempool_space: answers" for one in lines)
    assert telegram.token not in printed


def test_the_checks_as_json_are_those_in_words(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One object for each line."""
    monkeypatch.setenv("BOT__DATABASE__URL", url)
    main(["doctor", "--offline"])
    lines = capsys.readouterr().out.splitlines()
    main(["doctor", "--offline", "--json"])

    checks = json.loads(capsys.readouterr().out)
    assert [list(one) for one in checks] == [["check", "state", "what", "cure"]] * len(lines)
    assert all(said.startswith(f"{one['state']:<5} {one['check']}: ") for said, one in zip(lines, checks, strict=True))


async def test_no_source_at_all_is_a_failure(web: Web, url: str) -> None:
    web.fail("500")

    code, printed = await looked({**web.environment(), "BOT__DATABASE__URL": url})

    assert code == 1
    assert "fail  sources: no source of live numbers answers" in printed


def test_a_failure_is_exit_code_one(file: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(file)
    monkeypatch.setenv("BOT__DATABASE__URL", url)

    assert main(["doctor", "--offline"]) == 1
