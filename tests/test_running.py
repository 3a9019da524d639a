"""The whole program in its own process: one instance on a database, and a bot that goes on without a good one."""

import asyncio
import resource
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.faces.simulator import LocalTelegram, Person
from bot.faces.simulator.server import serve
from tests.conftest import ROOT
from tests.test_cli import CLEAN

PAGE = 4096
STARTING = 60.0  # seconds; a slow machine has other things to do
Program = asyncio.subprocess.Process


@dataclass(slots=True)
class Stage:
    """A local Telegram with an owner who has opened the chat, and how the program is started against it."""

    folder: Path
    base_url: str = ""
    telegram: LocalTelegram = field(default_factory=lambda: LocalTelegram("duel_bot"))
    owner: Person = field(init=False)

    def __post_init__(self) -> None:
        self.owner = self.telegram.person("Olga")
        self.owner.start()

    @property
    def database(self) -> Path:
        return self.folder / "bot.db"

    @property
    def environment(self) -> dict[str, str]:
        return CLEAN | {
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "BOT__TELEGRAM__BASE_URL": self.base_url,
            "BOT__TELEGRAM__OWNERS": str(self.owner.id),
            "BOT__DATABASE__URL": f"sqlite+aiosqlite:///{self.database}",
        }

    async def started(self) -> Program:
        """Start the program."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--offline"),
            cwd=ROOT,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Program]:
        """Run the program until it has answered /start."""
        program = await self.started()
        try:
            await self.heard("", self.owner)  # any answer at all
            yield program
        finally:
            if program.returncode is None:
                program.send_signal(signal.SIGTERM)
            await program.communicate()

    async def heard(self, text: str, person: Person) -> str:
        """Wait for a message of the bot with that in it."""

        def found() -> str:
            return next((one.text for one in self.telegram.sent_by_bot(person.private) if text in one.text), "")

        return await self.telegram.wait_for(found, seconds=STARTING)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path)
    async with serve(stage.telegram) as stage.base_url:
        yield stage


async def test_a_second_instance_ends_at_once_and_names_the_first(stage: Stage) -> None:
    """The first goes on, and Telegram hears of no second one."""
    async with stage.running() as first:
        calls = len(stage.telegram.calls_of("getMe"))
        second = await stage.started()
        out, _ = await second.communicate()
        ann = stage.telegram.person("Ann")
        ann.say(ann.private, "why did bch fork")
        await stage.heard("2017", ann)

        assert second.returncode == 2
        assert f"process {first.pid} on " in out.decode()
        assert out.decode().count("\n") == 1
        assert len(stage.telegram.calls_of("getMe")) == calls


async def test_a_corrupt_database_does_not_keep_the_bot_from_answering(stage: Stage) -> None:
    """It lies aside, a new one is in use, and owners are told where."""
    stage.database.write_bytes(b"no database" * 1000)

    async with stage.running():
        told = await stage.heard("was corrupt", stage.owner)

    (aside,) = stage.folder.glob("bot.db.corrupt-*")
    assert str(aside) in told
    assert aside.read_bytes() == b"no database" * 1000
    assert stage.database.read_bytes().startswith(b"SQLite format 3")


async def test_a_disk_that_fills_up_does_not_keep_the_bot_from_answering(stage: Stage) -> None:
    """Neither while it runs nor at the next start, of which owners are told."""
    async with stage.running() as program:
        resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (PAGE, resource.RLIM_INFINITY))
        ann = stage.telegram.person("Ann")
        ann.say(ann.private, "why did bch fork")
        await stage.heard("2017", ann)

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (PAGE, before[1]))
    try:
        program = await stage.started()  # it inherits the limit
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    told = await stage.heard("cannot be written", stage.owner)
    bob = stage.telegram.person("Bob")
    bob.say(bob.private, "why did bch fork")
    await stage.heard("2017", bob)
    program.send_signal(signal.SIGTERM)
    await program.communicate()

    assert program.returncode == 0
    assert str(stage.database) in told
