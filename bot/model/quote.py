"""Live numbers as data: a `Quote` with its source and age, or `Missing` with a reason; never a sentinel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Coin(StrEnum):
    """A chain that statistics are read for."""

    BTC = "btc"
    BCH = "bch"


class Unit(StrEnum):
    """What a statistic's value is counted in; a renderer turns it into text."""

    USD = "usd"
    EUR = "eur"
    GBP = "gbp"
    JPY = "jpy"
    CHF = "chf"
    CAD = "cad"
    AUD = "aud"
    PERCENT = "percent"  # of a change, with its sign
    SHARE = "share"  # percent of a whole
    TIMES = "times"  # one side over the other
    BCH_PER_BTC = "bch-per-btc"
    FEE_RATE = "fee-rate"  # sat/vB on BTC, sat/B on BCH
    SATOSHI = "satoshi"
    BLOCKS = "blocks"
    HEIGHT = "height"
    SECONDS = "seconds"
    INTERVAL = "interval"  # seconds from one block to the next
    TRANSACTIONS = "transactions"
    TRANSACTIONS_PER_SECOND = "transactions-per-second"
    BYTES = "bytes"  # virtual bytes on BTC, bytes on BCH
    BLOCK_BYTES = "block-bytes"  # bytes on both chains
    BLOCK_ROOM = "block-room"  # weight units on BTC, bytes on BCH
    HASHES_PER_SECOND = "hashes-per-second"
    DIFFICULTY = "difficulty"
    COINS = "coins"
    AMOUNT = "amount"  # coins with their fractions
    EPOCH_SECONDS = "epoch-seconds"  # a moment in time


class Quality(StrEnum):
    """How far a number may be trusted."""

    LIVE = "live"
    CACHED = "cached"
    LAST_KNOWN = "last-known"
    DERIVED = "derived"
    DISPUTED = "disputed"  # another source says something else


@dataclass(frozen=True, slots=True)
class Quote:
    """One number from one source; `value` is in the unit of its `Stat`, `observed_at` is when it was true.

    `other` is what another source says, where the two differ by more than they may and no third one settles it.
    """

    value: float
    source: str
    observed_at: datetime
    fetched_at: datetime
    quality: Quality
    other: "Quote | None" = None


def worst(quotes: Sequence[Quote]) -> Quality:
    """Return the quality of what follows from several numbers."""
    found = {quote.quality for quote in quotes}
    return next((one for one in (Quality.DISPUTED, Quality.LAST_KNOWN) if one in found), Quality.DERIVED)


@dataclass(frozen=True, slots=True)
class Missing:
    """No number can be shown; `reason` is a short phrase a reader understands."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stat:
    """A statistic as data.

    `ask` holds phrasings that mean this number now; they are indexed with the entry that answers `topic`.
    `names` are what people call it when they want a chart of it, in lower case; without any there is none.
    `fresh_for` is how long a fetched number counts as current, `keep_for` how long it may be shown at all,
    `has_ratio` whether dividing one side by the other says something.
    """

    key: str
    topic: str
    title: str
    unit: Unit
    fresh_for: timedelta
    keep_for: timedelta
    ask: tuple[str, ...]
    has_ratio: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One statistic for both coins, looked up at one moment."""

    stat: Stat
    sides: Mapping[Coin, Quote | Missing]
