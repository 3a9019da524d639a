"""Backups: whole while twenty write, whole or not there after a kill, and brought back only where that is safe."""

import asyncio
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.archive import Place, back_up, restore
from bot.cli import main
from bot.errors import BackupError, StoreError
from bot.model.quote import Coin, Quality, Quote
from bot.store import KnownNumber, Store, alone, open_store
from tests.conftest import ROOT, StandingClock

ENTRY = "capital:\n  ask: [what is the capital of france]\n  verdict: Paris is.\n"
TWENTY = 20


@dataclass(frozen=True, slots=True)
class Home:
    """A machine: a folder with a database and a knowledge."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "bot.db"

    @property
    def knowledge(self) -> Path:
        return self.folder / "knowledge"

    @property
    def place(self) -> Place:
        return Place(f"sqlite+aiosqlite:///{self.database}", self.database, self.knowledge)

    @property
    def entry(self) -> str:
        return (self.knowledge / "pack" / "faq.yml").read_text("utf-8")

    def write(self, text: str, name: str = "faq.yml") -> None:
        (self.knowledge / "pack").mkdir(parents=True, exist_ok=True)
        (self.knowledge / "pack" / name).write_text(text, "utf-8")

    async def keep(self, *metrics: str) -> None:
        at = StandingClock().now
        async with open_store(self.place.url, StandingClock()) as store:
            await store.remember([KnownNumber(one, Coin.BTC, Quote(1, "x", at, at, Quality.LIVE)) for one in metrics])

    def kept(self) -> list[str]:
        with closing(sqlite3.connect(self.database)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return [row[0] for row in database.execute("SELECT metric FROM known_numbers ORDER BY metric")]

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
async def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.write(ENTRY)
    await home.keep("fee", "price")
    return home


@pytest.fixture
def new(tmp_path: Path) -> Home:
    return Home(tmp_path / "new")


@pytest.fixture
def machines(home: Home, new: Home) -> tuple[Home, Home]:
    return home, new


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "bot.zip"


async def made(home: Home, archive: Path, clock: StandingClock) -> Path:
    await back_up(home.database, home.knowledge, archive, clock)
    return archive


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_a_new_machine_is_as_the_old_one(home: Home, new: Home, archive: Path, clock: StandingClock) -> None:
    """Database and knowledge come back, nothing else is left there, and nobody else may read the backup."""
    await made(home, archive, clock)

    manifest = await restore(archive, new.place, clock)

    assert new.kept() == ["fee", "price"]
    assert new.entry == ENTRY
    assert manifest.made_at == clock.now
    assert rights(archive) == 0o600
    assert new.names() == {"bot.db", "bot.db-lock", "knowledge"}
    assert [path.name for path in archive.parent.iterdir()] == ["bot.zip"]


async def test_backups_taken_while_twenty_write_are_whole(home: Home, tmp_path: Path, clock: StandingClock) -> None:
    """Each of twenty backups holds every pair of rows that was written in one transaction, or neither of it."""
    stop = asyncio.Event()
    count = 0

    async def write(store: Store) -> None:
        nonlocal count
        while not stop.is_set():
            count += 1
            quote = Quote(1, "x", clock.now, clock.now, Quality.LIVE)
            with suppress(StoreError):  # who finds the file taken by others each time he looks
                await store.remember([KnownNumber(f"w{count}", coin, quote) for coin in Coin])

    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(open_store(home.place.url, clock)) for _ in range(TWENTY)]
        writers = [asyncio.create_task(write(store)) for store in stores]
        for number in range(TWENTY):
            seen = count
            while count == seen:  # noqa: ASYNC110 - each backup is taken with writes going on
                await asyncio.sleep(0)
            await made(home, tmp_path / f"{number}.zip", clock)
        stop.set()
        await asyncio.gather(*writers)

    rows = []
    for number in range(TWENTY):
        back = Home(tmp_path / f"back-{number}")
        await restore(tmp_path / f"{number}.zip", back.place, clock)
        found = back.kept()
        written = [name for name in found if name.startswith("w")]
        assert len(written) == 2 * len(set(written))
        rows.append(len(found))
    assert rows == sorted(rows)
    assert rows[-1] > rows[0]


KILLED = """
import asyncio, os, signal, sys, zipfile
from itertools import count
from pathlib import Path
from bot.archive import back_up
from bot.model.clock import utc_now
database, knowledge, to = map(Path, sys.argv[1:])
STEPS = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "sqlite3.connect"}

def back_up_until(last):
    steps = count(1)
    def look(event, _):
        if event in STEPS and next(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(look)
    asyncio.run(back_up(database, knowledge, to, utc_now))
    os._exit(0)

for last in count(1):
    child = os.fork() or back_up_until(last)
    _, status = os.waitpid(child, 0)
    if to.exists():
        print("whole" if zipfile.ZipFile(to).testzip() is None else "half")
        to.unlink()
    else:
        print("none")
    if os.WIFEXITED(status):
        break
"""


def test_a_backup_that_is_killed_leaves_no_half_file(home: Home, archive: Path) -> None:
    """Killed before any of its steps, there is a whole backup or none, and the next one clears up what is left."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(home.database), str(home.knowledge), str(archive)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    found = done.stdout.split()
    assert len(found) > 20
    assert found == sorted(found)  # none as long as it is not there, and whole from then on
    assert set(found) == {"none", "whole"}
    assert list(archive.parent.iterdir()) == []
    assert home.kept() == ["fee", "price"]


async def test_a_backup_takes_the_place_of_no_file(home: Home, archive: Path, clock: StandingClock) -> None:
    await made(home, archive, clock)

    with pytest.raises(BackupError, match="is there already"):
        await made(home, archive, clock)


async def test_a_database_that_is_not_there_is_no_backup(tmp_path: Path, archive: Path, clock: StandingClock) -> None:
    home = Home(tmp_path)
    home.write(ENTRY)

    with pytest.raises(StoreError, match="is not there"):
        await made(home, archive, clock)

    assert list(archive.parent.iterdir()) == []


async def test_what_is_there_is_replaced_only_by_force(
    home: Home, new: Home, archive: Path, clock: StandingClock
) -> None:
    """Without it nothing is changed; with it what was there lies beside, and files of then that are not in it go."""
    await made(home, archive, clock)
    new.write("other:\n  ask: [x]\n  verdict: y.\n")
    new.write("z:\n  ask: [z]\n  verdict: z.\n", "more.yml")
    await new.keep("height")

    with pytest.raises(BackupError, match=r"bot\.db and .*knowledge would be replaced; add --force"):
        await restore(archive, new.place, clock)
    untouched = new.kept(), new.entry.startswith("other")
    await restore(archive, new.place, clock, is_forced=True)

    assert untouched == (["height"], True)
    assert (new.kept(), new.entry) == (["fee", "price"], ENTRY)
    assert [path.name for path in (new.knowledge / "pack").iterdir()] == ["faq.yml"]
    before = Home(new.folder / "knowledge.before-restore-20261123T120000")
    assert sorted(path.name for path in (before.folder / "pack").iterdir()) == ["faq.yml", "more.yml"]
    assert "bot.db.before-restore-20261123T120000" in new.names()


async def test_the_same_knowledge_is_no_obstacle(home: Home, new: Home, archive: Path, clock: StandingClock) -> None:
    """A new machine has the knowledge of its checkout."""
    await made(home, archive, clock)
    new.write(ENTRY)

    await restore(archive, new.place, clock)

    assert new.kept() == ["fee", "price"]
    assert not any("before" in name for name in new.names())


async def test_a_running_bot_is_never_replaced(home: Home, archive: Path, clock: StandingClock) -> None:
    """Not by force either."""
    await made(home, archive, clock)

    async with alone(home.place.url):
        with pytest.raises(StoreError, match=f"process {os.getpid()} "):
            await restore(archive, home.place, clock, is_forced=True)


Contents = dict[str, bytes]
LOGS = {"bot.db-wal", "bot.db-shm"}  # a thread that closes its connection a moment later leaves them until then


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def listing(inside: Contents) -> list[dict[str, object]]:
    found = json.loads(inside["manifest.json"])["files"]
    assert isinstance(found, list)
    return found


def relisted(inside: Contents, change: Callable[[dict[str, object]], None]) -> None:
    manifest = json.loads(inside["manifest.json"])
    change(manifest)
    inside["manifest.json"] = json.dumps(manifest).encode()


def add(name: str) -> Callable[[Contents], None]:
    """Put a file into an archive and into its list."""

    def change(inside: Contents) -> None:
        inside[name] = b"x"
        row = {"name": name, "size": 1, "sha256": digest(b"x")}
        relisted(inside, lambda manifest: manifest.update(files=[*listing(inside), row]))

    return change


def spoil_database(inside: Contents) -> None:
    """Spoil a database and let the list say what it is now."""
    content = inside["bot.db"][:4096] + b"\xa5" * (len(inside["bot.db"]) - 4096)
    inside["bot.db"] = content
    row = {"name": "bot.db", "size": len(content), "sha256": digest(content)}
    relisted(inside, lambda manifest: manifest.update(files=[row, *listing(inside)[1:]]))


BAD: Mapping[str, tuple[Callable[[Contents], object], str]] = {
    "a changed file": (lambda inside: inside.update({"knowledge/pack/faq.yml": b"x"}), "faq.yml in it is damaged"),
    "a changed letter": (
        lambda inside: inside.update({"knowledge/pack/faq.yml": ENTRY.replace("Paris", "Lyons").encode()}),
        "faq.yml in it is damaged",
    ),
    "a longer file": (
        lambda inside: inside.update({"knowledge/pack/faq.yml": inside["knowledge/pack/faq.yml"] * 99}),
        "faq.yml in it is damaged",
    ),
    "a missing file": (lambda inside: inside.pop("knowledge/pack/faq.yml"), "other files than its list"),
    "a file too many": (lambda inside: inside.update({"knowledge/pack/more.yml": b"x"}), "other files than its list"),
    "no list": (lambda inside: inside.pop("manifest.json"), "no backup"),
    "a list that is none": (lambda inside: inside.update({"manifest.json": b"[]"}), "cannot be read"),
    "another format": (lambda inside: relisted(inside, lambda one: one.update(format=2)), "format 2"),
    "no database": (
        lambda inside: relisted(inside, lambda one: one.update(files=listing(inside)[1:])),
        "or no database",
    ),
    "a name twice": (add("knowledge/pack/FAQ.yml"), "a file twice"),
    "a path upwards": (add("knowledge/../../evil"), "no place in a backup"),
    "an absolute path": (add("/tmp/evil"), "no place in a backup"),  # noqa: S108 - it is never made
    "a backslash": (add("knowledge\\..\\evil"), "no place in a backup"),
    "a hidden file": (add("knowledge/.git/hooks/post-commit"), "no place in a backup"),
    "a file elsewhere": (add("config.yml"), "no place in a backup"),
    "a spoilt database": (spoil_database, "is damaged|is no database"),
    "a later database": (
        lambda inside: relisted(inside, lambda one: one.update(schema_version="9999")),
        "another version",
    ),
}


@pytest.mark.parametrize(("change", "said"), BAD.values(), ids=BAD)
async def test_a_bad_backup_changes_nothing(
    change: Callable[[Contents], object], said: str, machines: tuple[Home, Home], archive: Path
) -> None:
    """It is refused with a reason, nothing of it gets out of the archive, and what was there is as it was."""
    (home, new), clock = machines, StandingClock()
    await made(home, archive, clock)
    rewrite(archive, change)
    new.write("old: {ask: [x], verdict: y.}\n")
    await new.keep("height")

    with pytest.raises((BackupError, StoreError), match=said):
        await restore(archive, new.place, clock, is_forced=True)

    assert (new.kept(), new.entry) == (["height"], "old: {ask: [x], verdict: y.}\n")
    assert new.names() - LOGS == {"bot.db", "bot.db-lock", "knowledge"}
    assert {path.name for path in new.folder.parent.iterdir()} == {"home", "new", "kept"}


def rewrite(archive: Path, change: Callable[[Contents], object]) -> None:
    with zipfile.ZipFile(archive) as opened:
        inside = {name: opened.read(name) for name in opened.namelist()}
    change(inside)
    with zipfile.ZipFile(archive, "w") as opened:
        for name, content in inside.items():
            opened.writestr(name, content)


async def test_a_database_of_a_later_program_is_refused(
    home: Home, new: Home, archive: Path, clock: StandingClock
) -> None:
    """Before anything is changed, for this program could not open it."""
    with closing(sqlite3.connect(home.database)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    await made(home, archive, clock)

    with pytest.raises(StoreError, match=r"9999.*update the program"):
        await restore(archive, new.place, clock)

    assert new.names() == {"bot.db-lock", "knowledge"}


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04" + b"\0" * 40])
async def test_what_is_no_archive_is_said(content: bytes, new: Home, archive: Path, clock: StandingClock) -> None:
    put(archive, content)

    with pytest.raises(BackupError, match="cannot be brought back"):
        await restore(archive, new.place, clock)


def put(archive: Path, content: bytes) -> None:
    archive.parent.mkdir()
    archive.write_bytes(content)


def test_the_commands_do_both(
    machines: tuple[Home, Home], archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 0 where it worked, 2 with one sentence where it did not."""
    home, new = machines
    monkeypatch.setenv("BOT__DATABASE__URL", home.place.url)
    first = main(["backup", str(archive), "--knowledge", str(home.knowledge)])
    again = main(["backup", str(archive), "--knowledge", str(home.knowledge)])
    monkeypatch.setenv("BOT__DATABASE__URL", new.place.url)
    back = main(["restore", str(archive), "--knowledge", str(new.knowledge)])
    monkeypatch.setenv("BOT__DATABASE__URL", "postgresql+asyncpg://user@nowhere/bot")
    other = main(["backup", f"{archive}.2", "--knowledge", str(home.knowledge)])

    said = capsys.readouterr()
    assert (first, again, back, other) == (0, 2, 0, 2)
    assert "1 knowledge files" in said.out
    assert "is there already" in said.err
    assert "pg_dump" in said.err
    assert new.kept() == ["fee", "price"]
