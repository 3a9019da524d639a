"""A webhook on a real port, what keeps its updates, and a client that says exactly what it is told."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.errors import StoreError
from bot.faces.http import Address, Hook, Webhook, listening
from bot.faces.http.server import PunctualProtocol

SECRET = "a-secret_of-32-characters-or-more"
LOOPBACK = Address("127.0.0.1", 0)
HOOK = Hook("https://bot.example/telegram", SECRET, LOOPBACK)
PATIENCE = 60  # seconds a test waits for what comes at once


@dataclass(slots=True)
class Kept:
    """Keeps updates in a real file, once each; `broken` makes the file fail, `gate` keeps a commit waiting."""

    file: Path
    broken: bool = False
    gate: asyncio.Event | None = None
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    calls: int = 0

    async def receive(self, raws: Sequence[Any]) -> None:
        self.calls += 1
        self.asked.set()
        if self.gate:
            await self.gate.wait()
        if self.broken:
            raise StoreError("the disk is full")
        connection = sqlite3.connect(self.file)
        connection.execute("pragma synchronous=off")  # a test does not lose its power
        with connection:
            connection.execute("create table if not exists inbox (id integer primary key, body text)")
            rows = [(raw["update_id"], json.dumps(raw)) for raw in raws]
            connection.executemany("insert or ignore into inbox values (?, ?)", rows)
        connection.close()

    @property
    def ids(self) -> list[int]:
        if not self.file.exists():
            return []
        connection = sqlite3.connect(self.file)
        found = [number for (number,) in connection.execute("select id from inbox order by id")]
        connection.close()
        return found


@dataclass(frozen=True, slots=True)
class Port:
    """Where a webhook listens, and what it keeps."""

    address: Address
    kept: Kept
    statuses: list[int]

    async def said(self, *parts: bytes, ends: bool = False) -> bytes:
        """Return everything that is answered to some bytes until the other side hangs up or the first answer is whole.

        `ends` says whether we hang up after the last of them.
        """
        async with asyncio.timeout(PATIENCE):
            try:
                reader, writer = await asyncio.open_connection(self.address.host, self.address.port)
            except ConnectionError:
                return b""
            try:
                for part in parts:
                    writer.write(part)
                    await writer.drain()
                if ends:
                    writer.write_eof()
                return await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError as error:
                return error.partial
            except ConnectionError:
                return b""
            finally:
                writer.close()

    async def status(self, *parts: bytes, ends: bool = False) -> int:
        """Return the status of the answer, 0 where there is none."""
        answer = await self.said(*parts, ends=ends)
        return int(answer.split()[1]) if answer else 0


OpenPort = Callable[..., AbstractAsyncContextManager[Port]]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "inbox.db")


@pytest.fixture
def open_port(kept: Kept) -> OpenPort:
    @asynccontextmanager
    async def opened(protocol: type[PunctualProtocol] = PunctualProtocol, **how: Any) -> AsyncIterator[Port]:
        statuses: list[int] = []
        door = Webhook(HOOK, kept, statuses.append, **how)
        async with listening(door, LOOPBACK, "telegram.webhook_listen", protocol=protocol) as address:
            yield Port(address, kept, statuses)

    return opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def standing(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Webhook, Address]]:
    """One webhook for all who ask it nothing unusual; a server takes a while to end."""
    door = Webhook(HOOK, Kept(tmp_path_factory.mktemp("nobody") / "inbox.db"))
    async with listening(door, LOOPBACK, "telegram.webhook_listen") as address:
        yield door, address


@pytest.fixture
def port(standing: tuple[Webhook, Address], kept: Kept) -> Port:
    """The webhook as if it were new."""
    door, address = standing
    statuses: list[int] = []
    door.receives, door.noted = kept, statuses.append
    return Port(address, kept, statuses)


def request(
    body: bytes = b'{"update_id": 7}',
    *lines: str,
    start: str = "POST /telegram HTTP/1.1",
    secret: str = SECRET,
    **other: str,
) -> bytes:
    """Return a request as Telegram sends it; `other` headers take the place of its own, an empty one is left out."""
    headers = {
        "Host": "bot.example",
        "X-Telegram-Bot-Api-Secret-Token": secret,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
    }
    headers |= {name.replace("_", "-"): value for name, value in other.items()}
    head = [start, *(f"{name}: {value}" for name, value in headers.items() if value), *lines]
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body


def chunked(*parts: bytes) -> bytes:
    """Return a body in chunks."""
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))
