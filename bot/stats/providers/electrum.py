"""Electrum servers: ElectrumX, electrs and Fulcrum.

Source: electrum-cash-protocol.readthedocs.io. Traps: fees are in coins a kB, and -1 where none is known; ElectrumX
leaves the last, incomplete bin out of its histogram; `mempool.get_info` exists since protocol 1.6. Anybody may run
such a server, so a header is believed only for the work that it proves.
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.errors import SourceError
from bot.model.quote import Coin
from bot.stats.endpoint import Body, Call, Conversation, Count, Heard, Plan, read
from bot.stats.header import difficulty, proves_work, read_header
from bot.stats.metric import Metric, Need, Readings

SATOSHIS = 100_000  # a B in one coin a kB
# The least work a header may prove: about a hundredth of 2026's, so that to make one up takes days of a real miner.
EASIEST = {Coin.BTC: 0x1800FFFF, Coin.BCH: 0x1900FFFF}


class Tip(Body):
    """`blockchain.headers.subscribe`."""

    height: Count
    header: Annotated[str, Field(alias="hex", pattern=r"^[0-9a-f]{160}$")]


class Floor(Body):
    """`mempool.get_info`, in coins a kB."""

    mempoolminfee: Annotated[float, Field(ge=0)]
    minrelaytxfee: Annotated[float, Field(ge=0)]


Rate: TypeAdapter[float] = TypeAdapter(Annotated[float, Field(strict=True, allow_inf_nan=False)])
Bin = tuple[Annotated[float, Field(strict=True, ge=0)], Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]]
Histogram = TypeAdapter(list[Bin])


def tip(coin: Coin, easiest: int) -> Plan[Readings]:
    """Ask for the best block.

    Args:
        coin: whose chain the server follows.
        easiest: target, in compact form, that a header may have at most.

    Raises:
        SourceError: the header does not prove that much work.
    """
    heard = yield Call("blockchain.headers.subscribe")
    said = Tip.model_validate_json(heard.body)
    header = read_header(bytes.fromhex(said.header))
    if not proves_work(header, easiest):
        raise SourceError("showed a block without the work that it takes")
    values = {
        Metric.HEIGHT: said.height,
        Metric.TIP_TIME: header.time,
        Metric.TIP_BITS: header.bits,
        Metric.DIFFICULTY: difficulty(header.bits),
    }
    return read(coin, heard.at, values)


SOON = {Metric.FEE: 1, Metric.FEE_HOUR: 6}  # blocks
LATE = {Metric.FEE_ECONOMY: 144}  # asked for apart, since some servers know no such distant target


def _fees(targets: Mapping[Metric, int]) -> Plan[Readings]:
    values: dict[Metric, float] = {}
    for metric, blocks in targets.items():
        heard = yield Call("blockchain.estimatefee", (blocks,))
        rate = Rate.validate_json(heard.body)
        if rate > 0:
            values[metric] = rate * SATOSHIS
    return read(Coin.BTC, heard.at, values)


def _histogram() -> Plan[Readings]:
    """Add the bins up; that there is none may also mean that none is full."""
    heard = yield Call("mempool.get_fee_histogram")
    size = sum(vsize for _, vsize in Histogram.validate_json(heard.body))
    return read(Coin.BTC, heard.at, {Metric.MEMPOOL_SIZE: size} if size else {})


def _floor() -> Plan[Readings]:
    heard = yield Call("mempool.get_info")
    info = Floor.model_validate_json(heard.body)
    return _least(max(info.mempoolminfee, info.minrelaytxfee), heard)


def _relay_fee() -> Plan[Readings]:
    heard = yield Call("blockchain.relayfee")
    return _least(Rate.validate_json(heard.body), heard)


def _least(rate: float, heard: Heard) -> Readings:
    """Return the least that is relayed: on BCH it gets into the next block, so nobody in less hurry pays less."""
    return read(Coin.BCH, heard.at, dict.fromkeys((*SOON, *LATE), rate * SATOSHIS) if rate > 0 else {})


SERVERS = {Coin.BTC: ("btc_electrum", "Electrum server"), Coin.BCH: ("bch_electrum", "Electrum server")}
TIPS = {coin: Conversation(*SERVERS[coin], "tip", partial(tip, coin, EASIEST[coin])) for coin in Coin}
FEES = Conversation(*SERVERS[Coin.BTC], "fees", partial(_fees, SOON))
LATE_FEES = Conversation(*SERVERS[Coin.BTC], "late fees", partial(_fees, LATE))
HISTOGRAM = Conversation(*SERVERS[Coin.BTC], "histogram", _histogram)
FLOOR = Conversation(*SERVERS[Coin.BCH], "floor", _floor)
RELAY_FEE = Conversation(*SERVERS[Coin.BCH], "relay fee", _relay_fee)

ROUTES: Mapping[Need, tuple[Conversation, ...]] = {
    **{
        (metric, coin): (TIPS[coin],)
        for coin in Coin
        for metric in (Metric.HEIGHT, Metric.TIP_TIME, Metric.TIP_BITS, Metric.DIFFICULTY)
    },
    **{(metric, Coin.BTC): (FEES,) for metric in SOON},
    **{(metric, Coin.BTC): (LATE_FEES,) for metric in LATE},
    **{(metric, Coin.BCH): (FLOOR, RELAY_FEE) for metric in (*SOON, *LATE)},
    (Metric.MEMPOOL_SIZE, Coin.BTC): (HISTOGRAM,),
}
