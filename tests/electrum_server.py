"""An Electrum server on loopback: speaks the documented protocol, over TCP or TLS, and can be told to misbehave."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from bot.stats.line.electrum import MAX_BYTES

Json = Any
GREETING = "server.version"


def message(**parts: Json) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **parts}).encode() + b"\n"


class ElectrumServer:
    """`results` holds what is answered to each method, after all of `before`.

    `fault` is what is done instead to all but the greeting.
    """

    def __init__(self, scheme: str) -> None:
        self.results: dict[str, Json] = {GREETING: ["Fulcrum 2.0", "1.6"]}
        self.asked: list[tuple[str, Json]] = []
        self.before: list[bytes] = []
        self.fault = ""
        self.scheme = scheme
        self.port = 0
        self._open: list[asyncio.StreamWriter] = []

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer line after line until the other side leaves."""
        self._open.append(writer)
        while line := await self._line(reader):
            call = json.loads(line)
            self.asked.append((call["method"], call["params"]))
            writer.writelines(self.before)
            fault = "" if call["method"] == GREETING else self.fault
            writer.write(FAULTS[fault](call["id"]) if fault else self._answer(call))
            if fault in {"cut", "hang up"}:
                writer.close()

    def close(self) -> None:
        for writer in self._open:
            writer.close()

    def _answer(self, call: Mapping[str, Json]) -> bytes:
        if call["method"] not in self.results:
            return message(id=call["id"], error={"code": -32601, "message": "unknown method"})
        return message(id=call["id"], result=self.results[call["method"]])

    async def _line(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readline()
        except ConnectionError:
            return b""


FAULTS: Mapping[str, Callable[[int], bytes]] = {
    "hang": lambda _: b"",
    "hang up": lambda _: b"",
    "cut": lambda number: message(id=number, result=1)[:-9],
    "page": lambda _: b"<!DOCTYPE html>\n",
    "list": lambda number: b"[" + message(id=number, result=1).strip() + b"]\n",
    "deep": lambda _: b"[" * 100_000 + b"\n",
    "bytes": lambda _: b"\xff\xfe\n",
    "huge": lambda _: b" " * (MAX_BYTES + 1) + b"\n",
    "endless": lambda _: b" " * (3 * MAX_BYTES),
    "error": lambda number: message(id=number, error={"code": 2, "message": "daemon error"}),
    "error, a text": lambda number: message(id=number, error="busy"),
    "neither": lambda number: message(id=number),
    "null": lambda number: message(id=number, result=None),
    "another's answer": lambda number: message(id=number + 1, result=1),
}


@asynccontextmanager
async def open_electrum(tls: ssl.SSLContext | None = None) -> AsyncIterator[ElectrumServer]:
    """Serve on a free port."""
    electrum = ElectrumServer("ssl" if tls else "tcp")
    server = await asyncio.start_server(electrum.handle, "127.0.0.1", 0, ssl=tls)
    electrum.port = server.sockets[0].getsockname()[1]
    try:
        yield electrum
    finally:
        electrum.close()
        server.close()
        await server.wait_closed()
