"""The curated knowledge as the program holds it: immutable, typed, with the place every piece came from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from math import isclose

from bot.model.address import Guard


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands in a file; `line` counts from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


Spot = tuple[str | int, ...]
Lines = Mapping[Spot, int]


def _place(origin: Origin, lines: Lines, spot: Spot) -> Origin:
    """Return where a field of a block stands, or the nearest one around it."""
    while spot and spot not in lines:
        spot = spot[:-1]
    return replace(origin, line=lines[spot]) if spot else origin


class Label(StrEnum):
    """Whether an entry states checked facts or weighs a contested matter."""

    CURATED = "curated"
    OPINION = "opinion"


@dataclass(frozen=True, slots=True)
class Side:
    """One column of a comparison: `id` is its key in YAML, `aliases` are the ways people write it."""

    id: str
    name: str
    ticker: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A source an entry rests on."""

    id: str
    title: str
    url: str
    published: str = ""


@dataclass(frozen=True, slots=True)
class VersusRow:
    """One row of a comparison table; `cells` stand in the order of the pack's sides."""

    what: str
    cells: tuple[str, ...]


class Measure(StrEnum):
    """Which number of a statistic is meant: that of one chain, or how many times BCH's number BTC's is."""

    BTC = "btc"
    BCH = "bch"
    TIMES = "btc/bch"


class Relation(StrEnum):
    """How a number stands to what is claimed of it."""

    ABOUT = "about"
    EQUALS = "equals"
    UNDER = "under"
    OVER = "over"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class Claim:
    """What an entry's text says of a statistic, so that live numbers can hold it against them.

    `metric` is the statistic's key; `low` and `high` are in its unit, and differ for `BETWEEN` only. `margin` is how
    far off a number may be that is claimed to be `ABOUT` another. `as_of` is when somebody last saw that it was true.
    """

    metric: str
    measure: Measure
    relation: Relation
    low: float
    high: float
    margin: float
    as_of: date
    origin: Origin

    def allows(self, value: float) -> bool:
        """Tell whether a number bears the claim out."""
        return ALLOWED[self.relation](self, value)


# Numbers that were computed differ from what stands in a text by their last binary digits.
ALLOWED: Mapping[Relation, Callable[[Claim, float], bool]] = {
    Relation.ABOUT: lambda claim, value: abs(value - claim.low) <= claim.margin,
    Relation.EQUALS: lambda claim, value: isclose(value, claim.low, rel_tol=1e-9),
    Relation.UNDER: lambda claim, value: value < claim.low,
    Relation.OVER: lambda claim, value: value > claim.low,
    Relation.AT_LEAST: lambda claim, value: value >= claim.low,
    Relation.AT_MOST: lambda claim, value: value <= claim.low,
    Relation.BETWEEN: lambda claim, value: claim.low <= value <= claim.high,
}


@dataclass(frozen=True, slots=True)
class Figure:
    """What a statistic was in the past, to be shown beside what it is now.

    `as_of` is a day, a month or a year (`2017-08-01`, `2023-08`, `2009`), `label` an event of then or empty.
    """

    metric: str
    measure: Measure
    value: float
    as_of: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer; everything but `ask` and `verdict` may be empty.

    `declines` names the class of question this entry answers by kindly declining (no advice, say). `lines` has the line
    of each field, by its path in the block.
    """

    id: str
    pack: str
    topic: str
    title: str
    ask: tuple[str, ...]
    verdict: str
    origin: Origin
    detail: str = ""
    versus: tuple[VersusRow, ...] = ()
    live: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    as_of: date | None = None
    label: Label = Label.CURATED
    see: tuple[str, ...] = ()
    declines: str = ""
    claims: tuple[Claim, ...] = ()
    past: tuple[Figure, ...] = ()
    lines: Lines = field(default_factory=dict, compare=False, repr=False)

    def at(self, *spot: str | int) -> Origin:
        """Return where a field stands, such as `at("ask", 2)`."""
        return _place(self.origin, self.lines, spot)

    @property
    def needs(self) -> tuple[str, ...]:
        """The statistics an answer looks up: those shown, then those its claims and past figures are compared with."""
        claimed = (claim.metric for claim in self.claims)
        return tuple(dict.fromkeys((*self.live, *claimed, *(figure.metric for figure in self.past))))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A named class of messages that are not answered, its wording and the nearest real entries.

    A `quiet` class gets no reply in a group, even where the bot was addressed, unless it is a close call. A class that
    is a `gap` is part of the subject: its questions want an entry.
    """

    id: str
    pack: str
    title: str
    ask: tuple[str, ...]
    say: str
    origin: Origin
    see: tuple[str, ...] = ()
    quiet: bool = False
    gap: bool = False
    lines: Lines = field(default_factory=dict, compare=False, repr=False)

    def at(self, *spot: str | int) -> Origin:
        """Return where a field stands, such as `at("ask", 2)`."""
        return _place(self.origin, self.lines, spot)


@dataclass(frozen=True, slots=True)
class Exam:
    """A question and what it must lead to: one of `topics`, the refusal `refusal`, or silence when both are empty."""

    text: str
    topics: tuple[str, ...]
    refusal: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Manners:
    """What the bot says around its answers; a pack may word each of them its own way.

    In `elsewhere`, `{title}` stands for the title of a pack that is not in use.
    """

    welcome: str = "Ask me anything about this FAQ, in your own words."
    usage: str = "In a group, use a command, mention me or reply to me."
    unknown: str = "I have no checked answer to that."
    nearest: str = "The nearest I have:"
    choose: str = "Did you mean:"
    empty: str = "Ask me in words, please."
    secret: str = "That looks like a secret key. Treat it as stolen, replace it, delete the message."  # noqa: S105 - no secret
    elsewhere: str = "That belongs to {title}, which is not switched on here."
    about: str = "Curated answers with their sources and dates."
    privacy: str = "/privacy says what I keep of you and how long; /forgetme deletes it."


@dataclass(frozen=True, slots=True)
class Pack:
    """One curated FAQ: its sides, wording, entries, refusals and exam.

    `home` is the entry that gives the overview. `names` are what its subject is surely called. `glossary` maps what
    people write to the pack's own word. `exam_floor` is the share of the exam that must be resolved, `exam_wrong` the
    share that may be answered wrongly. `guard` is what is said of pasted addresses.
    """

    id: str
    title: str
    sides: tuple[Side, ...]
    glossary: Mapping[str, str]
    disclaimer: str
    manners: Manners
    entries: Mapping[str, Entry]
    refusals: Mapping[str, Refusal]
    exams: tuple[Exam, ...]
    home: str = ""
    names: tuple[str, ...] = ()
    exam_floor: float = 0.0
    exam_wrong: float = 1.0
    guard: Guard | None = None
    origin: Origin = Origin("pack.yml", 1)
    lines: Lines = field(default_factory=dict, compare=False, repr=False)

    def at(self, *spot: str | int) -> Origin:
        """Return where a field of pack.yml stands, such as `at("manners", "welcome")`."""
        return _place(self.origin, self.lines, spot)


@dataclass(frozen=True, slots=True)
class Library:
    """Every pack in use; `version` is a hash of all bytes that were read.

    `off` has a refusal for each pack that lies there but is not in use: its phrasings are that pack's names.
    """

    packs: Mapping[str, Pack]
    version: str
    off: tuple[Refusal, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order of the files."""
        return tuple(entry for pack in self.packs.values() for entry in pack.entries.values())

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """All refusals, in the order of the files."""
        return tuple(refusal for pack in self.packs.values() for refusal in pack.refusals.values())

    def entry(self, key: str) -> Entry | None:
        """Return the entry of that id, the first pack that has it winning."""
        return next((pack.entries[key] for pack in self.packs.values() if key in pack.entries), None)
