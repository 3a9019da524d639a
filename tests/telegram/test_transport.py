"""What becomes of a message when the network fails, told by real sockets on loopback."""

import asyncio
import json
import socket
import socketserver
import struct
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from threading import Semaphore, Thread

import pytest
from telegram.error import NetworkError
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from bot.faces.simulator import LocalTelegram
from bot.faces.simulator.server import serve
from bot.faces.telegram import transport
from bot.faces.telegram.outcome import Result, result_of
from bot.faces.telegram.pace import Pace, Urgency
from bot.faces.telegram.transport import Patience, Transport
from tests.ports import reserved

ANSWER = b'{"ok": true, "result": {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private"}}}'
PATIENT = Patience(read=60, connect=60, pool=60)  # with a busy machine
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
        async with asyncio.timeout(60):
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
                body = json.loads(await reader.readexactly(int(length)))
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
def nowhere() -> Iterator[str]:
    """The address of a port where nobody listens."""
    with reserved() as (port,):
        yield f"http://127.0.0.1:{port}/bot"


@asynccontextmanager
async def calling(
    url: str, request: BaseRequest | None = None, pace: Pace | None = None
) -> AsyncIterator[ExtBot[Urgency]]:
    request = request or Transport(512, PATIENT)
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
    request = Transport(512, replace(PATIENT, read=0.5) if deed is kept_back else PATIENT)
    async with serving(deed) as server, calling(server.url, request, Pace(pauses=(0.0, 0.0))) as bot:
        results = await asyncio.gather(*(outcome(bot, chat, str(chat)) for chat in range(1, 51)))
        await server.got(50)

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


async def test_a_proxy_that_is_away_left_nothing(nowhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request to it cannot have gone further."""
    monkeypatch.setenv("HTTPS_PROXY", nowhere.removesuffix("/bot"))
    async with calling("https://api.telegram.org/bot") as bot:
        assert await outcome(bot) is Result.UNSENT


async def _no_way(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
    writer.close()


async def test_a_proxy_that_finds_no_way_left_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It refuses to connect, so the request is still here."""
    listener = await asyncio.start_server(_no_way, "127.0.0.1", 0)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}")
    async with listener, calling("https://api.telegram.org/bot") as bot:
        assert await outcome(bot) is Result.UNSENT


async def test_a_full_pool_left_nothing() -> None:
    """The second message waits for the connection of the first, in vain."""
    request = Transport(1, PATIENT)
    async with serving(kept_back) as server, calling(server.url, request) as bot:
        first = asyncio.create_task(outcome(bot, 1, "first"))
        await server.got(1)
        request._patience = Patience(connect=0.1, pool=0.1)
        second = await outcome(bot, 2, "second")
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)

        assert second is Result.UNSENT
        assert "second" not in server.delivered


class Detour(Transport):
    """Goes to a dead port with the first tries."""

    def __init__(self, dead: str, live: str, tries: int) -> None:
        super().__init__(512, PATIENT)
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


class Curt(socketserver.StreamRequestHandler):
    """Answers one request and hangs up; `gone` counts."""

    gone: Semaphore

    def handle(self) -> None:
        while line := self.rfile.readline().strip().lower():
            if line.startswith(b"content-length: "):
                length = int(line.partition(b": ")[2])
        self.rfile.read(length)
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER))
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.gone.release()


async def test_a_connection_whose_end_nobody_has_read_yet_is_not_used() -> None:
    """Another machine hangs up while the event loop is busy; the next message follows at once."""
    Curt.gone = Semaphore(0)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Curt) as server:
        Thread(target=server.serve_forever).start()
        async with calling(f"http://127.0.0.1:{server.server_address[1]}/bot") as bot:
            results = []
            try:
                for chat in range(1, 21):
                    results.append(await outcome(bot, chat))
                    assert Curt.gone.acquire(timeout=60)
            finally:
                server.shutdown()

    assert Counter(results) == {Result.SENT: 20}


async def test_files_and_words_arrive_as_they_are() -> None:
    """A form has them in several parts; names and captions keep their letters."""
    telegram = LocalTelegram()
    person = telegram.person("Ann")
    person.start()
    async with serve(telegram) as url:
        request = Transport(1)
        await request.initialize()
        bot = ExtBot(telegram.token, base_url=url, request=request)
        await bot.send_document(person.id, b"a: \xc3\xa4\r\n", filename="f&es.yml", caption="für „dich“ & mich = 1%")
        await bot.send_message(person.id, "für „dich“ & mich = 1%")
        await request.shutdown()

    sent = telegram.sent_by_bot(person.private)
    (call,) = telegram.calls_of("sendDocument")
    assert [message.raw.get("caption") or message.text for message in sent] == ["für „dich“ & mich = 1%"] * 2
    assert list(call.files.values()) == [b"a: \xc3\xa4\r\n"]
    assert sent[0].raw["document"]["file_name"] == "f&es.yml"


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


async def test_what_only_a_busy_moment_wanted_is_left_to_rest() -> None:
    """After two calls at once, those that follow one by one go the same way."""
    used: list[asyncio.StreamWriter] = []
    both = asyncio.Barrier(2)

    async def noted(wire: Wire) -> None:
        used.append(wire.writer)
        if len(used) <= both.parties:
            await both.wait()
        await wire.answer()

    async with serving(noted) as server, calling(server.url) as bot:
        await asyncio.gather(outcome(bot, 1), outcome(bot, 2))
        for chat in range(3, 6):
            await outcome(bot, chat)

    assert len({*used[:2]}) == 2
    assert len({*used[2:]}) == 1


async def test_a_resting_connection_is_closed_before_a_server_does() -> None:
    """The least patient servers close after five seconds; here it rests for no time at all."""
    async with serving(answered) as server, calling(server.url, Transport(1, replace(PATIENT, idle=0.0))) as bot:
        for chat in (1, 2):
            assert await outcome(bot, chat) is Result.SENT

        assert len(server.open) == 2
    assert Patience().idle < 5
