"""Live numbers laid out: a cell for each side, a ratio where it says something, a footnote for each source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot
from bot.model.reply import LiveTable
from bot.reply.numbers import age, number, ratio

SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NONE = "–"
WARNINGS = {Quality.LAST_KNOWN: "⚠ last known, "}
DISPUTED = "⚠ Sources differ by more than they should; what each says is shown."
Origin = tuple[str, Quality]


@dataclass(frozen=True, slots=True)
class LiveRow:
    """One statistic: its title, the cells in the order of `Coin`, and the ratio or an empty text."""

    title: str
    cells: tuple[str, ...]
    ratio: str


@dataclass(frozen=True, slots=True)
class LiveNote:
    """A footnote: what it says of a source, then how old its number is; `at` is when that was true."""

    text: str
    age: str = ""
    at: datetime | None = None

    def __str__(self) -> str:
        return self.text + self.age


@dataclass(frozen=True, slots=True)
class LiveLayout:
    """Rows, the footnotes their marks point to, and a sentence for each number that is missing."""

    rows: tuple[LiveRow, ...]
    notes: tuple[LiveNote, ...]
    missing: tuple[str, ...]


def lay_out(table: LiveTable) -> LiveLayout:
    """Return the rows and notes of a live table; statistics with no number on either side appear as missing only."""
    oldest = _oldest(table.snapshots)
    marks = {origin: f"{number}".translate(SUPERSCRIPT) for number, origin in enumerate(oldest, 1)}
    rows = tuple(
        LiveRow(snapshot.stat.title, tuple(_cell(snapshot, coin, marks) for coin in Coin), _ratio(snapshot))
        for snapshot in table.snapshots
        if any(isinstance(side, Quote) for side in snapshot.sides.values())
    )
    notes = tuple(
        LiveNote(f"{marks[origin]} {origin[0]}, {WARNINGS.get(origin[1], '')}", age(at, table.at), at)
        for origin, at in oldest.items()
    )
    if any(isinstance(side, Quote) and side.other for snapshot in table.snapshots for side in snapshot.sides.values()):
        notes += (LiveNote(DISPUTED),)
    return LiveLayout(rows, notes, _missing(table.snapshots))


def _oldest(snapshots: tuple[Snapshot, ...]) -> dict[Origin, datetime]:
    """Return for each source, and each quality of its numbers, the age of the oldest number shown from it."""
    oldest: dict[Origin, datetime] = {}
    for snapshot in snapshots:
        for coin in Coin:
            for quote in _quotes(snapshot.sides[coin]):
                origin = _origin(quote)
                oldest[origin] = min(oldest.get(origin, quote.observed_at), quote.observed_at)
    return oldest


def _quotes(side: Quote | Missing) -> tuple[Quote, ...]:
    """Return the numbers of one side: none, one, or two where sources differ."""
    if isinstance(side, Missing):
        return ()
    return (side, side.other) if side.other else (side,)


def _origin(quote: Quote) -> Origin:
    return quote.source, Quality.LAST_KNOWN if quote.quality is Quality.LAST_KNOWN else Quality.LIVE


def _cell(snapshot: Snapshot, coin: Coin, marks: Mapping[Origin, str]) -> str:
    shown = [
        f"{number(quote.value, snapshot.stat.unit, coin)}{marks[_origin(quote)]}"
        for quote in _quotes(snapshot.sides[coin])
    ]
    return " ⚠ ".join(shown) or NONE


def _ratio(snapshot: Snapshot) -> str:
    btc, bch = snapshot.sides[Coin.BTC], snapshot.sides[Coin.BCH]
    if snapshot.stat.has_ratio and isinstance(btc, Quote) and isinstance(bch, Quote) and not (btc.other or bch.other):
        return ratio(btc.value, bch.value)
    return ""


def _missing(snapshots: tuple[Snapshot, ...]) -> tuple[str, ...]:
    """Say which numbers are missing and why, those with one reason in one sentence."""
    by_reason: dict[str, list[str]] = {}
    for snapshot in snapshots:
        absent = [coin for coin in Coin if isinstance(snapshot.sides[coin], Missing)]
        for coin in absent:
            side = snapshot.sides[coin]
            reason = side.reason if isinstance(side, Missing) else ""
            who = "" if len(absent) == len(Coin) else f" ({coin.value.upper()})"
            names = by_reason.setdefault(reason, [])
            if f"{snapshot.stat.title}{who}" not in names:
                names.append(f"{snapshot.stat.title}{who}")
    return tuple(f"No live number for {', '.join(names)}: {reason}." for reason, names in by_reason.items())
