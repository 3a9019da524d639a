"""JSON-RPC over HTTP, as different nodes answer it: results, and errors with any status."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.errors import SourceDownError, SourceError
from bot.stats import ProviderSettings
from bot.stats.endpoint import Call
from bot.stats.line import open_line
from bot.stats.settings import Kind
from tests.web import page

Request = Callable[[], Awaitable[bytes]]


@asynccontextmanager
async def asked(answer: bytes) -> AsyncIterator[tuple[Request, list[bytes]]]:
    """Give a call of a node that answers so, and what the node was sent."""
    sent: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        sent.extend((head, await reader.readexactly(length)))
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    line = open_line(ProviderSettings(url, timeout=timedelta(seconds=60), user="bot", key="secret", kind=Kind.RPC))
    try:
        async with line.talk() as ask:
            yield lambda: ask(Call("getblockhash", (7,))), sent
    finally:
        await line.aclose()
        server.close()
        await server.wait_closed()


async def test_a_call_is_posted_with_the_login() -> None:
    """Method, arguments, name and password go to the node; the result alone comes back."""
    async with asked(page("200 OK", b'{"result": "00ff", "error": null, "id": 1}')) as (ask, sent):
        result = await ask()

    head, body = sent
    assert result == b'"00ff"'
    assert head.startswith(b"POST / HTTP/1.1")
    assert base64.b64encode(b"bot:secret") in head
    assert {**json.loads(body), "id": 0} == {"jsonrpc": "1.0", "id": 0, "method": "getblockhash", "params": [7]}


UNKNOWN = b'{"result": null, "error": {"code": -32601, "message": "Method not found"}, "id": 1}'
STARTING = b'{"result": null, "error": {"code": -28, "message": "Loading block index"}, "id": 1}'
WRONG = b'{"result": null, "error": {"code": -8, "message": "Block height out of range"}, "id": 1}'
UNREADABLE = "gave an answer that cannot be read"
ANSWERS: dict[str, tuple[bytes, str, bool]] = {
    "bcoin's error, with HTTP 200": (page("200 OK", UNKNOWN), "does not know the method", False),
    "Core's error, with HTTP 404": (page("404 Not Found", UNKNOWN), "does not know the method", False),
    "Core's error, with HTTP 500": (page("500 Internal Server Error", WRONG), "reports error -8", False),
    "a start": (page("500 Internal Server Error", STARTING), "is still starting", False),
    "an error without a code": (page("200 OK", b'{"result": null, "error": "busy"}'), "reports an error", False),
    "a code that is none": (page("200 OK", b'{"error": {"code": "x"}}'), "reports an error", False),
    "a wrong password": (page("401 Unauthorized", b""), "answered HTTP 401", True),
    "a proxy's error": (page("502 Bad Gateway", b'{"error": "upstream"}'), "answered HTTP 502", True),
    "too many calls": (
        page("503 Service Unavailable", b"Work queue depth exceeded", kind="text/plain"),
        "answered HTTP 503",
        True,
    ),
    "a page": (page("500 Internal Server Error", b"<html>", kind="text/html"), "answered HTTP 500", False),
    "no object": (page("200 OK", b"[1]"), UNREADABLE, False),
    "neither": (page("200 OK", b'{"id": 1}'), UNREADABLE, False),
    "no JSON": (page("200 OK", b"{"), UNREADABLE, False),
    "too deep": (page("200 OK", b'{"result":' + b"[" * 100_000), UNREADABLE, False),
    "too much": (page("200 OK", b" " * (2 * 1024 * 1024 + 1)), "answered too much", False),
}


@pytest.mark.parametrize(("answer", "why", "is_down"), ANSWERS.values(), ids=ANSWERS)
async def test_an_error_is_a_reason(*, answer: bytes, why: str, is_down: bool) -> None:
    """An error is one whatever the status, and only a node that turns us away is left alone."""
    async with asked(answer) as (ask, _):
        with pytest.raises(SourceError, match=f"^{why}$") as raised:
            await ask()

    assert isinstance(raised.value, SourceDownError) is is_down
