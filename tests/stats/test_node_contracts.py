"""The adapters read the recorded answers of real nodes and Electrum servers, where those lie beside the checkout."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.errors import SourceError
from bot.model.quote import Coin
from bot.stats.endpoint import Call, Conversation
from bot.stats.line.rpc import answer_of, result_of
from bot.stats.metric import Metric, is_plausible
from bot.stats.providers import electrum, node
from tests.conftest import SHARED
from tests.stats.plans import follow

PAYLOADS = SHARED / "payloads"
NODES = PAYLOADS / "nodes-regtest"
REGTEST = 0x207FFFFF
CORE = PAYLOADS / "bitcoin-core-getblock-docs"
RECORDED = sorted(path for folder in (NODES, CORE, PAYLOADS / "electrum-cash") for path in folder.rglob("*.json"))
REGTEST_TIPS = tuple(Conversation("", "", "", partial(electrum.tip, coin, REGTEST)) for coin in Coin)
CONVERSATIONS = (
    *REGTEST_TIPS,
    *{one for routes in (node.ROUTES, electrum.ROUTES) for route in routes.values() for one in route},
)


@pytest.fixture(scope="module", autouse=True)
def payloads(shared: Path) -> Path:
    return shared / "payloads"


def result(path: Path) -> bytes:
    """Return the result that a recording holds, which is wrapped in one of three ways, or not at all."""
    recording: Any = json.loads(path.read_bytes())
    match recording:
        case {"http": _, "body": body}:
            return result_of(answer_of(str(body).encode()))
        case {"request": _, "response": dict(response)}:
            return result_of(response)
        case {"result": _, "error": _}:
            return result_of(recording)
    return json.dumps(recording).encode()


def recording(folder: str, table: dict[str, str]) -> Callable[[Call], bytes]:
    """Answer each method with the file that a table names for it, or the one that bears its name."""
    return lambda call: result(NODES / folder / f"{table.get(call.method, call.method)}.json")


KNOTS = {
    "getblockheader": "getblockheader_2bedc6fa",
    "getblock": "getblock_2bedc6fa",
    "estimatesmartfee": "estimatesmartfee_2",
    "getblockstats": "getblockstats_135",
    "getchaintxstats": "getchaintxstats_100",
}
BCOIN = {
    "getblockheader": "getblockheader_015e378c",
    "getblock": "getblock_015e378c",
    "getmempoolinfo": "getmempoolinfo_with_txs",
    "estimatesmartfee": "estimatesmartfee_6",
    "getblockstats": "getblockstats_100",
}
BCASH = {
    "getblockheader": "getblockheader_12d64216",
    "getblock": "getblock_12d64216",
    "getmempoolinfo": "getmempoolinfo_with_txs",
    "estimatefee": "estimatefee_6",
    "getblockstats": "getblockstats_100",
}
# Bitcoin Cash Node was recorded when it was out of date; the other chain's answer stands in for its health.
BCHN = {
    "getblockchaininfo": "../bcash/getblockchaininfo",
    "getblockheader": "getblockheader_with_ablastate",
    "getblock": "getblock_08ee0005",
    "getblockstats": "getblockstats_121",
    "getmempoolinfo": "getmempoolinfo_with_txs",
}
EASY = 4.656542373906925e-10
TABLES = (
    ("knots", KNOTS, Coin.BTC),
    ("bcoin", BCOIN, Coin.BTC),
    ("bcash", BCASH, Coin.BCH),
    ("bchn-28.0.1", BCHN, Coin.BCH),
)

READ: dict[str, tuple[str, dict[str, str], Coin, Metric, dict[Metric, float]]] = {
    "Knots, tip": (
        "knots",
        KNOTS,
        Coin.BTC,
        Metric.HEIGHT,
        {
            Metric.HEIGHT: 139,
            Metric.TIP_TIME: 1_795_409_763,
            Metric.TIP_BITS: REGTEST,
            Metric.DIFFICULTY: EASY,
        },
    ),
    "Knots, block": (
        "knots",
        KNOTS,
        Coin.BTC,
        Metric.BLOCK_SIZE,
        {Metric.BLOCK_SIZE: 3_130, Metric.BLOCK_WEIGHT: 11_683},
    ),
    "Knots, mempool": (
        "knots",
        KNOTS,
        Coin.BTC,
        Metric.MEMPOOL_COUNT,
        {Metric.MEMPOOL_COUNT: 20, Metric.MEMPOOL_SIZE: 4_569},
    ),
    "Knots, fees": ("knots", KNOTS, Coin.BTC, Metric.FEE, {Metric.FEE: 1, Metric.FEE_HOUR: 1}),
    "Knots, late fee": ("knots", KNOTS, Coin.BTC, Metric.FEE_ECONOMY, {Metric.FEE_ECONOMY: 1}),
    "Knots, hash rate": ("knots", KNOTS, Coin.BTC, Metric.HASHRATE, {Metric.HASHRATE: 12}),
    "Knots, what blocks paid": (
        "knots",
        KNOTS,
        Coin.BTC,
        Metric.MEDIAN_FEE,
        {Metric.MEDIAN_FEE: 1_521, Metric.BLOCK_FEES: 0.000_164_34},
    ),
    "Knots, a day": ("knots", KNOTS, Coin.BTC, Metric.TRANSACTIONS, {Metric.TRANSACTIONS: 404}),
    "bcoin, tip": (
        "bcoin",
        BCOIN,
        Coin.BTC,
        Metric.HEIGHT,
        {
            Metric.HEIGHT: 123,
            Metric.TIP_TIME: 1_795_409_557,
            Metric.TIP_BITS: REGTEST,
            Metric.DIFFICULTY: EASY,
        },
    ),
    "bcoin, block": (
        "bcoin",
        BCOIN,
        Coin.BTC,
        Metric.BLOCK_SIZE,
        {Metric.BLOCK_SIZE: 197, Metric.BLOCK_WEIGHT: 788},
    ),
    "bcoin, hash rate": ("bcoin", BCOIN, Coin.BTC, Metric.HASHRATE, {Metric.HASHRATE: 11.428571428571429}),
    "bcoin's bytes are of memory": ("bcoin", BCOIN, Coin.BTC, Metric.MEMPOOL_SIZE, {Metric.MEMPOOL_COUNT: 12}),
    "bcoin knows no fee": ("bcoin", BCOIN, Coin.BTC, Metric.FEE, {}),
    "bcash, tip": (
        "bcash",
        BCASH,
        Coin.BCH,
        Metric.HEIGHT,
        {
            Metric.HEIGHT: 123,
            Metric.TIP_TIME: 1_795_409_560,
            Metric.TIP_BITS: REGTEST,
            Metric.DIFFICULTY: EASY,
        },
    ),
    "bcash, hash rate": ("bcash", BCASH, Coin.BCH, Metric.HASHRATE, {Metric.HASHRATE: 11.428571428571429}),
    "bcash, block": ("bcash", BCASH, Coin.BCH, Metric.BLOCK_SIZE, {Metric.BLOCK_SIZE: 197}),
    "bcash's bytes are of memory": ("bcash", BCASH, Coin.BCH, Metric.MEMPOOL_SIZE, {Metric.MEMPOOL_COUNT: 12}),
    "bcash knows no fee": ("bcash", BCASH, Coin.BCH, Metric.FEE, {}),
    "BCHN, tip and limit": (
        "bchn-28.0.1",
        BCHN,
        Coin.BCH,
        Metric.BLOCK_LIMIT,
        {
            Metric.HEIGHT: 125,
            Metric.TIP_TIME: 1_795_411_250,
            Metric.TIP_BITS: REGTEST,
            Metric.DIFFICULTY: EASY,
            Metric.BLOCK_LIMIT: 32_000_000,
        },
    ),
    "BCHN, block": ("bchn-28.0.1", BCHN, Coin.BCH, Metric.BLOCK_SIZE, {Metric.BLOCK_SIZE: 177}),
    "BCHN, mempool": (
        "bchn-28.0.1",
        BCHN,
        Coin.BCH,
        Metric.MEMPOOL_SIZE,
        {Metric.MEMPOOL_COUNT: 15, Metric.MEMPOOL_SIZE: 1_275},
    ),
    "BCHN, fee": (
        "bchn-28.0.1",
        BCHN,
        Coin.BCH,
        Metric.FEE,
        {Metric.FEE: 1, Metric.FEE_HOUR: 1, Metric.FEE_ECONOMY: 1},
    ),
    "BCHN, hash rate": ("bchn-28.0.1", BCHN, Coin.BCH, Metric.HASHRATE, {Metric.HASHRATE: 11.42857142857143}),
    "BCHN, what blocks paid": (
        "bchn-28.0.1",
        BCHN,
        Coin.BCH,
        Metric.MEDIAN_FEE,
        {Metric.MEDIAN_FEE: 8_000, Metric.BLOCK_FEES: 0.0012},
    ),
    "BCHN, a day": ("bchn-28.0.1", BCHN, Coin.BCH, Metric.TRANSACTIONS, {Metric.TRANSACTIONS: 136}),
}


@pytest.mark.parametrize(("folder", "table", "coin", "metric", "expected"), READ.values(), ids=READ)
def test_a_nodes_recorded_answers_are_read(
    *, folder: str, table: dict[str, str], coin: Coin, metric: Metric, expected: dict[Metric, float]
) -> None:
    """What each kind of node answers gives its numbers, and no others."""
    (conversation,) = node.ROUTES[metric, coin]

    readings = follow(conversation.plan(), recording(folder, table))

    assert {name: reading.value for (name, _), reading in readings.items()} == pytest.approx(expected)
    assert all(is_plausible(name, reading.value) for (name, _), reading in readings.items())


REFUSED: dict[str, tuple[str, dict[str, str], Coin, Metric, str]] = {
    "out of date": (
        "bchn-28.0.1",
        {},
        Coin.BCH,
        Metric.HEIGHT,
        "warns that it may have lost the chain of the others",
    ),
    "no such method": ("bcoin", BCOIN, Coin.BTC, Metric.TRANSACTIONS, "does not know the method"),
    "no fees of blocks": ("bcoin", BCOIN, Coin.BTC, Metric.BLOCK_FEES, "does not know the method"),
    "nor of the other chain's": ("bcash", BCASH, Coin.BCH, Metric.MEDIAN_FEE, "does not know the method"),
    "nor on the other chain": ("bcash", BCASH, Coin.BCH, Metric.TRANSACTIONS, "does not know the method"),
    "no such method, with HTTP 404": (
        "bchn-28.0.1",
        {**BCHN, "estimatefee": "nosuch"},
        Coin.BCH,
        Metric.FEE,
        "does not know the method",
    ),
    "another argument than it takes": (
        "bchn-28.0.1",
        {**BCHN, "estimatefee": "estimatefee_6"},
        Coin.BCH,
        Metric.FEE,
        "reports error -1",
    ),
}


@pytest.mark.parametrize(("folder", "table", "coin", "metric", "why"), REFUSED.values(), ids=REFUSED)
def test_a_node_that_cannot_say_is_refused(
    *, folder: str, table: dict[str, str], coin: Coin, metric: Metric, why: str
) -> None:
    """A node that reports an error, or that it may be wrong, gives no number but a reason."""
    (conversation,) = node.ROUTES[metric, coin]

    with pytest.raises(SourceError, match=f"^{why}$"):
        follow(conversation.plan(), recording(folder, table))


def is_recorded(plan: Conversation, answer: Callable[[Call], bytes]) -> bool:
    """Tell whether there is a recording of every answer that a plan asks for."""
    try:
        follow(plan.plan(), answer)
    except FileNotFoundError:
        return False
    except (SourceError, ValidationError):
        return True
    return True


def test_the_tables_above_name_all_that_is_recorded() -> None:
    """No conversation with a node whose answers were recorded goes untested, but for fees that regtest has none of."""
    tested = {
        (folder, node.ROUTES[metric, coin][0].name)
        for folder, _, coin, metric, _ in (*READ.values(), *REFUSED.values())
    }
    recorded = {
        (folder, plan.name)
        for folder, table, coin in TABLES
        for (_, of), (plan,) in node.ROUTES.items()
        if of is coin and is_recorded(plan, recording(folder, table))
    }

    assert recorded - tested == {("bcoin", "late fees")}


def core(call: Call) -> bytes:
    return result(CORE / f"{call.method}.json")


def test_cores_answers_of_the_main_net_are_read() -> None:
    """A real header of BTC gives height, time, target and difficulty."""
    (tip,) = node.ROUTES[Metric.HEIGHT, Coin.BTC]

    readings = follow(tip.plan(), core, datetime(2025, 12, 19, 13, tzinfo=UTC))

    assert {metric: reading.value for (metric, _), reading in readings.items()} == {
        Metric.HEIGHT: 784_665,
        Metric.TIP_TIME: 1_681_051_849,
        Metric.TIP_BITS: 0x1705E0B2,
        Metric.DIFFICULTY: pytest.approx(47_887_764_338_536.25, rel=1e-12),
    }


def test_the_same_answers_a_day_later_are_refused() -> None:
    """A node that hears no more of its network is not asked on."""
    (tip,) = node.ROUTES[Metric.HEIGHT, Coin.BTC]

    with pytest.raises(SourceError, match=r"^has heard of no block for hours$"):
        follow(tip.plan(), core, datetime(2025, 12, 20, 13, tzinfo=UTC))


def folders() -> list[str]:
    return sorted(folder.name for folder in NODES.glob("electrumx*"))


@pytest.mark.parametrize("folder", folders())
def test_an_electrum_servers_recorded_header_is_read(folder: str) -> None:
    """A header gives height, time, target and difficulty, where its work is allowed to be that of a test network."""
    (tip, _) = REGTEST_TIPS

    readings = follow(tip.plan(), recording(folder, {}))

    assert {metric for metric, _ in readings} == {
        Metric.HEIGHT,
        Metric.TIP_TIME,
        Metric.TIP_BITS,
        Metric.DIFFICULTY,
    }
    assert readings[Metric.TIP_BITS, Coin.BTC].value == REGTEST


@pytest.mark.parametrize("folder", folders())
@pytest.mark.parametrize("coin", Coin)
def test_a_header_of_a_test_network_is_no_header_of_the_main_one(folder: str, coin: Coin) -> None:
    """Work that anybody can do in a moment proves nothing."""
    (tip,) = electrum.ROUTES[Metric.HEIGHT, coin]

    with pytest.raises(SourceError, match=r"^showed a block without the work that it takes$"):
        follow(tip.plan(), recording(folder, {}))


@pytest.mark.parametrize(
    ("method", "plan", "expected"),
    [
        (
            "blockchain.headers.subscribe",
            electrum.TIPS[Coin.BCH],
            {
                Metric.HEIGHT: 520_481,
                Metric.TIP_TIME: 1_520_495_819,
                Metric.TIP_BITS: 0x1803212D,
                Metric.DIFFICULTY: pytest.approx(351_322_004_896.6, rel=1e-12),
            },
        ),
        ("blockchain.estimatefee", electrum.FEES, dict.fromkeys(electrum.SOON, pytest.approx(101.079))),
        ("blockchain.relayfee", electrum.RELAY_FEE, dict.fromkeys(node.FEES, 1)),
        ("mempool.get_info_BCHN", electrum.FLOOR, dict.fromkeys(node.FEES, 1)),
        ("mempool.get_fee_histogram", electrum.HISTOGRAM, {Metric.MEMPOOL_SIZE: 29_590_395}),
    ],
    ids=["a main net's header", "fees", "relay fee", "least fee", "histogram"],
)
def test_the_examples_of_the_protocol_are_read(method: str, plan: Conversation, expected: dict[Metric, float]) -> None:
    """What the documents of the protocol show gives the numbers they mean."""
    readings = follow(plan.plan(), lambda _: result(PAYLOADS / "electrum-cash" / f"{method}.json"))

    assert {metric: reading.value for (metric, _), reading in readings.items()} == expected


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_recorded_answer_is_read_or_refused(path: Path) -> None:
    """Whatever comes in answer to whatever question, a plan gives finite numbers or one of two errors."""
    for conversation in CONVERSATIONS:
        try:
            readings = follow(conversation.plan(), lambda _: result(path))
        except (SourceError, ValidationError):
            continue

        assert all(isfinite(reading.value) for reading in readings.values())
