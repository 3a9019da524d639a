"""Blocks as explorers list them, the best one first, and what follows from comparing two of them.

Source: mempool.space/docs/api/rest and github.com/Blockstream/esplora/blob/master/API.md, which name a block's fields
alike. `…/blocks/{height}` lists the blocks from a height downwards.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, TypeAdapter

from bot.errors import SourceError
from bot.model.quote import Coin
from bot.stats.endpoint import Body, Conversation, Count, Get, Height, Plan, PositiveIfAny, Seconds, read
from bot.stats.header import AHEAD
from bot.stats.metric import Metric, Readings

DAY = 144  # blocks
EPOCH = 2_016  # blocks between two adjustments of BTC
SPACING = 600  # seconds that a block shall take
LEAST_SIZE = 80 + 1  # bytes: a header and a count of transactions


def _or_nothing(value: Any) -> Any:
    return value if isinstance(value, dict) else {}


class Abla(Body):
    """The state of BCH's adaptive limit (spec CHIP-2023-04); explorers that have not indexed it say null."""

    next_block_size_limit: PositiveIfAny = None


class Block(Body):
    """One block; `timestamp` is the header's, `size` in bytes, `weight` (BTC only) in weight units."""

    height: Height
    timestamp: Seconds
    bits: Count
    size: Annotated[Count, Field(ge=LEAST_SIZE)]
    weight: Annotated[Count | None, Field(gt=0)] = None
    abla_state: Annotated[Abla, BeforeValidator(_or_nothing)] = Abla()


Blocks: TypeAdapter[list[Block]] = TypeAdapter(Annotated[list[Block], Field(min_length=1)])


def best_of(body: bytes) -> Block:
    """Return the highest block of a list."""
    return max(Blocks.validate_json(body), key=lambda block: block.height)


def tip_readings(coin: Coin, body: bytes, at: datetime) -> Readings:
    """Return what the best block of a list says."""
    best = best_of(body)
    values: dict[Metric, float | None] = {
        Metric.HEIGHT: best.height,
        Metric.TIP_TIME: best.timestamp,
        Metric.TIP_BITS: best.bits,
        Metric.BLOCK_SIZE: best.size,
        Metric.BLOCK_WEIGHT: best.weight if coin is Coin.BTC else None,
        Metric.BLOCK_LIMIT: best.abla_state.next_block_size_limit if coin is Coin.BCH else None,
    }
    return read(coin, at, values)


@dataclass(frozen=True, slots=True)
class Mark:
    """A block's place in its chain, and its time, in seconds since 1970."""

    height: int
    time: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Two blocks of one chain, the later one first."""

    tip: Mark
    start: Mark

    def is_sound(self, at: datetime) -> bool:
        """Tell whether the later block is higher and younger, and not from the future."""
        is_forward = self.start.height < self.tip.height and self.start.time < self.tip.time
        return is_forward and self.tip.time <= (at + AHEAD).timestamp()

    @property
    def spacing(self) -> float:
        """Seconds between two blocks, on average."""
        return (self.tip.time - self.start.time) / (self.tip.height - self.start.height)


Conclude = Callable[[Stretch], dict[Metric, float | None]]


@dataclass(frozen=True, slots=True)
class Chain:
    """An explorer's chain of blocks at `path`."""

    provider: str
    source: str
    coin: Coin
    path: str

    @property
    def interval(self) -> Conversation:
        """The mean interval over a day, from the times of two headers."""
        return Conversation(
            self.provider,
            self.source,
            "interval",
            lambda: self._compare(lambda tip: max(0, tip.height - DAY), _interval),
        )

    @property
    def retarget(self) -> Conversation:
        """BTC's next adjustment, from the pace since the last one; none while a day of that has not passed."""
        return Conversation(
            self.provider,
            self.source,
            "retarget",
            lambda: self._compare(lambda tip: start_of_epoch(tip.height), retarget),
        )

    def _compare(self, start_of: Callable[[Block], int], conclude: Conclude) -> Plan[Readings]:
        heard = yield Get(self.path)
        tip = best_of(heard.body)
        height = start_of(tip)
        heard = yield Get(f"{self.path}/{height}")
        start = _found(Blocks.validate_json(heard.body), height)
        stretch = Stretch(Mark(tip.height, tip.timestamp), Mark(start.height, start.timestamp))
        if not stretch.is_sound(heard.at):
            raise SourceError("gave blocks that do not follow each other")
        return read(self.coin, heard.at, conclude(stretch))


def _found(blocks: Sequence[Block], height: int) -> Block:
    for block in blocks:
        if block.height == height:
            return block
    raise SourceError("did not give the block asked for")


def _interval(stretch: Stretch) -> dict[Metric, float | None]:
    return {Metric.BLOCK_INTERVAL: stretch.spacing}


def start_of_epoch(height: int) -> int:
    """Return the height of the block after BTC's last adjustment."""
    return height // EPOCH * EPOCH


def retarget(stretch: Stretch) -> dict[Metric, float | None]:
    """Return BTC's next adjustment, from the pace of a stretch that starts with its epoch; none from few blocks.

    Source: CalculateNextWorkRequired in Bitcoin Core's pow.cpp: at most four times harder or easier.
    """
    passed = stretch.tip.height - stretch.start.height
    if passed < DAY:
        return {}
    left = EPOCH - passed
    change = min(max(SPACING / stretch.spacing, 1 / 4), 4)
    return {
        Metric.RETARGET_CHANGE: 100 * (change - 1),
        Metric.RETARGET_TIME: stretch.tip.time + left * stretch.spacing,
    }
