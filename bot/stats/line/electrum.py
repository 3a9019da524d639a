"""Electrum servers: JSON-RPC, one message a line, over TCP with or without TLS.

Source: electrum-cash-protocol.readthedocs.io. Each conversation is a connection of its own, which begins by agreeing
on a version, as the protocol demands.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from urllib.parse import urlsplit

from bot.errors import SourceDownError, SourceError, SourceShakyError
from bot.stats.endpoint import Get, Request
from bot.stats.line.protocol import Ask
from bot.stats.line.rpc import answer_of, result_of

MAX_BYTES = 1024 * 1024  # of one message; far above any that is asked for
VERSION = "server.version"
SPOKEN = ("btc-vs-bch-bot", ["1.4", "1.6"])  # our name, and the oldest and the newest version
SCHEMES = ("ssl", "tcp")


@dataclass(frozen=True, slots=True)
class Wire:
    """One connection; `numbers` tell answers apart."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    numbers: "count[int]" = field(default_factory=count)

    async def asked(self, method: str, params: Sequence[object]) -> bytes:
        """Return the `result` of a call, as JSON; what the server says unasked is passed over."""
        number = next(self.numbers)
        message = {"jsonrpc": "2.0", "id": number, "method": method, "params": list(params)}
        self.writer.write(json.dumps(message).encode() + b"\n")
        await self.writer.drain()
        while (answer := answer_of(await self.reader.readuntil(b"\n"))).get("id") != number:
            pass
        return result_of(answer)

    async def cut(self) -> None:
        """Close at once: a polite end of TLS would wait for the other side."""
        self.writer.transport.abort()
        with suppress(OSError):
            await self.writer.wait_closed()


class ElectrumLine:
    """Talks with one server; waits no longer than `deadline` for the connection, and for each answer.

    Args:
        base_url: `ssl://host:port` or `tcp://host:port`.
        deadline: see above.
    """

    def __init__(self, base_url: str, deadline: timedelta) -> None:
        self._base_url = base_url
        self._deadline = deadline.total_seconds()

    @asynccontextmanager
    async def talk(self) -> AsyncIterator[Ask]:
        """Open a conversation."""
        async with self._in_time():
            wire = await self._opened()
        try:
            async with self._in_time():
                await wire.asked(VERSION, SPOKEN)
            yield lambda request: self._ask(wire, request)
        finally:
            await wire.cut()

    async def aclose(self) -> None:
        """Do nothing: no connection outlives its conversation."""

    async def _ask(self, wire: Wire, request: Request) -> bytes:
        if isinstance(request, Get):
            raise SourceError("has no pages")
        async with self._in_time():
            return await wire.asked(request.method, request.params)

    async def _opened(self) -> Wire:
        try:
            address = urlsplit(self._base_url)
            if address.scheme not in SCHEMES or not address.port:
                raise SourceDownError("has an address that cannot be used")
            tls = _encrypted() if address.scheme == "ssl" else None
            return Wire(*await asyncio.open_connection(address.hostname, address.port, ssl=tls, limit=MAX_BYTES))
        except ValueError as error:  # no port, or no name of a host
            raise SourceDownError("has an address that cannot be used") from error

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._deadline):
                yield
        except TimeoutError as error:
            raise SourceDownError("timed out") from error
        except OSError as error:
            raise SourceShakyError("could not be reached") from error
        except asyncio.IncompleteReadError as error:
            raise SourceShakyError("hung up") from error
        except asyncio.LimitOverrunError as error:
            raise SourceError("answered too much") from error


def _encrypted() -> ssl.SSLContext:
    """Return what encrypts without asking who is there.

    Volunteers sign their certificates themselves, so no authority vouches for them. What is believed is the work that a
    header proves, and what other sources say as well; nothing secret is ever sent.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
