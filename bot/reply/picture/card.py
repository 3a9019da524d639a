"""What a comparison card shows: rows of two numbers, each with its source and age; no pixel and no matplotlib."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import PictureError
from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot
from bot.reply.live import NONE, WARNINGS
from bot.reply.numbers import age, number, ratio
from bot.reply.picture.ink import STYLES

MOST = 6  # rows that can be read on a phone
TITLE = f"{STYLES[Coin.BTC].name} vs {STYLES[Coin.BCH].name}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One number as people read it, and the words below it: its source and age, or why there is none.

    `age` is the end of the note, which is never cut; empty where there is no number.
    """

    text: str
    note: str
    age: str
    is_missing: bool
    is_doubtful: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One statistic: its title, who has how many times more or an empty text, the cells in the order of `Coin`."""

    title: str
    ratio: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """Everything a card shows."""

    title: str
    time: str
    rows: tuple[Row, ...]


def lay_out(snapshots: Sequence[Snapshot], at: datetime) -> Card:
    """Return what a card of one to MOST snapshots shows; ages are counted up to `at`.

    Raises:
        PictureError: there are no snapshots, or more than MOST.
    """
    if not 1 <= len(snapshots) <= MOST:
        raise PictureError(f"a card holds 1 to {MOST} statistics, not {len(snapshots)}")
    rows = tuple(_row(snapshot, at) for snapshot in snapshots)
    return Card(TITLE, f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC", rows)


def _row(snapshot: Snapshot, at: datetime) -> Row:
    cells = tuple(_cell(snapshot, coin, at) for coin in Coin)
    return Row(snapshot.stat.title, _ratio(snapshot), cells)


def _cell(snapshot: Snapshot, coin: Coin, at: datetime) -> Cell:
    side = snapshot.sides[coin]
    if isinstance(side, Missing):
        return Cell(NONE, side.reason, "", is_missing=True, is_doubtful=False)
    ago = f", {age(side.observed_at, at)}"
    text = number(side.value, snapshot.stat.unit, coin)
    note = f"{WARNINGS.get(side.quality, '')}{side.source}{ago}"
    return Cell(text, note, ago, is_missing=False, is_doubtful=side.quality is Quality.LAST_KNOWN)


def _ratio(snapshot: Snapshot) -> str:
    match snapshot.sides[Coin.BTC], snapshot.sides[Coin.BCH]:
        case (Quote() as btc, Quote() as bch) if snapshot.stat.has_ratio:
            return ratio(btc.value, bch.value)
    return ""
