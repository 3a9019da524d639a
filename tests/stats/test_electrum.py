"""Electrum servers: the protocol over real sockets, and what a server does wrong."""

import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.errors import SourceDownError, SourceError
from bot.model.quote import Coin
from bot.stats import DEFAULT_PROVIDERS, ProviderSettings
from bot.stats.endpoint import Call, Conversation, Get
from bot.stats.line import open_line
from bot.stats.metric import Metric
from bot.stats.providers import electrum
from bot.stats.source import Source
from tests.conftest import StandingClock
from tests.electrum_server import FAULTS, GREETING, ElectrumServer, message, open_electrum
from tests.patiently import LONG
from tests.ports import reserved
from tests.web import SHORT

# The first block of BTC after the genesis one.
HEADER = (
    "010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000982051fd1e4ba744bbbe680e1fee14677ba1a3c3540b"
    "f7b1cdb606e857233e0e61bc6649ffff001d01e36299"
)
TIP = Conversation("btc_electrum", "Electrum", "tip", partial(electrum.tip, Coin.BTC, 0x1D00FFFF))


def settings(url: str, timeout: timedelta = LONG) -> ProviderSettings:
    return replace(DEFAULT_PROVIDERS["btc_electrum"], base_url=url, timeout=timeout)


async def values(
    url: str, origin: Conversation, clock: StandingClock, patience: timedelta = LONG
) -> dict[Metric, float]:
    source = Source("btc_electrum", settings(url, patience), clock)
    readings = await source.answer(origin)
    return {metric: reading.value for (metric, _), reading in readings.items()}


@pytest.fixture
async def server() -> AsyncIterator[ElectrumServer]:
    async with open_electrum() as server:
        yield server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate as volunteers make them: signed by itself, for another name."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    made = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=elsewhere.example",
    ]
    subprocess.run([*made, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


@pytest.mark.parametrize(
    ("origin", "results", "expected"),
    [
        (
            TIP,
            {"blockchain.headers.subscribe": {"height": 1, "hex": HEADER}},
            {
                Metric.HEIGHT: 1,
                Metric.TIP_TIME: 1_231_469_665,
                Metric.TIP_BITS: 0x1D00FFFF,
                Metric.DIFFICULTY: 1,
            },
        ),
        (
            electrum.FEES,
            {"blockchain.estimatefee": 0.00002},
            {Metric.FEE: 2, Metric.FEE_HOUR: 2},
        ),
        (electrum.LATE_FEES, {"blockchain.estimatefee": 0.00001}, {Metric.FEE_ECONOMY: 1}),
        (electrum.FEES, {"blockchain.estimatefee": -1}, {}),
        (
            electrum.HISTOGRAM,
            {"mempool.get_fee_histogram": [[12, 128_812], [4.5, 92_524]]},
            {Metric.MEMPOOL_SIZE: 221_336},
        ),
        (electrum.HISTOGRAM, {"mempool.get_fee_histogram": []}, {}),
        (
            electrum.FLOOR,
            {"mempool.get_info": {"mempoolminfee": 0.00002, "minrelaytxfee": 0.00001}},
            {Metric.FEE: 2, Metric.FEE_HOUR: 2, Metric.FEE_ECONOMY: 2},
        ),
        (
            electrum.RELAY_FEE,
            {"blockchain.relayfee": 0.00001},
            {Metric.FEE: 1, Metric.FEE_HOUR: 1, Metric.FEE_ECONOMY: 1},
        ),
        (electrum.RELAY_FEE, {"blockchain.relayfee": 0}, {}),
    ],
    ids=["tip", "fees", "late fee", "no fees", "histogram", "no histogram", "least fee", "relay fee", "no relay fee"],
)
async def test_answers_are_read(
    *,
    origin: Conversation,
    results: dict[str, Any],
    expected: dict[Metric, float],
    server: ElectrumServer,
    clock: StandingClock,
) -> None:
    """Each conversation gives its numbers, in our units; what a server does not know is left out."""
    server.results.update(results)

    assert await values(server.url, origin, clock) == pytest.approx(expected)


async def test_a_conversation_begins_by_agreeing_on_a_version(server: ElectrumServer, clock: StandingClock) -> None:
    """The first call says who we are and which versions we speak; the fees are asked for in turn after it."""
    server.results["blockchain.estimatefee"] = 0.00002

    await values(server.url, electrum.FEES, clock)

    assert server.asked == [
        (GREETING, ["btc-vs-bch-bot", ["1.4", "1.6"]]),
        *(("blockchain.estimatefee", [blocks]) for blocks in (1, 6)),
    ]


async def test_a_self_signed_certificate_is_good_enough(certificate: ssl.SSLContext, clock: StandingClock) -> None:
    """Over `ssl://` the line is encrypted, whoever signed."""
    async with open_electrum(certificate) as server:
        server.results["blockchain.relayfee"] = 0.00001

        found = await values(server.url, electrum.RELAY_FEE, clock)

    assert found[Metric.FEE] == 1


async def test_what_is_said_unasked_is_passed_over(server: ElectrumServer, clock: StandingClock) -> None:
    """Notifications and answers to other calls may come in between."""
    server.results["blockchain.relayfee"] = 0.00001
    server.before = [message(method="blockchain.headers.subscribe", params=[{}]), message(id=99, result=5)]

    assert (await values(server.url, electrum.RELAY_FEE, clock))[Metric.FEE] == 1


REASONS = {
    "hang": "timed out",
    "hang up": "hung up",
    "cut": "hung up",
    "page": "gave an answer that cannot be read",
    "list": "gave an answer that cannot be read",
    "deep": "gave an answer that cannot be read",
    "bytes": "gave an answer that cannot be read",
    "huge": "answered too much",
    "endless": "answered too much",
    "error": "reports error 2",
    "error, a text": "reports an error",
    "neither": "gave an answer that cannot be read",
    "null": "gave an answer that cannot be read",
    "another's answer": "timed out",
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_whatever_goes_wrong_is_a_reason(fault: str, server: ElectrumServer, clock: StandingClock) -> None:
    """A server that misbehaves gives a phrase that readers understand, and nothing else is raised."""
    server.fault = fault

    with pytest.raises(SourceError, match=f"^{REASONS[fault]}$"):
        await values(server.url, electrum.RELAY_FEE, clock, SHORT if REASONS[fault] == "timed out" else LONG)


HEADERS: dict[str, tuple[Callable[[str], str], str]] = {
    "another nonce": (lambda header: header[:-2] + "98", "showed a block without the work that it takes"),
    "an easier target": (
        lambda header: header.replace("ffff001d", "ffff7f20"),
        "showed a block without the work that it takes",
    ),
    "cut short": (lambda header: header[:-2], "gave an answer that cannot be read"),
    "no hexadecimal": (lambda header: header[:-2] + "zz", "gave an answer that cannot be read"),
}


@pytest.mark.parametrize(("change", "why"), HEADERS.values(), ids=HEADERS)
async def test_a_header_is_believed_for_its_work_alone(
    change: Callable[[str], str], why: str, server: ElectrumServer, clock: StandingClock
) -> None:
    """What has not cost the work that it claims was made up."""
    server.results["blockchain.headers.subscribe"] = {"height": 1, "hex": change(HEADER)}

    with pytest.raises(SourceError, match=f"^{why}$"):
        await values(server.url, TIP, clock)


@pytest.mark.parametrize("coin", Coin)
async def test_work_of_the_first_days_no_longer_counts(
    coin: Coin, server: ElectrumServer, clock: StandingClock
) -> None:
    """By default a header must have taken what only a miner of today can do."""
    server.results["blockchain.headers.subscribe"] = {"height": 1, "hex": HEADER}

    with pytest.raises(SourceError, match="without the work"):
        await values(server.url, electrum.TIPS[coin], clock)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:50002", "has an address that cannot be used"),
        ("ssl://127.0.0.1", "has an address that cannot be used"),
        ("tcp://127.0.0.1:99999", "has an address that cannot be used"),
        (f"tcp://{'a' * 64}.example:50001", "has an address that cannot be used"),
    ],
    ids=["scheme", "no port", "no such port", "no such name"],
)
async def test_an_address_of_another_kind_is_a_reason(url: str, why: str, clock: StandingClock) -> None:
    """Nothing is asked where the address cannot be one of such a server."""
    with pytest.raises(SourceDownError, match=f"^{why}$"):
        await values(url, electrum.RELAY_FEE, clock)


async def test_a_server_that_is_gone_is_down(clock: StandingClock) -> None:
    """Nobody listens there."""
    with reserved() as (port,), pytest.raises(SourceDownError, match=r"^could not be reached$"):
        await values(f"tcp://127.0.0.1:{port}", electrum.RELAY_FEE, clock)


async def test_a_server_without_tls_is_down(server: ElectrumServer, clock: StandingClock) -> None:
    """Where TLS is expected, plain talk is no answer."""
    with pytest.raises(SourceDownError):
        await values(server.url.replace("tcp:", "ssl:"), electrum.RELAY_FEE, clock, SHORT)


async def test_a_server_of_an_unknown_version_is_refused(server: ElectrumServer, clock: StandingClock) -> None:
    """A server that shares no version with us is asked nothing."""
    del server.results[GREETING]

    with pytest.raises(SourceError, match="does not know the method"):
        await values(server.url, electrum.RELAY_FEE, clock)

    assert [method for method, _ in server.asked] == [GREETING]


async def test_there_are_no_pages(server: ElectrumServer) -> None:
    """The protocol knows methods alone; the line outlives a wrong question."""
    server.results["server.ping"] = None
    line = open_line(settings(server.url))

    async with line.talk() as ask:
        with pytest.raises(SourceError, match="has no pages"):
            await ask(Get("/"))
        pong = await ask(Call("server.ping"))
    await line.aclose()

    assert pong == b"null"
