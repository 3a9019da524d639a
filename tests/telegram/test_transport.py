"""What becomes of a message when the network fails, told by real sockets on loopback."""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx
import pytest
from telegram.error import NetworkError
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.faces.telegram import transport
from bot.faces.telegram.outcome import Result, result_of
from bot.faces.telegram.pace import Pace, Urgency

ANSWER = b'{"ok": true, "result": {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private"}}}'
LINGER = struct.pack("ii", 1, 0)  # close with a reset

Deed = Callable[["Wire"], Awaitable[None]]


@dataclass
class Wire:
    """A connection that has just brought a request."""

    server: "Server"
    writer: asyncio.StreamWriter

    async def answer(self) -> None:
        length = f"Content-Length: {len(ANSWER)}".encode()
        self.writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + length + b"\r\n\r\n" + ANSWER)
        await self.writer.drain()

    async def begin(self) -> None:
        self.writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
        await self.writer.drain()

    def reset(self) -> None:
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER)
        self.writer.transport.abort()

    def hang_up(self) -> None:
        self.writer.close()


async def answered(wire: Wire) -> None:
    await wire.answer()


async def kept_back(wire: Wire) -> None:
    await wire.server.over.wait()


async def reset(wire: Wire) -> None:
    wire.reset()


async def hung_up(wire: Wire) -> None:
    wire.hang_up()


async def reset_in_the_answer(wire: Wire) -> None:
    await wire.begin()
    wire.reset()


async def hung_up_in_the_answer(wire: Wire) -> None:
    await wire.begin()
    wire.hang_up()


async def hung_up_after_the_answer(wire: Wire) -> None:
    await wire.answer()
    wire.hang_up()


@dataclass
class Server:
    """Reads requests, notes their texts as delivered, and does with the connection what it is told."""

    deed: Deed
    delivered: Counter[str] = field(default_factory=Counter)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0
    open: list[asyncio.Task[None]] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def got(self, count: int) -> None:
        """Wait until so many messages were read."""
        async with asyncio.timeout(20):
            while self.delivered.total() < count:
                self.news.clear()
                await self.news.wait()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.open.append(task)
        try:
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
                body = dict(parse_qsl((await reader.readexactly(int(length))).decode()))
                self.delivered[body.get("text", "")] += 1
                self.news.set()
                await self.deed(Wire(self, writer))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


@asynccontextmanager
async def serving(deed: Deed) -> AsyncIterator[Server]:
    server = Server(deed)
    listener = await asyncio.start_server(server.meet, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        server.over.set()
        listener.close()
        await listener.wait_closed()
        await asyncio.gather(*server.open, return_exceptions=True)


@pytest.fixture
def nowhere() -> str:
    """The address of a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/bot"


@asynccontextmanager
async def calling(
    url: str, request: HTTPXRequest | None = None, pace: Pace | None = None
) -> AsyncIterator[ExtBot[Urgency]]:
    request = request or HTTPXRequest(read_timeout=0.3, connect_timeout=2, pool_timeout=0.3)
    bot = ExtBot("42:token", base_url=url, request=request, rate_limiter=pace or Pace(pauses=()))
    await request.initialize()
    yield bot
    await request.shutdown()


async def outcome(bot: ExtBot[Urgency], chat: int = 1, text: str = "hello") -> Result:
    try:
        await bot.send_message(chat, text)
    except NetworkError as error:
        return result_of(error)
    return Result.SENT


AFTER = {deed.__name__: deed for deed in (kept_back, reset, hung_up, reset_in_the_answer, hung_up_in_the_answer)}


@pytest.mark.parametrize("deed", AFTER.values(), ids=AFTER)
async def test_what_was_read_by_telegram_is_never_sent_again(deed: Deed) -> None:
    """Fifty messages arrive and their answers do not: each counts as sent, there is no second copy."""
    async with serving(deed) as server, calling(server.url, pace=Pace(pauses=(0.0, 0.0))) as bot:
        results = await asyncio.gather(*(outcome(bot, chat, str(chat)) for chat in range(1, 51)))

        assert Counter(results) == {Result.UNKNOWN: 50}
        assert server.delivered == {str(chat): 1 for chat in range(1, 51)}


async def test_a_refused_connection_left_nothing(nowhere: str) -> None:
    """Nobody listens."""
    async with calling(nowhere) as bot:
        assert await outcome(bot) is Result.UNSENT


async def test_a_name_that_is_not_known_left_nothing() -> None:
    """There is no address to send to."""
    async with calling("http://telegram.invalid/bot") as bot:
        assert await outcome(bot) is Result.UNSENT


async def _no_tls(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 smtp ready\r\n")
    writer.close()


async def test_a_failed_handshake_left_nothing() -> None:
    """What answers does not speak TLS."""
    listener = await asyncio.start_server(_no_tls, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    async with listener, calling(f"https://127.0.0.1:{port}/bot") as bot:
        assert await outcome(bot) is Result.UNSENT


async def test_a_proxy_that_is_away_left_nothing(nowhere: str) -> None:
    """A request to it cannot have gone further."""
    request = HTTPXRequest(proxy=nowhere.removesuffix("/bot"))
    async with calling("https://api.telegram.org/bot", request) as bot:
        assert await outcome(bot) is Result.UNSENT


async def _no_way(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
    writer.close()


async def test_a_proxy_that_finds_no_way_left_nothing() -> None:
    """It refuses to connect, so the request is still here."""
    listener = await asyncio.start_server(_no_way, "127.0.0.1", 0)
    request = HTTPXRequest(proxy=f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}")
    async with listener, calling("https://api.telegram.org/bot", request) as bot:
        assert await outcome(bot) is Result.UNSENT


async def test_a_full_pool_left_nothing() -> None:
    """The second message waits for the connection of the first, in vain."""
    request = HTTPXRequest(connection_pool_size=1, pool_timeout=0.1, read_timeout=5)
    async with serving(kept_back) as server, calling(server.url, request) as bot:
        first = asyncio.create_task(outcome(bot, 1, "first"))
        await server.got(1)
        second = await outcome(bot, 2, "second")
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)

        assert second is Result.UNSENT
        assert "second" not in server.delivered


class Detour(HTTPXRequest):
    """Goes to a dead port with the first tries."""

    def __init__(self, dead: str, live: str, tries: int) -> None:
        super().__init__()
        self._ways, self._left, self._tries = (dead, live), Counter[str](), tries

    async def do_request(self, url: str, *args: object, **how: object) -> tuple[int, bytes]:
        data = how.get("request_data") or args[1]
        text = data.parameters["text"]  # type: ignore[attr-defined]  # every call of this test has one
        self._left[text] += 1
        dead, live = self._ways
        way = url.replace(live, dead) if self._left[text] <= self._tries else url
        return await super().do_request(way, *args, **how)  # type: ignore[arg-type]  # as they came


async def test_what_never_left_arrives_once(nowhere: str) -> None:
    """Fifty messages are refused twice before they left: all arrive, each once."""
    async with serving(answered) as server:
        way = Detour(nowhere, server.url, tries=2)
        async with calling(server.url, way, Pace(pauses=(0.0, 0.0))) as bot:
            results = await asyncio.gather(*(outcome(bot, chat, str(chat)) for chat in range(1, 51)))

        assert Counter(results) == {Result.SENT: 50}
        assert server.delivered == {str(chat): 1 for chat in range(1, 51)}


async def test_connections_that_the_server_closed_are_not_used() -> None:
    """A server that hangs up after each answer costs no message and makes no copy."""
    async with serving(hung_up_after_the_answer) as server, calling(server.url) as bot:
        results = [await outcome(bot, chat, str(chat)) for chat in range(1, 201)]

        assert Counter(results) == {Result.SENT: 200}
        assert server.delivered == {str(chat): 1 for chat in range(1, 201)}


async def test_three_hundred_slow_calls_leave_room_for_the_poll() -> None:
    """All of them are under way, none waits for a connection, and the poll has its own."""
    async with serving(kept_back) as slow, serving(answered) as quick:
        async with calling(slow.url, transport.calls()) as bot, calling(quick.url, transport.polling()) as poller:
            under_way = [asyncio.create_task(outcome(bot, chat, str(chat))) for chat in range(1, 301)]
            await slow.got(300)
            polled = await outcome(poller)
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

        assert polled is Result.SENT
        assert len(slow.delivered) == 300


def test_a_resting_connection_is_closed_before_a_server_does() -> None:
    """The least patient servers close after five seconds."""
    client = transport.calls()._client
    pool = client._transport._pool  # type: ignore[attr-defined]  # there is no other way to ask

    assert isinstance(client, httpx.AsyncClient)
    assert pool._keepalive_expiry < 5
