"""The operator's own nodes, over JSON-RPC: Bitcoin Core and Knots, Bitcoin Cash Node, bcoin and bcash.

Source: developer.bitcoin.org/reference/rpc, docs.bitcoincashnode.org/doc/json-rpc, bcoin.io/api-docs. Traps: bcoin and
bcash write `bits` as a number, count memory in `bytes`, report -1 where they know no fee, and have no `getblockstats`;
BCHN has no `estimatesmartfee`, its `estimatefee` takes no argument, and its `getblockstats` is in coins. A node that
is behind its chain answers as readily as any other, so each conversation begins by asking whether it is.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from statistics import fmean, median
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, TypeAdapter

from bot.errors import SourceError
from bot.model.quote import Coin
from bot.stats.derive import SATOSHI
from bot.stats.endpoint import Body, Call, Conversation, Count, Heard, Plan, Request, Seconds, moment, read
from bot.stats.header import difficulty
from bot.stats.metric import Metric, Need, Readings
from bot.stats.providers.blocks import Mark, Stretch, retarget, start_of_epoch

BLOCKS_A_DAY = 144
APART = 12  # blocks from one whose fees are asked for to the next: a node reads each with all that it spent
SYNCED = 0.999  # of `verificationprogress`; a node at the tip is within a few millionths of 1
QUIET = timedelta(hours=12)  # since the median of the last blocks' times; in main nets the next comes long before
SATOSHIS = 100_000  # a B in one coin a kB
# Parts of warnings that a node gives when its chain may not be the one that others follow; others do not matter here.
ALARMS = ("fallen out of network consensus", "do not appear to fully agree", "invalid chain at least")


def _number(value: Any) -> Any:
    return int(value, 16) if isinstance(value, str) else value


def _aimed(bits: int) -> int:
    difficulty(bits)  # raises where these are no target
    return bits


Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Bits = Annotated[int, Field(gt=0, lt=1 << 32), AfterValidator(_aimed), BeforeValidator(_number)]


class Chain(Body):
    """`getblockchaininfo`; bcoin and bcash give neither of the last two, and Core lists its warnings."""

    bestblockhash: Hash
    mediantime: Seconds
    verificationprogress: float
    initialblockdownload: bool = False
    warnings: str | list[str] = ""


class Limit(Body):
    """`ablastate`, which only BCHN gives; in B."""

    nextblocksizelimit: Count


class Head(Body):
    """`getblockheader`."""

    height: Count
    time: Seconds
    bits: Bits
    ablastate: Limit | None = None


class Block(Body):
    """`getblock`; `size` is in B, `weight` in weight units."""

    size: Count
    weight: Count | None = None


class Mempool(Body):
    """`getmempoolinfo`; `bytes` is in vB (B on BCH), but in B of memory where there is no `minrelaytxfee`."""

    count: Annotated[Count, Field(alias="size")]
    size: Annotated[Count, Field(alias="bytes")]
    loaded: bool = True
    minrelaytxfee: float | None = None


class SmartFee(Body):
    """`estimatesmartfee`, in coins a kvB; nothing or -1 means that nothing is known."""

    rate: Annotated[float | None, Field(validation_alias=AliasChoices("feerate", "fee"))] = None


class Paid(Body):
    """`getblockstats`: what a block's transactions paid, in sat or in coins; `txs` counts the one that pays nothing."""

    medianfee: Annotated[float, Field(ge=0)]
    totalfee: Annotated[float, Field(ge=0)]
    txs: Annotated[int, Field(gt=0, le=1_000_000)]


class Day(Body):
    """`getchaintxstats`."""

    window_tx_count: Count


BlockHash = TypeAdapter(Hash)
Rate: TypeAdapter[float] = TypeAdapter(Annotated[float, Field(strict=True, allow_inf_nan=False)])


def _synced() -> Generator[Request, Heard, Chain]:
    """Ask whether the node is well; raises `SourceError` where it is not."""
    heard = yield Call("getblockchaininfo")
    chain = Chain.model_validate_json(heard.body)
    if chain.initialblockdownload or chain.verificationprogress < SYNCED:
        raise SourceError("is still catching up with its chain")
    if heard.at - moment(chain.mediantime) > QUIET:
        raise SourceError("has heard of no block for hours")
    warnings = chain.warnings if isinstance(chain.warnings, str) else " ".join(chain.warnings)
    if any(alarm in warnings for alarm in ALARMS):
        raise SourceError("warns that it may have lost the chain of the others")
    return chain


def _head(block: str) -> Generator[Request, Heard, Head]:
    return Head.model_validate_json((yield Call("getblockheader", (block,))).body)


def _tip(coin: Coin) -> Plan[Readings]:
    chain = yield from _synced()
    heard = yield Call("getblockheader", (chain.bestblockhash,))
    head = Head.model_validate_json(heard.body)
    values: dict[Metric, float] = {
        Metric.HEIGHT: head.height,
        Metric.TIP_TIME: head.time,
        Metric.TIP_BITS: head.bits,
        Metric.DIFFICULTY: difficulty(head.bits),
    }
    if head.ablastate:
        values[Metric.BLOCK_LIMIT] = head.ablastate.nextblocksizelimit
    return read(coin, heard.at, values)


def _block(coin: Coin) -> Plan[Readings]:
    chain = yield from _synced()
    heard = yield Call("getblock", (chain.bestblockhash,))
    block = Block.model_validate_json(heard.body)
    values: dict[Metric, float] = {Metric.BLOCK_SIZE: block.size}
    if coin is Coin.BTC and block.weight is not None:
        values[Metric.BLOCK_WEIGHT] = block.weight
    return read(coin, heard.at, values)


def _interval(coin: Coin) -> Plan[Readings]:
    """Compare the times of two blocks; the genesis block's is no start, for the next came days later."""
    stretch, at = yield from _stretch(lambda height: max(1, height - BLOCKS_A_DAY))
    return read(coin, at, {Metric.BLOCK_INTERVAL: stretch.spacing} if stretch.is_sound(at) else {})


def _retarget(coin: Coin) -> Plan[Readings]:
    stretch, at = yield from _stretch(start_of_epoch)
    return read(coin, at, retarget(stretch) if stretch.is_sound(at) else {})


def _stretch(start_of: Callable[[int], int]) -> Generator[Request, Heard, tuple[Stretch, datetime]]:
    """Return the blocks from a height, which follows from the best one's, to the best one."""
    chain = yield from _synced()
    last = yield from _head(chain.bestblockhash)
    heard = yield Call("getblockhash", (start_of(last.height),))
    first = yield from _head(BlockHash.validate_json(heard.body))
    return Stretch(Mark(last.height, last.time), Mark(first.height, first.time)), heard.at


def _mempool(coin: Coin) -> Plan[Readings]:
    yield from _synced()
    heard = yield Call("getmempoolinfo")
    pool = Mempool.model_validate_json(heard.body)
    if not pool.loaded:
        raise SourceError("is still loading its mempool")
    values: dict[Metric, float] = {Metric.MEMPOOL_COUNT: pool.count}
    if pool.minrelaytxfee is not None:
        values[Metric.MEMPOOL_SIZE] = pool.size
    return read(coin, heard.at, values)


# Nobody estimates for a single block: Core takes 1 for 2. bcoin fails beyond 15.
SOON = {Metric.FEE: 2, Metric.FEE_HOUR: 6}
LATE = {Metric.FEE_ECONOMY: 144}
FEES = (*SOON, *LATE)


def _smart_fees(targets: Mapping[Metric, int], coin: Coin) -> Plan[Readings]:
    yield from _synced()
    values: dict[Metric, float] = {}
    for metric, blocks in targets.items():
        heard = yield Call("estimatesmartfee", (blocks,))
        rate = SmartFee.model_validate_json(heard.body).rate
        if rate and rate > 0:
            values[metric] = rate * SATOSHIS
    return read(coin, heard.at, values)


def _flat_fee(coin: Coin) -> Plan[Readings]:
    """Ask for the least that is relayed: on BCH it gets into the next block, so nobody in less hurry pays less."""
    yield from _synced()
    heard = yield Call("estimatefee")
    rate = Rate.validate_json(heard.body)
    return read(coin, heard.at, dict.fromkeys(FEES, rate * SATOSHIS) if rate > 0 else {})


PAID_IN = {Coin.BTC: 1, Coin.BCH: SATOSHI}  # sat of `getblockstats`


def _paid(coin: Coin) -> Plan[Readings]:
    """Ask what every twelfth block of a day paid; the median is that of theirs, each as often as it has payments."""
    tip = yield from _head((yield from _synced()).bestblockhash)
    blocks: list[Paid] = []
    for height in range(tip.height, max(tip.height - BLOCKS_A_DAY, 0), -APART):
        heard = yield Call("getblockstats", (height,))
        blocks.append(Paid.model_validate_json(heard.body))
    if not blocks:
        raise SourceError("has no blocks yet")
    values = {Metric.BLOCK_FEES: fmean(one.totalfee for one in blocks) * PAID_IN[coin] / SATOSHI}
    fees = [one.medianfee for one in blocks for _ in range(one.txs - 1)]
    if fees:
        values[Metric.MEDIAN_FEE] = median(fees) * PAID_IN[coin]
    return read(coin, heard.at, values)


def _work(coin: Coin) -> Plan[Readings]:
    yield from _synced()
    heard = yield Call("getnetworkhashps", (BLOCKS_A_DAY,))
    return read(coin, heard.at, {Metric.HASHRATE: Rate.validate_json(heard.body)})


def _day(coin: Coin) -> Plan[Readings]:
    yield from _synced()
    heard = yield Call("getchaintxstats", (BLOCKS_A_DAY,))
    return read(coin, heard.at, {Metric.TRANSACTIONS: Day.model_validate_json(heard.body).window_tx_count})


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation with any node of some chains, and what it gives."""

    name: str
    plan: Callable[[Coin], Plan[Readings]]
    metrics: tuple[Metric, ...]
    coins: tuple[Coin, ...] = tuple(Coin)


TALKS = (
    Talk("tip", _tip, (Metric.HEIGHT, Metric.TIP_TIME, Metric.TIP_BITS, Metric.DIFFICULTY)),
    Talk("tip", _tip, (Metric.BLOCK_LIMIT,), (Coin.BCH,)),
    Talk("block", _block, (Metric.BLOCK_SIZE,)),
    Talk("block", _block, (Metric.BLOCK_WEIGHT,), (Coin.BTC,)),
    Talk("interval", _interval, (Metric.BLOCK_INTERVAL,)),
    Talk("retarget", _retarget, (Metric.RETARGET_CHANGE, Metric.RETARGET_TIME), (Coin.BTC,)),
    Talk("mempool", _mempool, (Metric.MEMPOOL_COUNT, Metric.MEMPOOL_SIZE)),
    Talk("fees", partial(_smart_fees, SOON), tuple(SOON), (Coin.BTC,)),
    Talk("late fees", partial(_smart_fees, LATE), tuple(LATE), (Coin.BTC,)),
    Talk("fees", _flat_fee, FEES, (Coin.BCH,)),
    Talk("paid", _paid, (Metric.BLOCK_FEES, Metric.MEDIAN_FEE)),
    Talk("work", _work, (Metric.HASHRATE,)),
    Talk("day", _day, (Metric.TRANSACTIONS,)),
)
NODES = {Coin.BTC: ("btc_node", "own node"), Coin.BCH: ("bch_node", "own node")}

ROUTES: Mapping[Need, tuple[Conversation, ...]] = {
    (metric, coin): (Conversation(*NODES[coin], talk.name, partial(talk.plan, coin)),)
    for talk in TALKS
    for coin in talk.coins
    for metric in talk.metrics
}
