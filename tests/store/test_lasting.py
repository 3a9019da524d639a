"""One program at a time on a database, and a bot that goes on whatever is the matter with its file."""

import asyncio
import os
import resource
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from bot.errors import StoreError
from bot.model.quote import Coin, Quality, Quote
from bot.store import KnownNumber, alone, holder, open_lasting, open_store
from bot.store.condition import Condition, examined, put_aside
from tests.conftest import ROOT, StandingClock

HOLDER = """
import asyncio, sys
from bot.store import alone
async def main():
    async with alone(sys.argv[1]):
        print("held", flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""
NO_TIME = timedelta(0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def kept(url: str, clock: StandingClock) -> None:
    """Keep a number, and close the database."""
    async with open_store(url, clock) as store:
        await store.remember([KnownNumber("fee", Coin.BTC, Quote(2, "x", clock.now, clock.now, Quality.LIVE))])


def content(file: Path) -> bytes:
    return file.read_bytes()


def readable(folder: Path) -> dict[str, int]:
    """Return what others than the owner may do with each file."""
    return {path.name: path.stat().st_mode & 0o077 for path in folder.iterdir()}


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """Let no file grow beyond some bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_second_program_is_told_the_first_one(url: str) -> None:
    """While one program has a database, another is refused, and the sentence names the first; its death frees it."""
    first = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert first.stdout
    await first.stdout.readline()

    with pytest.raises(StoreError, match=rf"process {first.pid} on .*stop it first"):
        async with alone(url, NO_TIME):
            pass
    named = holder(url)
    first.kill()
    await first.wait()

    assert named.startswith(f"{first.pid} on ")
    assert holder(url) == ""
    async with alone(url, NO_TIME):
        assert holder(url).startswith(f"{os.getpid()} on ")


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "postgresql+asyncpg://user@nowhere/bot"])
async def test_what_is_no_file_has_no_lock(url: str) -> None:
    async with alone(url), alone(url):
        assert holder(url) == ""


async def test_a_lock_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"database\.url: cannot make .*No such file"):
        async with alone(f"sqlite+aiosqlite:///{tmp_path}/no/bot.db"):
            pass


async def test_nobody_else_may_read_the_database(url: str, file: Path, clock: StandingClock) -> None:
    async with alone(url), open_store(url, clock):
        found = readable(file.parent)

    assert found == dict.fromkeys(("bot.db", "bot.db-wal", "bot.db-shm", "bot.db-lock"), 0)


async def test_a_sound_database_is_opened_as_it_is(url: str, clock: StandingClock) -> None:
    await kept(url, clock)

    async with open_lasting(url, clock) as opened:
        assert opened.trouble == ""
        assert [one.metric for one in await opened.store.known()] == ["fee"]


def overwrite_head(file: Path) -> None:
    file.write_bytes(b"not a database at all" * 1000)


def overwrite_tail(file: Path) -> None:
    """Spoil everything behind the first page, so that it opens and reads wrongly."""
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(b"\xa5" * (size - 4096))


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2 // 4096 * 4096)


@pytest.mark.parametrize("spoil", [overwrite_head, overwrite_tail, cut])
async def test_a_corrupt_database_is_moved_aside(
    *, spoil: Callable[[Path], None], url: str, file: Path, clock: StandingClock
) -> None:
    """Its bytes are all still there, a new one is in use, and the sentence says where and what to do."""
    await kept(url, clock)
    spoil(file)
    before = content(file)

    async with open_lasting(url, clock) as opened:
        known = await opened.store.known()

    aside = file.with_name("bot.db.corrupt-20261123T120000")
    assert known == ()
    assert content(aside) == before
    assert str(aside) in opened.trouble
    assert "restore" in opened.trouble
    assert examined(file).condition is Condition.SOUND


def test_the_log_of_a_corrupt_database_does_not_meet_the_new_one(file: Path, clock: StandingClock) -> None:
    """What lies beside it goes with it, under names that still belong together."""
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).write_bytes(ending.encode())

    put_aside(file, "corrupt", clock())

    aside = {path.name: path.read_bytes() for path in file.parent.iterdir()}
    assert aside == {f"bot.db.corrupt-20261123T120000{end}": end.encode() for end in ("", "-wal", "-shm")}


async def test_memory_stands_in_for_a_full_disk(url: str, file: Path, clock: StandingClock) -> None:
    """The bot starts, keeps what happens meanwhile in memory, and the file is left alone."""
    await kept(url, clock)
    before = content(file)

    with full_disk(4096), structlog.testing.capture_logs() as logs:  # what is printed may go into a file, too
        async with open_lasting(url, clock) as opened:
            await opened.store.remember(
                [KnownNumber("price", Coin.BCH, Quote(1, "x", clock.now, clock.now, Quality.LIVE))]
            )
            known = await opened.store.known()

    assert [one.metric for one in known] == ["price"]
    assert f"{file} cannot be written" in opened.trouble
    assert "store.in_memory" in [log["event"] for log in logs]
    assert content(file) == before


async def test_a_database_in_use_is_not_taken_for_a_bad_one(file: Path) -> None:
    """Another program's lock is no corruption."""
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE t (x)")
        other.commit()
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")

        found = await asyncio.to_thread(examined, file, patience=0.0)

    other.close()
    assert found.condition is Condition.SOUND
