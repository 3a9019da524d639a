"""The real program in a process of its own, and a local Telegram that notes when what happens: for the benchmarks."""

import asyncio
import logging
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.faces.simulator import LocalTelegram
from bot.faces.simulator.entities import JSON
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.updates import UpdateQueue

ROOT = Path(__file__).parent.parent
SECRET = "a-secret-of-more-than-32-characters"  # noqa: S105 - of nothing
RUN = ("-m", "bot", "run", "--offline")
START = 90.0  # seconds; the first start of all learns the knowledge
TICK = os.sysconf("SC_CLK_TCK")
WRITES = frozenset({"sendmessage", "sendphoto", "editmessagetext", "editmessagemedia"})
HEARD = WRITES | {"answercallbackquery"}

MODES = ("polling", "webhook")


def free_port() -> int:
    """Return a port on loopback where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def hushed() -> None:
    """Keep servers and clients of this process from telling of what a benchmark does on purpose."""
    for name in ("uvicorn.error", "httpx", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


async def listens(port: int) -> bool:
    """Tell whether somebody listens on a port of loopback."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call that says something: when it came, its method in lower case, and what it brought."""

    at: float
    method: str
    given: Mapping[str, str]

    @property
    def chat(self) -> int:
        """The chat it goes to, 0 for a press."""
        return int(self.given.get("chat_id", 0))

    @property
    def text(self) -> str:
        """What it says."""
        return self.given.get("text", "")


class Handing(UpdateQueue):
    """Notes when each update was handed out for the first time, by getUpdates or to a webhook."""

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__(changed)
        self.handed: dict[int, float] = {}
        self.polls: list[float] = []  # when getUpdates was called, refused or not

    async def get(self, offset: int, limit: int, seconds: float) -> list[JSON]:
        """Return updates as getUpdates does."""
        updates = await super().get(offset, limit, seconds)
        now = time.monotonic()
        for update in updates:
            self.handed.setdefault(update["update_id"], now)
        return updates

    def holds(self, update: JSON) -> bool:
        """Tell whether an update is pending, which is asked before each delivery to a webhook."""
        self.handed.setdefault(update["update_id"], time.monotonic())
        return super().holds(update)


class NotingTelegram(LocalTelegram):
    """A local Telegram that keeps no calls, but when each came that says something, in `arrivals`."""

    def __init__(self, username: str = "load_bot") -> None:
        super().__init__(username, privacy=False)
        self.handing = Handing(self.changes.happened)
        self.updates = self.handing
        self.arrivals: list[Arrival] = []
        self.on_arrival: Callable[[Arrival], object] = self.arrivals.append

    async def answer(self, token: str, method: str, given: Parameters) -> tuple[int, bytes]:
        """Answer a call."""
        name = method.lower()
        if name in HEARD:
            self.on_arrival(Arrival(time.monotonic(), name, given.values))
        if name == "getupdates":
            self.handing.polls.append(time.monotonic())
        self.calls.clear()
        return await super().answer(token, method, given)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process used so far, and what it holds: seconds of a processor, MiB, counts."""

    cpu: float
    rss: float
    rss_most: float
    files: int
    threads: int


def usage(pid: int) -> Usage:
    """Return what a process and those it started use, as the kernel says; files and threads are its own."""
    folder = Path("/proc") / str(pid)
    fields = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
    status = dict(re.findall(r"^(\w+):\s+(\d+)", (folder / "status").read_text("utf-8"), re.MULTILINE))
    return Usage(
        sum(map(int, fields[11:15])) / TICK,
        int(status["VmRSS"]) / 1024,
        int(status["VmHWM"]) / 1024,
        len(list((folder / "fd").iterdir())),
        int(status["Threads"]),
    )


@dataclass(slots=True)
class Program:
    """A child process whose output goes to a file."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Its number."""
        assert self.process  # noqa: S101 - it was started
        return self.process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it was started and has not ended."""
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, *self.command), env=self.environment, stdout=log, stderr=log, cwd=ROOT
            )

    async def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal, wait until it is gone, and return its exit code."""
        assert self.process  # noqa: S101 - it was started
        if self.is_alive:
            self.process.send_signal(how)
        return await self.process.wait()

    def lines(self) -> list[str]:
        """Return what it wrote so far."""
        return self.log.read_text("utf-8", "replace").splitlines()


def environment(home: Path, token: str, base_url: str, mode: str = "polling", **more: str) -> dict[str, str]:
    """Return what the program finds in its environment, with the shipped knowledge; `more` has settings by name."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BOT_", "TELEGRAM_"))}
    (home / "config.yml").touch()
    given = {
        "TELEGRAM_BOT_TOKEN": token,
        "BOT_CONFIG": str(home / "config.yml"),
        "BOT__TELEGRAM__BASE_URL": base_url,
        "BOT__KNOWLEDGE__PATH": str(ROOT / "knowledge"),
        "BOT__KNOWLEDGE__CACHE": str(home / "cache"),
        "BOT__DATABASE__URL": f"sqlite+aiosqlite:///{home}/bot.db",
        "BOT__TELEGRAM__MODE": mode,
    }
    if mode == "webhook":
        port = free_port()
        given |= {
            "BOT__TELEGRAM__WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
            "BOT__TELEGRAM__WEBHOOK_LISTEN": str(port),
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
        }
    return clean | given | more


def forget(home: Path) -> None:
    """Delete the database and the log, so that the next program begins anew."""
    for file in (*home.glob("bot.db*"), *home.glob("log.txt")):
        file.unlink()


async def is_up(telegram: LocalTelegram, mode: str) -> None:
    """Wait until a program asks for updates, or has set its webhook."""
    if mode == "webhook":
        await telegram.wait_for(lambda: telegram.updates.webhook, seconds=START)
    elif isinstance(telegram, NotingTelegram):
        polls = len(telegram.handing.polls)
        await telegram.wait_for(lambda: len(telegram.handing.polls) > polls, seconds=START)


async def figures(port: int) -> dict[str, float]:
    """Return what a program says of itself under /metrics."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    pairs = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in pairs}


def within(said: Mapping[str, float], histogram: str, share: float) -> float:
    """Return the bucket of a histogram below which that share of its values lie."""
    found = re.compile(rf'{histogram}_bucket{{le="([^"]+)"}}')
    buckets = sorted((float(hit[1]), count) for name, count in said.items() if (hit := found.fullmatch(name)))
    return next((edge for edge, count in buckets if count >= share * buckets[-1][1]), float("nan"))


@dataclass(slots=True)
class Lag:
    """How late the event loop of this process was, in seconds: what it adds to whatever is measured here."""

    seconds: list[float] = field(default_factory=list)

    async def watch(self, every: float = 0.05) -> None:
        """Watch for ever."""
        while True:
            began = time.monotonic()
            await asyncio.sleep(every)
            self.seconds.append(time.monotonic() - began - every)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of the values lie; not a number where there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
