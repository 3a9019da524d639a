"""Blockchair's `/{chain}/stats`.

Source: blockchair.com/api/docs. Traps: `blocks` is the height plus one, so `best_block_height` is read; the hash
rate is a text; times are UTC without saying so; the price repeats CoinGecko's; `context.cache.since` is when the
numbers were true; `mempool_size` counts bytes with witness data, which on BTC is not the size in vB; BCH's answer has
no retarget. `next_difficulty_estimate` is not read: the two recorded ones (+25 % and -5 %) were far from what came.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bot.model.quote import Coin
from bot.stats.derive import SATOSHI
from bot.stats.endpoint import Body, Count, Endpoint, Height, Parse, Positive, TextNumber, read
from bot.stats.metric import Metric, Readings

DAY = 86_400  # seconds


def _moment(text: Any) -> datetime:
    return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)


Moment = Annotated[datetime, BeforeValidator(_moment)]


class Stats(Body):
    """The `data` part."""

    best_block_height: Height
    best_block_time: Moment
    difficulty: Positive
    hashrate_24h: TextNumber
    mempool_transactions: Count
    mempool_size: Count
    suggested_transaction_fee_per_byte_sat: Positive
    market_price_usd: Positive
    market_price_usd_change_24h_percentage: float
    market_cap_usd: Positive
    blocks_24h: Annotated[int, Field(gt=0, le=10_000)] | None = None
    transactions_24h: Count | None = None
    median_transaction_fee_24h: Positive | None = None  # sat
    average_transaction_fee_24h: Positive | None = None  # sat
    next_retarget_time_estimate: Moment | None = None


class Cache(Body):
    """How old the numbers are."""

    since: Moment


class Context(Body):
    """The `context` part; some answers have no `cache`."""

    cache: Cache | None = None


class Answer(Body):
    """The whole answer."""

    data: Stats
    context: Context = Field(default_factory=Context)


def _parser(coin: Coin) -> Parse:
    def parse(body: bytes, at: datetime) -> Readings:
        answer = Answer.model_validate_json(body)
        cache = answer.context.cache
        return read(coin, cache.since if cache else at, _values(coin, answer.data))

    return parse


def _block_fees(data: Stats) -> float | None:
    """Return the fees of a mean block in coins: those of a mean transaction times the transactions of a block."""
    if not (data.average_transaction_fee_24h and data.transactions_24h and data.blocks_24h):
        return None
    return data.average_transaction_fee_24h * data.transactions_24h / data.blocks_24h / SATOSHI


def _values(coin: Coin, data: Stats) -> dict[Metric, float | None]:
    retarget = data.next_retarget_time_estimate
    values: dict[Metric, float | None] = {
        Metric.HEIGHT: data.best_block_height,
        Metric.TIP_TIME: data.best_block_time.timestamp(),
        Metric.DIFFICULTY: data.difficulty,
        Metric.HASHRATE: data.hashrate_24h,
        Metric.MEMPOOL_COUNT: data.mempool_transactions,
        Metric.FEE: data.suggested_transaction_fee_per_byte_sat,
        Metric.PRICE: data.market_price_usd,
        Metric.CHANGE_24H: data.market_price_usd_change_24h_percentage,
        Metric.MARKET_CAP: data.market_cap_usd,
        Metric.BLOCK_INTERVAL: DAY / data.blocks_24h if data.blocks_24h else None,
        Metric.TRANSACTIONS: data.transactions_24h,
        Metric.MEDIAN_FEE: data.median_transaction_fee_24h,
        Metric.BLOCK_FEES: _block_fees(data),
        Metric.RETARGET_TIME: retarget.timestamp() if retarget and coin is Coin.BTC else None,
    }
    if coin is Coin.BCH:  # whose blocks take all that waits, so that one rate serves every hurry
        fee = data.suggested_transaction_fee_per_byte_sat
        values |= {Metric.FEE_HOUR: fee, Metric.FEE_ECONOMY: fee, Metric.MEMPOOL_SIZE: data.mempool_size}
    return values


PATHS = {Coin.BTC: "/bitcoin/stats", Coin.BCH: "/bitcoin-cash/stats"}
STATS = {coin: Endpoint("blockchair", "Blockchair", PATHS[coin], _parser(coin)) for coin in Coin}
