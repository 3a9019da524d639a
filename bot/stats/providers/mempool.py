"""The REST API of mempool.space, and of bchexplorer.cash, which is a fork of it with the same paths.

Source: mempool.space/docs/api/rest. `/fees/recommended` is in whole sat/vB and never below the node's minimum;
`/fees/precise` has the fractions below 1. The hash rate is a mean over 1,008 blocks, whatever the span asked
for. Sums of rewards are texts. Moments of adjustments are in milliseconds, though the docs' sample shows seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, TypeAdapter, model_validator

from bot.model.quote import Coin
from bot.stats.derive import SATOSHI
from bot.stats.endpoint import (
    Body,
    Count,
    EitherNumber,
    Endpoint,
    Height,
    Parse,
    Positive,
    PositiveIfAny,
    Seconds,
    moment,
    read,
    read_for_all,
)
from bot.stats.metric import Metric, Readings
from bot.stats.providers.blocks import DAY, Chain, tip_readings


class Fees(Body):
    """`/api/v1/fees/…`, in sat/vB (sat/B on BCH)."""

    fastest_fee: Annotated[Positive, Field(alias="fastestFee")]
    hour_fee: Annotated[Positive, Field(alias="hourFee")]
    economy_fee: Annotated[Positive, Field(alias="economyFee")]


class Mempool(Body):
    """`/api/mempool`; `vsize` is in vB (B on BCH)."""

    count: Count
    vsize: Count

    @classmethod
    def readings(cls, coin: Coin, body: bytes, at: datetime) -> Readings:
        """Return what waits on a chain."""
        pool = cls.model_validate_json(body)
        return read(coin, at, {Metric.MEMPOOL_COUNT: pool.count, Metric.MEMPOOL_SIZE: pool.vsize})


class Mining(Body):
    """`/api/v1/mining/hashrate/3d`; the hash rate is in H/s."""

    current_hashrate: Annotated[Positive, Field(alias="currentHashrate")]
    current_difficulty: Annotated[Positive, Field(alias="currentDifficulty")]


class Prices(Body):
    """`/api/v1/prices`, in units of each currency for one coin; `time` is in seconds."""

    time: Seconds
    usd: Annotated[Positive, Field(alias="USD")]
    eur: Annotated[PositiveIfAny, Field(alias="EUR")] = None
    gbp: Annotated[PositiveIfAny, Field(alias="GBP")] = None
    jpy: Annotated[PositiveIfAny, Field(alias="JPY")] = None
    chf: Annotated[PositiveIfAny, Field(alias="CHF")] = None
    cad: Annotated[PositiveIfAny, Field(alias="CAD")] = None
    aud: Annotated[PositiveIfAny, Field(alias="AUD")] = None

    @property
    def currencies(self) -> Mapping[Metric, float | None]:
        """Each other currency per coin; one without a price is -1 there and None here."""
        return {
            Metric.EUR: self.eur,
            Metric.GBP: self.gbp,
            Metric.JPY: self.jpy,
            Metric.CHF: self.chf,
            Metric.CAD: self.cad,
            Metric.AUD: self.aud,
        }


class Adjustment(Body):
    """`/api/v1/difficulty-adjustment`; the change is in percent."""

    change: Annotated[float, Field(alias="difficultyChange")]
    date: Annotated[Positive, Field(alias="estimatedRetargetDate")]


class Rewards(Body):
    """`/api/v1/mining/reward-stats/{blocks}`, sums over those blocks; money is in sat."""

    start: Annotated[Height, Field(alias="startBlock")]
    end: Annotated[Height, Field(alias="endBlock")]
    fees: Annotated[EitherNumber, Field(alias="totalFee")]
    transactions: Annotated[EitherNumber, Field(alias="totalTx")]

    @model_validator(mode="after")
    def _has_blocks(self) -> Self:
        if self.end < self.start:
            raise ValueError("the blocks end before they start")
        return self


# Moments in seconds and in milliseconds are a factor of 1,000 apart, so that neither can be taken for the other.
MILLISECONDS = 10**11

TipHeight: TypeAdapter[int] = TypeAdapter(Annotated[Height, Field(strict=True)])


@dataclass(frozen=True, slots=True)
class Explorer:
    """One explorer of this family and the chain it serves."""

    provider: str
    source: str
    coin: Coin

    @property
    def fees_precise(self) -> Endpoint:
        """Fees with their fractions."""
        return self._page("/api/v1/fees/precise", self._fees)

    @property
    def fees_recommended(self) -> Endpoint:
        """Fees, rounded up."""
        return self._page("/api/v1/fees/recommended", self._fees)

    @property
    def mempool(self) -> Endpoint:
        """What waits to be confirmed."""
        return self._page("/api/mempool", self._mempool)

    @property
    def blocks(self) -> Endpoint:
        """The latest blocks."""
        return self._page("/api/v1/blocks", self._blocks)

    @property
    def chain(self) -> Chain:
        """Blocks of other heights."""
        return Chain(self.provider, self.source, self.coin, "/api/v1/blocks")

    @property
    def tip_height(self) -> Endpoint:
        """The height of the best block."""
        return self._page("/api/blocks/tip/height", self._height)

    @property
    def mining(self) -> Endpoint:
        """Hash rate and difficulty."""
        return self._page("/api/v1/mining/hashrate/3d", self._mining)

    @property
    def rewards(self) -> Endpoint:
        """What a day's blocks earned, and their transactions."""
        return self._page(f"/api/v1/mining/reward-stats/{DAY}", self._rewards)

    @property
    def adjustment(self) -> Endpoint:
        """The next adjustment of the difficulty."""
        return self._page("/api/v1/difficulty-adjustment", self._adjustment)

    @property
    def prices(self) -> Endpoint:
        """The price of the chain's coin, and of a dollar in other currencies."""
        return self._page("/api/v1/prices", self._prices)

    def _page(self, path: str, parse: Parse) -> Endpoint:
        return Endpoint(self.provider, self.source, path, parse)

    def _fees(self, body: bytes, at: datetime) -> Readings:
        fees = Fees.model_validate_json(body)
        values = {
            Metric.FEE: fees.fastest_fee,
            Metric.FEE_HOUR: fees.hour_fee,
            Metric.FEE_ECONOMY: fees.economy_fee,
        }
        return read(self.coin, at, values)

    def _mempool(self, body: bytes, at: datetime) -> Readings:
        return Mempool.readings(self.coin, body, at)

    def _blocks(self, body: bytes, at: datetime) -> Readings:
        return tip_readings(self.coin, body, at)

    def _height(self, body: bytes, at: datetime) -> Readings:
        return read(self.coin, at, {Metric.HEIGHT: TipHeight.validate_json(body)})

    def _mining(self, body: bytes, at: datetime) -> Readings:
        mining = Mining.model_validate_json(body)
        values = {Metric.HASHRATE: mining.current_hashrate, Metric.DIFFICULTY: mining.current_difficulty}
        return read(self.coin, at, values)

    def _rewards(self, body: bytes, at: datetime) -> Readings:
        rewards = Rewards.model_validate_json(body)
        blocks = rewards.end - rewards.start + 1
        values = {
            Metric.TRANSACTIONS: rewards.transactions / blocks * DAY,
            Metric.BLOCK_FEES: rewards.fees / blocks / SATOSHI,
        }
        return read(self.coin, at, values)

    def _adjustment(self, body: bytes, at: datetime) -> Readings:
        adjustment = Adjustment.model_validate_json(body)
        seconds = adjustment.date / 1_000 if adjustment.date >= MILLISECONDS else adjustment.date
        return read(self.coin, at, {Metric.RETARGET_CHANGE: adjustment.change, Metric.RETARGET_TIME: seconds})

    def _prices(self, body: bytes, at: datetime) -> Readings:
        prices = Prices.model_validate_json(body)
        rates = {metric: price / prices.usd for metric, price in prices.currencies.items() if price}
        seen = moment(prices.time)
        return {**read(self.coin, seen, {Metric.PRICE: prices.usd}), **read_for_all(seen, rates)}
