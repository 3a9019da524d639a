"""A small HTTP server inside the running bot: it is punctual, keeps quiet, and finishes what was begun."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.errors import ConfigError

LOOPBACK = "127.0.0.1"
HEAD = timedelta(seconds=10)  # within which a request's head is there, else the connection ends
HEAD_BYTES = 64 * 1024  # of a head that does not end
IDLE = timedelta(seconds=65)  # between two requests; Telegram keeps its connections for a minute
DRAIN = timedelta(seconds=7)  # for requests that were begun; the whole program ends within ten
WAITING = 512  # connections that have not said yet what they want; the oldest makes room for the next


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens."""

    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> "Address":
        """Return the address that `host:port`, `:port` or `port` names; without a host it is loopback."""
        host, _, port = text.rpartition(":")
        return cls(host.strip("[]") or LOOPBACK, int(port))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class QuietServer(uvicorn.Server):
    """A server that leaves the signals to the program around it and says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signal handlers alone."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start and say so."""
        await super().startup(sockets)
        self.ready.set()


class PunctualProtocol(H11Protocol):
    """HTTP/1.1 that waits for the head of a request no longer than `HEAD`, and for no more than `WAITING` of them.

    uvicorn has a deadline between requests only: who opens a connection and says nothing would stay for ever.
    """

    head = HEAD
    waiting = WAITING
    deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in the library
        """Begin to wait, and make room by ending what has been waiting longest."""
        super().connection_made(transport)
        self._expect_head()
        if len(self.connections) > self.waiting:
            crowd = [one for one in self.connections if isinstance(one, PunctualProtocol) and one.deadline]
            if len(crowd) > self.waiting:
                min(crowd, key=PunctualProtocol.due).transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what comes; the deadline counts from a head's first byte and not from its last."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self._expect_head()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        if self.deadline is None:
            self.deadline = self.loop.call_later(self.head.total_seconds(), self.transport.abort)

    def _stop_waiting(self) -> None:
        if self.deadline:
            self.deadline.cancel()
        self.deadline = None

    def due(self) -> float:
        """Return when the patience with this connection ends, in the loop's seconds."""
        return self.deadline.when() if self.deadline else float("inf")


@asynccontextmanager
async def listening(
    application: ASGIApp, address: Address, key: str, *, protocol: type[PunctualProtocol] = PunctualProtocol
) -> AsyncIterator[Address]:
    """Serve an application meanwhile and give where; at the end no one new is let in and what was begun is finished.

    Args:
        application: what answers.
        address: where to listen; port 0 takes one that is free.
        key: the setting that names the address, for the complaint.
        protocol: how punctual to be.

    Raises:
        ConfigError: the address cannot be had.
    """
    with _bound(address, key) as door:
        settings = uvicorn.Config(
            application,
            http=protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",  # or whoever knocks with rubbish writes our log
            access_log=False,
            server_header=False,
            proxy_headers=False,
            h11_max_incomplete_event_size=HEAD_BYTES,
            timeout_keep_alive=int(IDLE.total_seconds()),
            timeout_graceful_shutdown=int(DRAIN.total_seconds()),
        )
        server = QuietServer(settings)
        running = asyncio.create_task(server.serve([door]))
        await server.ready.wait()
        try:
            yield Address(address.host, door.getsockname()[1])
        finally:
            server.should_exit = True
            await running


def listener(host: str, port: int, family: int = socket.AF_INET) -> socket.socket:
    """Return a socket that listens, and whose connections send the end of an answer at once.

    asyncio sees to that itself only where a socket names its protocol, and this one does not: the body of an answer
    would wait until its head is acknowledged, which the other side holds back for 40 ms.
    """
    found = socket.create_server((host, port), family=family, backlog=1024)
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # inherited by what is accepted
    return found


def _bound(address: Address, key: str) -> socket.socket:
    try:
        family, *_, where = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        return listener(str(where[0]), address.port, family)
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None) or 0  # below zero where a name could not be found
        why = os.strerror(number) if number > 0 else "there is none like it"
        raise ConfigError(f"{key}: cannot listen on {address} ({why}); name a free one of this machine") from error
