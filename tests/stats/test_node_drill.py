"""The drill once more where the operator's own nodes are asked first: whatever they do, never a wrong number."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.model.quote import Coin, Missing, Quality, Quote
from bot.stats import DEFAULT_PROVIDERS, STATS, Desk, ProviderSettings, open_desk
from tests.conftest import StandingClock
from tests.patiently import LONG, PATIENT
from tests.stats.test_drill import DRILLED, numbers
from tests.web import FAULTS, SHORT, SILENT, SPOILS, Json, Web, page

MIXED = 1e-5  # what a value may be off where one part of it is a node's and one an explorer's; a day of a date is more
TIP, START = "ab" * 32, "cd" * 32


def results(coin: Coin, now: int) -> dict[str, Json]:
    """Return what a node answers to each method: the numbers that explorers have, in its own shapes."""
    height, age, spacing = {Coin.BTC: (976_500, 480, 590), Coin.BCH: (978_100, 900, 612)}[coin]
    bits = {Coin.BTC: "1701e399", Coin.BCH: "18018137"}[coin]
    size, waiting = {Coin.BTC: (1_700_000, 31_690), Coin.BCH: (60_000, 120)}[coin]
    return {
        "getblockchaininfo": {
            "bestblockhash": TIP,
            "mediantime": now - age - 3_600,
            "verificationprogress": 0.999_996,
            "initialblockdownload": False,
        },
        f"getblockheader {TIP}": {
            "height": height,
            "time": now - age,
            "bits": bits,
            "ablastate": {"nextblocksizelimit": 32_000_640} if coin is Coin.BCH else None,
        },
        f"getblockheader {START}": {"height": height - 144, "time": now - age - 144 * spacing, "bits": bits},
        "getblock": {"size": size, "weight": 3_993_000},
        "getblockhash": START,
        "getmempoolinfo": {
            "size": waiting,
            "bytes": {Coin.BTC: 18_915_420, Coin.BCH: 44_000}[coin],
            "minrelaytxfee": 1e-05,
        },
        "estimatesmartfee": {"feerate": 0.000_025, "blocks": 2},
        "estimatefee": 1e-05,
        "getnetworkhashps": {Coin.BTC: 1.05e21, Coin.BCH: 5.2e18}[coin],
        "getblockstats": {
            Coin.BTC: {"medianfee": 320, "totalfee": 2_000_000, "txs": 3_001},
            Coin.BCH: {"medianfee": 2.26e-06, "totalfee": 1e-4, "txs": 151},
        }[coin],
        "getchaintxstats": {"window_tx_count": {Coin.BTC: 432_000, Coin.BCH: 21_600}[coin]},
    }


@asynccontextmanager
async def serving(coin: Coin, clock: StandingClock, fault: str) -> AsyncIterator[ProviderSettings]:
    """Serve a node that does one thing wrong, or nothing."""
    known, lines = results(coin, int(clock.now.timestamp())), list[asyncio.StreamWriter]()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(writer)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        call = json.loads(await reader.readexactly(length))
        asked = " ".join([call["method"], *(["?"] if call["method"] != "getblockheader" else call["params"])])
        right = known[asked.removesuffix(" ?")]
        wrong = SPOILS[fault](right, clock.now) if fault in SPOILS else right
        if fault in FAULTS:
            FAULTS[fault]("", writer)
        else:
            writer.write(page("200 OK", json.dumps({"result": wrong, "error": None}).encode()))
        if fault not in SILENT:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    settings = replace(
        DEFAULT_PROVIDERS[f"{coin}_node"],
        base_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
        enabled=True,
        timeout=SHORT if fault in SILENT else LONG,
    )
    try:
        yield settings
    finally:
        for line in lines:
            line.close()
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def opened(web: Web, clock: StandingClock, fault: str) -> AsyncIterator[Desk]:
    """Give a desk that asks such nodes first, and well explorers after them."""
    async with serving(Coin.BTC, clock, fault) as btc, serving(Coin.BCH, clock, fault) as bch:
        desk = open_desk({**web.providers(), "btc_node": btc, "bch_node": bch}, clock, habits=PATIENT)
        yield desk
        await desk.aclose()


async def test_a_node_in_good_health_comes_first(web: Web, clock: StandingClock) -> None:
    """Every statistic of the chains that a node can tell comes from it alone."""
    foreign = {"price", "change-24h", "change-7d", "market-cap", "dominance", "ratio"}
    mixed = {"payment-cost", "mining-revenue", "mining-profit"}

    async with opened(web, clock, "") as desk:
        found = await numbers(desk, [key for key in STATS if key not in foreign | mixed])

    told = {key: side for key, side in found.items() if not isinstance(side, Missing)}
    assert {key for key in found if key not in told} == {("retarget", Coin.BCH), ("retarget-date", Coin.BCH)}
    assert {side.source.removesuffix(" (24 h)") for side in told.values()} == {"own node"}


@pytest.mark.parametrize("fault", DRILLED)
async def test_a_fault_of_a_node_never_gives_a_wrong_number(fault: str, web: Web, clock: StandingClock) -> None:
    """With a fault at both nodes a statistic shows what they or the explorers have to say."""
    without = web.desk(clock)
    others = await numbers(without, list(STATS))
    await without.aclose()
    async with opened(web, clock, "") as well:
        own = await numbers(well, list(STATS))

    async with opened(web, clock, fault) as desk:
        found = await numbers(desk, list(STATS))

    for key, side in found.items():
        right = [one.value for one in (own[key], others[key]) if isinstance(one, Quote)]
        assert isinstance(side, Quote) is bool(right), (key, side)
        if isinstance(side, Quote):
            assert any(side.value == pytest.approx(value, rel=MIXED) for value in right), (key, side, right)
            assert side.quality is not Quality.DISPUTED, (key, side)
            assert side.observed_at <= clock.now
