"""systemd is told of the start, of life while all is well, and of the end; over a real socket."""

import asyncio
import gc
import socket
import warnings
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.trouble import Trouble
from bot.pipeline import Pipeline
from bot.supervisor import EVERY, open_supervisor
from tests.http.test_health import open_ward

ALIVE = "WATCHDOG=1"


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket that systemd would listen on."""
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(path)
        listener.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", path)
        yield listener


def heard(listener: socket.socket) -> list[str]:
    """Return what was said so far."""
    listener.setblocking(False)
    said = list[str]()
    with suppress(BlockingIOError):
        while True:
            said.append(listener.recv(100).decode())
    return said


async def test_a_guarded_bot_tells_its_start_and_its_end(pipeline: Pipeline, systemd: socket.socket) -> None:
    """READY when it answers, STOPPING as soon as it is to end."""
    async with open_ward(pipeline, environment={"NOTIFY_SOCKET": "set"}) as ward:
        attending = asyncio.create_task(ward.guard.attend())
        await asyncio.sleep(0)
        ready = heard(systemd)
        attending.cancel()
        await asyncio.gather(attending, return_exceptions=True)

        assert "READY=1" in ready
        assert heard(systemd)[-1] == "STOPPING=1"
        assert not ward.guard.health.is_open


async def test_signs_of_life_end_where_health_ends(systemd: socket.socket) -> None:
    """One for each look that finds health green, none while it is red."""
    supervisor = open_supervisor({"NOTIFY_SOCKET": "set", "WATCHDOG_USEC": "2000"})
    looks, done = iter([True, False, False, True, False]), asyncio.Event()

    def is_green() -> bool:
        found = next(looks, None)
        if found is None:
            done.set()
        return bool(found)

    keeping = asyncio.create_task(supervisor.keep(is_green))
    await asyncio.wait_for(done.wait(), 60)
    keeping.cancel()
    supervisor.close()

    assert heard(systemd) == [ALIVE, ALIVE]


async def test_a_guarded_bot_shows_life_only_while_it_is_well(pipeline: Pipeline, systemd: socket.socket) -> None:
    """The signs come from the bot's own loop, and stop with its health."""
    environment = {"NOTIFY_SOCKET": "set", "WATCHDOG_USEC": "2000"}
    async with open_ward(pipeline, environment=environment) as ward:
        first = await asyncio.to_thread(systemd.recv, 100)
        ward.signs.troubles.begin(Trouble.DATABASE)
        heard(systemd)
        asked = asyncio.create_task(ward.ask("/healthz"))
        status = (await asked)[0]
        red = heard(systemd)

    assert (first, status, red) == (ALIVE.encode(), 503, [])


@pytest.mark.parametrize(
    ("allowed", "every"),
    [("", EVERY), ("rubbish", EVERY), ("0", EVERY), ("60000000", EVERY), ("4000000", timedelta(seconds=2))],
)
def test_signs_come_twice_as_often_as_they_must(systemd: socket.socket, allowed: str, every: timedelta) -> None:
    """Half of WATCHDOG_USEC, and no less often than every five seconds."""
    del systemd
    supervisor = open_supervisor({"NOTIFY_SOCKET": "set", "WATCHDOG_USEC": allowed})
    supervisor.close()

    assert supervisor.every == every


async def test_without_systemd_nothing_is_said() -> None:
    """And nothing is waited for."""
    supervisor = open_supervisor({})
    supervisor.ready()
    await supervisor.keep(lambda: True)
    supervisor.close()

    assert supervisor.notifier is None


def test_a_systemd_that_is_not_there_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket that nobody made is not spoken to."""
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the library leaves its socket open here
        supervisor = open_supervisor({"NOTIFY_SOCKET": "set"})
        gc.collect()
    supervisor.ready()
    supervisor.close()

    assert supervisor.notifier


def test_a_systemd_that_went_away_is_no_trouble(systemd: socket.socket) -> None:
    """What it does not take is lost."""
    supervisor = open_supervisor({"NOTIFY_SOCKET": "set"})
    systemd.close()
    supervisor.alive()
    supervisor.close()

    assert supervisor.notifier
