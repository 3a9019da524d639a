"""The REST API of mempool.space, and of bchexplorer.cash, which is a fork of it with the same paths.

Source: mempool.space/docs/api/rest. `/fees/recommended` is in whole sat/vB and never below the node's minimum;
`/fees/precise` has the fractions below 1.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.model.quote import Coin
from bot.stats.endpoint import Body, Count, Endpoint, Positive, Seconds, moment, read
from bot.stats.metric import Metric, Readings


class Fees(Body):
    """`/api/v1/fees/…`, in sat/vB (sat/B on BCH)."""

    fastest_fee: Annotated[Positive, Field(alias="fastestFee")]


class Mempool(Body):
    """`/api/mempool`; `vsize` is in vB (B on BCH)."""

    count: Count
    vsize: Count


class Block(Body):
    """One block of `/api/v1/blocks`, the best one first; `timestamp` is the header's, in seconds."""

    height: Count
    timestamp: Seconds


class Mining(Body):
    """`/api/v1/mining/hashrate/3d`; the hash rate is in H/s."""

    current_hashrate: Annotated[Positive, Field(alias="currentHashrate")]
    current_difficulty: Annotated[Positive, Field(alias="currentDifficulty")]


class Prices(Body):
    """`/api/v1/prices`, in units of each currency for one coin; `time` is in seconds."""

    time: Seconds
    usd: Annotated[Positive, Field(alias="USD")]


Blocks = TypeAdapter(Annotated[list[Block], Field(min_length=1)])
Height = TypeAdapter(Annotated[int, Field(ge=0, strict=True)])


@dataclass(frozen=True, slots=True)
class Explorer:
    """One explorer of this family and the chain it serves."""

    provider: str
    source: str
    coin: Coin

    @property
    def fees_precise(self) -> Endpoint:
        """The next-block fee with its fractions."""
        return Endpoint(self.provider, self.source, "/api/v1/fees/precise", self._fees)

    @property
    def fees_recommended(self) -> Endpoint:
        """The next-block fee, rounded up."""
        return Endpoint(self.provider, self.source, "/api/v1/fees/recommended", self._fees)

    @property
    def mempool(self) -> Endpoint:
        """What waits to be confirmed."""
        return Endpoint(self.provider, self.source, "/api/mempool", self._mempool)

    @property
    def blocks(self) -> Endpoint:
        """The latest blocks."""
        return Endpoint(self.provider, self.source, "/api/v1/blocks", self._blocks)

    @property
    def tip_height(self) -> Endpoint:
        """The height of the best block."""
        return Endpoint(self.provider, self.source, "/api/blocks/tip/height", self._height)

    @property
    def mining(self) -> Endpoint:
        """Hash rate and difficulty."""
        return Endpoint(self.provider, self.source, "/api/v1/mining/hashrate/3d", self._mining)

    @property
    def prices(self) -> Endpoint:
        """The price of the chain's coin."""
        return Endpoint(self.provider, self.source, "/api/v1/prices", self._prices)

    def _fees(self, body: bytes, at: datetime) -> Readings:
        return read(self.coin, at, {Metric.FEE: Fees.model_validate_json(body).fastest_fee})

    def _mempool(self, body: bytes, at: datetime) -> Readings:
        pool = Mempool.model_validate_json(body)
        return read(self.coin, at, {Metric.MEMPOOL_COUNT: pool.count, Metric.MEMPOOL_SIZE: pool.vsize})

    def _blocks(self, body: bytes, at: datetime) -> Readings:
        best = max(Blocks.validate_json(body), key=lambda block: block.height)
        return read(self.coin, at, {Metric.HEIGHT: best.height, Metric.TIP_TIME: best.timestamp})

    def _height(self, body: bytes, at: datetime) -> Readings:
        return read(self.coin, at, {Metric.HEIGHT: Height.validate_json(body)})

    def _mining(self, body: bytes, at: datetime) -> Readings:
        mining = Mining.model_validate_json(body)
        values = {Metric.HASHRATE: mining.current_hashrate, Metric.DIFFICULTY: mining.current_difficulty}
        return read(self.coin, at, values)

    def _prices(self, body: bytes, at: datetime) -> Readings:
        prices = Prices.model_validate_json(body)
        return read(self.coin, moment(prices.time), {Metric.PRICE: prices.usd})
