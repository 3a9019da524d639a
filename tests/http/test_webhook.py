"""The webhook on a real socket: who does not know the secret gets nothing, and 200 means that the update is kept."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
import structlog

from bot.errors import ConfigError
from bot.faces.http import listening
from bot.faces.http.server import PunctualProtocol
from bot.faces.http.webhook import LARGEST
from tests.http.conftest import PATIENCE, SECRET, Kept, OpenPort, Port, chunked, request

pytestmark = pytest.mark.asyncio(loop_scope="session")

SOON = timedelta(milliseconds=50)
GOOD = b'{"update_id": 7}'
TOKEN = "X-Telegram-Bot-Api-Secret-Token"
DEEP = b'{"update_id": 7, "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
FULL = b'{"update_id": 7, "x": "' + b"x" * (LARGEST - 25) + b'"}'
IN_CHUNKS = {"Content_Length": "", "Transfer_Encoding": "chunked"}

REFUSED: dict[str, tuple[bytes, int]] = {
    "no secret": (request(secret=""), 401),
    "wrong secret": (request(secret=SECRET[:-1] + "x"), 401),
    "short secret": (request(secret=SECRET[:-1]), 401),
    "longer secret": (request(secret=SECRET + "x"), 401),
    "secret in capitals": (request(secret=SECRET.upper()), 401),
    "secret beyond ASCII": (request(secret=SECRET[:-1] + "é"), 401),
    "secret twice": (request(GOOD, f"{TOKEN}: {SECRET}"), 401),
    "right and wrong secret": (request(GOOD, f"{TOKEN}: wrong"), 401),
    "secret in the address": (request(start=f"POST /telegram?secret={SECRET} HTTP/1.1", secret=""), 401),
    "wrong secret and method": (request(start="GET /telegram HTTP/1.1", secret="x"), 401),
    "other path": (request(start="POST /other HTTP/1.1"), 404),
    "root": (request(start="POST / HTTP/1.1"), 404),
    "longer path": (request(start="POST /telegram/ HTTP/1.1"), 404),
    "path upwards": (request(start="POST /x/../telegram HTTP/1.1"), 404),
    "health": (request(start="GET /healthz HTTP/1.1"), 404),
    "metrics": (request(start="GET /metrics HTTP/1.1"), 404),
    "get": (request(start="GET /telegram HTTP/1.1"), 405),
    "head": (request(start="HEAD /telegram HTTP/1.1"), 405),
    "put": (request(start="PUT /telegram HTTP/1.1"), 405),
    "delete": (request(start="DELETE /telegram HTTP/1.1"), 405),
    "options": (request(start="OPTIONS /telegram HTTP/1.1"), 405),
    "no type": (request(Content_Type=""), 415),
    "form": (request(Content_Type="application/x-www-form-urlencoded"), 415),
    "text": (request(Content_Type="text/plain"), 415),
    "type like JSON": (request(Content_Type="application/jsonp"), 415),
    "other letters": (request(Content_Type="application/json; charset=utf-16"), 415),
    "gzip": (request(b"\x1f\x8b\x08\x00", Content_Encoding="gzip"), 415),
    "too large by its head": (request(Content_Length=str(LARGEST + 1)), 413),
    "far too large by its head": (request(Content_Length="9" * 19), 413),
    "too large in chunks": (request(b"", **IN_CHUNKS) + chunked(*[b"x" * 65_536] * 17), 413),
    "both lengths": (request(GOOD, "Transfer-Encoding: chunked"), 400),
    "both lengths, chunked": (request(b"", Transfer_Encoding="chunked") + chunked(GOOD), 400),
    "two lengths": (request(GOOD, "Content-Length: 3"), 400),
    "negative length": (request(Content_Length="-1"), 400),
    "length with a sign": (request(Content_Length="+16"), 400),
    "length in words": (request(Content_Length="many"), 400),
    "other coding": (request(b"", Content_Length="", Transfer_Encoding="gzip"), 400),
    "two codings": (request(b"", Content_Length="", Transfer_Encoding="gzip, chunked"), 400),
    "chunk without a size": (request(b"", **IN_CHUNKS) + b"zz\r\n{}\r\n0\r\n\r\n", 400),
    "blank before a colon": (request(GOOD, "X-Other : 1"), 400),
    "folded header": (request(GOOD, "X-Other: 1\r\n\tX-More: 2"), 200),
    "bare newlines in the head": (request(GOOD, "X-Other: 1\nX-More: 2"), 200),
    "zero byte in a header": (request(GOOD, "X-Other: \x00"), 400),
    "no host": (request(Host=""), 400),
    "two hosts": (request(GOOD, "Host: evil.example"), 400),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "HTTP/2 preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 404),
    "large head": (request(GOOD, "X-Other: " + "x" * 20_000), 431),
    "many headers": (request(GOOD, *["X-Other: 1"] * 2_000), 431),
    "endless head": (request(GOOD, "X-Other: " + "x" * 2_000_000)[:-30], 400),
    "no body": (request(b""), 400),
    "broken JSON": (request(b'{"update_id": 7'), 400),
    "two values": (request(GOOD + GOOD), 400),
    "not UTF-8": (request(b'{"update_id": 7, "x": "\xff"}'), 400),
    "UTF-16": (request('{"update_id": 7}'.encode("utf-16")), 400),
    "mark before UTF-8": (request(b"\xef\xbb\xbf" + GOOD), 400),
    "deep": (request(DEEP), 400),
    "NaN": (request(b'{"update_id": 7, "x": NaN}'), 400),
    "endless number": (request(b'{"update_id": 7, "x": ' + b"9" * 5_000 + b"}"), 400),
    "list": (request(b'[{"update_id": 7}]'), 400),
    "text alone": (request(b'"update_id"'), 400),
    "null": (request(b"null"), 400),
    "no number": (request(b'{"message": {}}'), 400),
    "number as text": (request(b'{"update_id": "7"}'), 400),
    "number is true": (request(b'{"update_id": true}'), 400),
    "number with a fraction": (request(b'{"update_id": 7.0}'), 400),
    "negative number": (request(b'{"update_id": -7}'), 400),
    "huge number": (request(b'{"update_id": 9223372036854775808}'), 400),
}
TAKEN = {
    "plain": request(),
    "in chunks": request(b"", **IN_CHUNKS) + chunked(GOOD[:3], GOOD[3:]),
    "with letters": request(Content_Type="application/json; charset=UTF-8"),
    "HTTP/1.0": request(start="POST /telegram HTTP/1.0"),
    "with a query": request(start="POST /telegram?x=1 HTTP/1.1"),
    "as large as may be": request(FULL),
}


@pytest.mark.parametrize(("sent", "status"), REFUSED.values(), ids=REFUSED)
async def test_what_is_not_telegram_s_is_refused(port: Port, sent: bytes, status: int) -> None:
    """Each has its status, nothing is kept, nothing of it is logged, and the next update is answered."""
    with structlog.testing.capture_logs() as logs:
        found = await port.status(sent)

    assert found == status
    assert port.kept.ids == ([7] if status == 200 else [])
    assert logs == []
    assert await port.status(request(b'{"update_id": 8}')) == 200


@pytest.mark.parametrize("sent", TAKEN.values(), ids=TAKEN)
async def test_an_update_is_kept_before_it_is_answered(port: Port, sent: bytes) -> None:
    """200 means that it lies in the file."""
    assert await port.status(sent) == 200
    assert port.kept.ids == [7]
    assert port.statuses == [200]


async def test_the_answer_waits_for_the_commit(port: Port) -> None:
    """Nothing is said while the commit is under way."""
    port.kept.gate = asyncio.Event()
    answer = asyncio.create_task(port.status(request()))
    await port.kept.asked.wait()

    is_early = answer.done() or port.statuses
    port.kept.gate.set()

    assert not is_early
    assert await answer == 200


async def test_an_update_that_comes_twice_is_kept_once(port: Port) -> None:
    """A captured request that is sent again is answered with 200 and changes nothing."""
    statuses = [await port.status(request()) for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert port.kept.ids == [7]


async def test_what_cannot_be_kept_is_to_come_again(port: Port) -> None:
    """A full disk is a 503 with a time; once there is room, the update that comes again is kept."""
    port.kept.broken = True
    answer = await port.said(request())
    port.kept.broken = False

    assert answer.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 5" in answer
    assert await port.status(request()) == 200
    assert port.kept.ids == [7]


async def test_a_full_queue_is_not_waited_for_for_ever(open_port: OpenPort, kept: Kept) -> None:
    """Telegram is asked to come again; what was begun goes on and is kept."""
    kept.gate = asyncio.Event()
    async with open_port(patience=SOON) as port:
        status = await port.status(request())
        kept.gate.set()
        again = await port.status(request())

    assert (status, again) == (503, 200)
    assert (kept.ids, kept.calls) == ([7], 2)


async def test_what_is_given_up_at_the_end_is_to_come_again(port: Port) -> None:
    """A reception that ends in the middle of it confirms nothing."""
    port.kept.gate = asyncio.Event()
    answer = asyncio.create_task(port.status(request()))
    await port.kept.asked.wait()
    (begun,) = (task for task in asyncio.all_tasks() if "Kept.receive" in repr(task.get_coro()))
    begun.cancel()

    assert await answer == 503


async def test_the_secret_is_asked_for_before_the_body(port: Port) -> None:
    """Who does not know it is refused while a megabyte is still to come; who does is told to go on."""
    wrong = await port.said(request(b"", Content_Length="1000000", Expect="100-continue", secret="x"))
    right = await port.said(request(b"", Content_Length="16", Expect="100-continue"))

    assert wrong.startswith(b"HTTP/1.1 401")
    assert b"connection: close" in wrong
    assert right.startswith(b"HTTP/1.1 100")


@pytest.mark.parametrize("part", [b"", b"{", b'{"update_id": '], ids=["none", "a byte", "most"])
async def test_a_body_that_does_not_come_is_given_up(open_port: OpenPort, part: bytes) -> None:
    """After its deadline, with a status."""
    async with open_port(body=SOON) as port:
        assert await port.status(request(part, Content_Length="16")) == 408
        assert await port.status(request(b"", **IN_CHUNKS) + b"5\r\n") == 408
        assert port.kept.calls == 0


async def test_a_body_that_breaks_off_is_nobody_s(port: Port) -> None:
    """Who hangs up in the middle gets no answer, and nothing is kept."""
    assert await port.status(request(b"{", Content_Length="16"), ends=True) in {0, 400}
    assert await port.status(request(b'{"update_id": 8}')) == 200
    assert port.kept.ids == [8]


class Hasty(PunctualProtocol):
    head = SOON


@pytest.mark.parametrize(
    "sent", [b"", b"P", b"POST /telegram HTTP/1.1\r\n", request()[:-20]], ids=["nothing", "a byte", "a line", "most"]
)
async def test_a_head_that_does_not_come_is_given_up(open_port: OpenPort, sent: bytes) -> None:
    """The connection ends after the deadline."""
    async with open_port(Hasty) as port:
        assert await port.status(sent) == 0


async def test_the_second_request_of_a_connection_has_a_deadline_too(open_port: OpenPort) -> None:
    """A connection that was answered once cannot be held by half a head."""

    class Hurried(PunctualProtocol):
        pass

    async with open_port(Hurried) as port:
        reader, writer = await asyncio.open_connection(port.address.host, port.address.port)
        writer.write(request())
        first = await reader.readuntil(b"\r\n\r\n")
        Hurried.head = SOON
        writer.write(b"POST /tele")
        rest = await asyncio.wait_for(_rest(reader), PATIENCE)
        writer.close()

    assert first.startswith(b"HTTP/1.1 200")
    assert rest == b""


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


class Crowded(PunctualProtocol):
    waiting = 20


async def test_who_says_nothing_makes_room_for_who_does(open_port: OpenPort) -> None:
    """Beyond so many silent connections the oldest is ended, and an update is answered."""
    async with open_port(Crowded) as port:
        idle = [await asyncio.open_connection(port.address.host, port.address.port) for _ in range(60)]
        status = await port.status(request())
        ended = [await asyncio.wait_for(_rest(reader), PATIENCE) for reader, _ in idle[:30]]
        for _, writer in idle:
            writer.close()

    assert status == 200
    assert ended == [b""] * 30


async def test_who_was_answered_is_not_in_the_way(open_port: OpenPort) -> None:
    """Only silent connections are counted; those that Telegram keeps open stay."""
    async with open_port(Crowded) as port:
        kept = [await asyncio.open_connection(port.address.host, port.address.port) for _ in range(15)]
        for number, (reader, writer) in enumerate(kept):
            writer.write(request(json.dumps({"update_id": number}).encode()))
            await reader.readuntil(b"\r\n\r\n")
        idle = [await asyncio.open_connection(port.address.host, port.address.port) for _ in range(10)]
        for reader, writer in kept:
            writer.write(request(b'{"update_id": 99}'))
            await reader.readuntil(b"\r\n\r\n")
        for _, writer in (*kept, *idle):
            writer.close()

    assert port.statuses == [200] * 30


async def test_one_connection_carries_many_updates(port: Port) -> None:
    """Telegram keeps its connections; requests may even come before the answers to those before."""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection(port.address.host, port.address.port)
        writer.write(b"".join(request(json.dumps({"update_id": number}).encode()) for number in range(1, 21)))
        answers = [await reader.readuntil(b"\r\n\r\n") for _ in range(20)]
        writer.close()

    assert all(one.startswith(b"HTTP/1.1 200") for one in answers)
    assert port.kept.ids == list(range(1, 21))


async def test_what_was_begun_is_finished_at_the_end(open_port: OpenPort, kept: Kept) -> None:
    """The server closes its door, and the one who is in it gets an answer."""
    kept.gate = asyncio.Event()
    async with httpx.AsyncClient(trust_env=False) as client:
        opened = open_port()
        port = await opened.__aenter__()
        url, headers = f"http://{port.address}/telegram", {TOKEN: SECRET, "Content-Type": "application/json"}
        begun = asyncio.create_task(client.post(url, content=GOOD, headers=headers))
        await kept.asked.wait()
        closing = asyncio.create_task(opened.__aexit__(None, None, None))
        while await port.status(request(secret="x")):  # until nobody new is let in
            pass
        kept.gate.set()

        assert (await begun).status_code == 200
        await closing
    assert kept.ids == [7]


async def test_an_address_that_is_taken_is_told_by_its_key(port: Port) -> None:
    """The sentence names the setting and the address."""
    with pytest.raises(ConfigError, match=rf"telegram.webhook_listen: cannot listen on {port.address} \("):
        async with listening(_nothing, port.address, "telegram.webhook_listen"):
            pass


async def _nothing(*_: object) -> None:
    pass
