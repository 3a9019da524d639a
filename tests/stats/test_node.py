"""What nodes of all kinds answer, by hand in the documented shapes, and what is read of it."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from bot.errors import SourceError
from bot.model.quote import Coin
from bot.stats.endpoint import Call
from bot.stats.metric import Metric, Readings
from bot.stats.providers import node
from tests.stats.plans import AT, follow

TIP, START = "ab" * 32, "cd" * 32
NOW = int(AT.timestamp())
ABLA = {"epsilon": 16_000_000, "beta": 16_000_000, "nextblocksizelimit": 33_554_432}
HEADS = {
    TIP: {"height": 900_000, "time": NOW - 300, "bits": "1705e0b2", "ablastate": ABLA},
    START: {"height": 899_856, "time": NOW - 300 - 144 * 590, "bits": "1705e0b2"},
}
RESULTS: dict[str, Any] = {
    "getblockchaininfo": {
        "bestblockhash": TIP,
        "mediantime": NOW - 3_900,
        "verificationprogress": 0.999_996,
        "initialblockdownload": False,
        "warnings": ["This is a pre-release test build - use at your own risk"],
    },
    "getblock": {"size": 1_600_000, "weight": 3_993_000, "nTx": 3_000},
    "getblockhash": START,
    "getmempoolinfo": {
        "loaded": True,
        "size": 31_690,
        "bytes": 18_915_420,
        "usage": 99_000_000,
        "minrelaytxfee": 1e-06,
    },
    "estimatesmartfee": {"feerate": 0.000_025, "blocks": 2},
    "estimatefee": 1e-05,
    "getnetworkhashps": 1.05e21,
    "getblockstats": {"medianfee": 320, "totalfee": 2_000_000, "txs": 3_001},
    "getchaintxstats": {"window_block_count": 144, "window_tx_count": 512_000},
}


def readings(metric: Metric, coin: Coin, changes: dict[str, Any]) -> Readings:
    """Return what is read where a node answers as above but for some changes; a part is merged into what is there."""

    def answer(call: Call) -> bytes:
        usual = HEADS[str(call.params[0])] if call.method == "getblockheader" else RESULTS[call.method]
        change = changes.get(call.method, usual)
        return json.dumps({**usual, **change} if isinstance(change, dict) else change).encode()

    (conversation,) = node.ROUTES[metric, coin]
    return follow(conversation.plan(), answer)


def values(metric: Metric, coin: Coin, changes: dict[str, Any] | None = None) -> dict[Metric, float]:
    return {name: reading.value for (name, _), reading in readings(metric, coin, changes or {}).items()}


BTC, BCH = Coin
USUAL: dict[Metric, tuple[float, float] | float] = {
    Metric.HEIGHT: (900_000, 900_000),
    Metric.TIP_TIME: (NOW - 300, NOW - 300),
    Metric.TIP_BITS: (0x1705E0B2, 0x1705E0B2),
    Metric.DIFFICULTY: (47_887_764_338_536.25, 47_887_764_338_536.25),
    Metric.BLOCK_SIZE: (1_600_000, 1_600_000),
    Metric.BLOCK_INTERVAL: (590, 590),
    Metric.MEMPOOL_COUNT: (31_690, 31_690),
    Metric.MEMPOOL_SIZE: (18_915_420, 18_915_420),
    Metric.FEE: (2.5, 1),
    Metric.FEE_HOUR: (2.5, 1),
    Metric.FEE_ECONOMY: (2.5, 1),
    Metric.HASHRATE: (1.05e21, 1.05e21),
    Metric.TRANSACTIONS: (512_000, 512_000),
}


@pytest.mark.parametrize("metric", USUAL)
def test_a_node_in_good_health_gives_every_number(metric: Metric) -> None:
    """Each metric that a node is asked for is in our unit, on both chains."""
    assert tuple(values(metric, coin)[metric] for coin in Coin) == pytest.approx(USUAL[metric])


def test_each_chain_has_a_measure_of_its_own() -> None:
    """Weight is BTC's alone, and the limit of the next block BCH's."""
    assert values(Metric.BLOCK_WEIGHT, BTC)[Metric.BLOCK_WEIGHT] == 3_993_000
    assert values(Metric.BLOCK_LIMIT, BCH)[Metric.BLOCK_LIMIT] == 33_554_432
    assert values(Metric.RETARGET_CHANGE, BTC) == pytest.approx(
        {Metric.RETARGET_CHANGE: 100 * (600 / 590 - 1), Metric.RETARGET_TIME: NOW - 300 + (2_016 - 144) * 590}
    )
    assert (Metric.BLOCK_WEIGHT, BCH) not in node.ROUTES
    assert (Metric.RETARGET_CHANGE, BCH) not in node.ROUTES
    assert (Metric.BLOCK_LIMIT, BTC) not in node.ROUTES


PAID = {
    "Core's in satoshis": (BTC, {"medianfee": 320, "totalfee": 2_000_000, "txs": 3_001}, (320, 0.02)),
    "BCHN's in coins": (BCH, {"medianfee": 2.26e-06, "totalfee": 0.0001, "txs": 45}, (226, 0.0001)),
    "blocks without payments": (BCH, {"medianfee": 0.0, "totalfee": 0.0, "txs": 1}, (None, 0)),
}


@pytest.mark.parametrize(("coin", "stats", "wanted"), PAID.values(), ids=PAID)
def test_what_blocks_paid_is_in_one_unit(coin: Coin, stats: dict[str, Any], wanted: tuple[float | None, float]) -> None:
    """The median fee in satoshis, the fees of a block in coins, whichever way the node counts."""
    found = values(Metric.BLOCK_FEES, coin, {"getblockstats": stats})

    assert (found.get(Metric.MEDIAN_FEE), found[Metric.BLOCK_FEES]) == pytest.approx(wanted)


def test_every_twelfth_block_of_a_day_is_asked_for() -> None:
    """The fees of a block are the mean of theirs; the median counts each as often as it has payments."""
    asked: list[int] = []

    def answer(call: Call) -> bytes:
        usual = HEADS[str(call.params[0])] if call.method == "getblockheader" else RESULTS[call.method]
        if call.method == "getblockstats":
            asked.append(int(call.params[0]))
            usual = {"medianfee": 100 * len(asked), "totalfee": len(asked), "txs": 1_001 if len(asked) == 1 else 2}
        return json.dumps(usual).encode()

    found = follow(node.ROUTES[Metric.MEDIAN_FEE, BTC][0].plan(), answer)

    assert asked == list(range(900_000, 899_856, -12))
    assert found[Metric.MEDIAN_FEE, BTC].value == 100
    assert found[Metric.BLOCK_FEES, BTC].value == pytest.approx(6.5e-8)


def test_a_chain_without_blocks_has_no_fees() -> None:
    """The genesis block paid none to anybody."""
    with pytest.raises(SourceError, match=r"^has no blocks yet$"):
        values(Metric.BLOCK_FEES, BTC, {"getblockheader": {"height": 0}})


def test_the_tables_above_name_every_metric() -> None:
    """No metric of a node goes untested."""
    lone = {
        Metric.BLOCK_FEES,
        Metric.MEDIAN_FEE,
        Metric.BLOCK_WEIGHT,
        Metric.BLOCK_LIMIT,
        Metric.RETARGET_CHANGE,
        Metric.RETARGET_TIME,
    }
    assert {metric for metric, _ in node.ROUTES} == {*USUAL, *lone}


LEFT_OUT: dict[str, tuple[Metric, Coin, dict[str, Any]]] = {
    "a fee that nobody knows": (
        Metric.FEE_ECONOMY,
        BTC,
        {"estimatesmartfee": {"feerate": None, "errors": ["Insufficient"]}},
    ),
    "a fee of -1": (Metric.FEE_ECONOMY, BTC, {"estimatesmartfee": {"feerate": -1}}),
    "another's fee of -1": (Metric.FEE, BCH, {"estimatefee": -1}),
    "bytes of memory": (Metric.MEMPOOL_SIZE, BTC, {"getmempoolinfo": {"minrelaytxfee": None}}),
    "no limit": (Metric.BLOCK_LIMIT, BCH, {"getblockheader": {"ablastate": None}}),
    "no weight": (Metric.BLOCK_WEIGHT, BTC, {"getblock": {"weight": None}}),
    "an adjustment from no blocks": (Metric.RETARGET_CHANGE, BTC, {"getblockheader": {"height": 899_856}}),
    "the first block's interval": (Metric.BLOCK_INTERVAL, BTC, {"getblockheader": {"height": 1}}),
}


@pytest.mark.parametrize(("metric", "coin", "changes"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_a_node_does_not_know_is_left_out(metric: Metric, coin: Coin, changes: dict[str, Any]) -> None:
    """Nothing stands in for a number that is not there."""
    assert metric not in values(metric, coin, changes)


@pytest.mark.parametrize(
    ("metric", "height", "first"),
    [
        (Metric.BLOCK_INTERVAL, 900_000, 899_856),
        (Metric.BLOCK_INTERVAL, 145, 1),
        (Metric.BLOCK_INTERVAL, 100, 1),
        (Metric.RETARGET_TIME, 900_000, 899_136),
        (Metric.RETARGET_TIME, 899_136, 899_136),
        (Metric.RETARGET_TIME, 899_135, 897_120),
    ],
)
def test_a_stretch_starts_where_it_should(metric: Metric, height: int, first: int) -> None:
    """An interval a day back, but after the genesis block, whose next came days later; an adjustment with its epoch."""
    asked: list[Call] = []

    def answer(call: Call) -> bytes:
        asked.append(call)
        results = {**RESULTS, "getblockheader": {**HEADS[TIP], "height": height}}
        return json.dumps(results[call.method]).encode()

    follow(node.ROUTES[metric, BTC][0].plan(), answer)

    assert Call("getblockhash", (first,)) in asked


def test_bits_may_be_a_number() -> None:
    """bcoin and bcash write the target as an integer."""
    assert values(Metric.TIP_BITS, BCH, {"getblockheader": {"bits": 0x1705E0B2}})[Metric.TIP_BITS] == 0x1705E0B2


def test_bcoins_fee_has_a_name_of_its_own() -> None:
    """Where `feerate` is not there, `fee` is it."""
    fee = node.SmartFee.model_validate_json('{"fee": 0.00002, "blocks": 2}')

    assert fee.rate == 0.00002


UNWELL: dict[str, tuple[dict[str, Any], str]] = {
    "first download": ({"initialblockdownload": True}, "is still catching up with its chain"),
    "behind": ({"verificationprogress": 0.998}, "is still catching up with its chain"),
    "quiet": ({"mediantime": NOW - 13 * 3_600}, "has heard of no block for hours"),
    "out of date": (
        {"warnings": "Warning: This version … may have fallen out of network consensus 3 day(s) ago."},
        "warns that it may have lost the chain of the others",
    ),
    "alone": (
        {"warnings": ["Warning: We do not appear to fully agree with our peers! You may need to upgrade."]},
        "warns that it may have lost the chain of the others",
    ),
}


@pytest.mark.parametrize(("change", "why"), UNWELL.values(), ids=UNWELL)
@pytest.mark.parametrize("need", node.ROUTES, ids="-".join)
def test_a_node_that_is_not_well_gives_no_number(need: tuple[Metric, Coin], change: dict[str, Any], why: str) -> None:
    """Whatever a node is asked, it is first asked whether it may be believed."""
    with pytest.raises(SourceError, match=f"^{why}$"):
        values(*need, {"getblockchaininfo": change})


def test_a_mempool_that_is_being_loaded_is_not_counted() -> None:
    """After a start a node's mempool fills slowly."""
    with pytest.raises(SourceError, match="is still loading its mempool"):
        values(Metric.MEMPOOL_COUNT, BTC, {"getmempoolinfo": {"loaded": False}})


@pytest.mark.parametrize(
    ("metric", "changes"),
    [
        (Metric.HEIGHT, {"getblockheader": {"bits": "zz"}}),
        (Metric.HEIGHT, {"getblockheader": {"bits": 1 << 80}}),
        (Metric.HEIGHT, {"getblockheader": {"bits": 0x04923456}}),
        (Metric.HEIGHT, {"getblockheader": {"bits": True}}),
        (Metric.HEIGHT, {"getblockheader": {"time": NOW * 1_000}}),
        (Metric.HEIGHT, {"getblockheader": {"height": "900000"}}),
        (Metric.HEIGHT, {"getblockchaininfo": {"bestblockhash": "../../etc"}}),
        (Metric.BLOCK_INTERVAL, {"getblockhash": None}),
        (Metric.HASHRATE, {"getnetworkhashps": True}),
        (Metric.HASHRATE, {"getnetworkhashps": float("nan")}),
        (Metric.MEMPOOL_COUNT, {"getmempoolinfo": {"size": -1}}),
    ],
)
def test_another_shape_is_refused(metric: Metric, changes: dict[str, Any]) -> None:
    """What is not as documented is never read as a number."""
    with pytest.raises(ValidationError):
        values(metric, BTC, changes)
