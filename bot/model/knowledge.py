"""The curated knowledge as the program holds it: immutable, typed, with the place every piece came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands in a file; `line` counts from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer; everything but `ask` and `verdict` may be empty.

    `declines` names the class of question this entry answers by kindly declining (no advice, say).
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


@dataclass(frozen=True, slots=True)
class Refusal:
    """A named class of messages that are not answered, its wording and the nearest real entries.

    A `quiet` class gets no reply at all in a group, even where the bot was addressed.
    """

    id: str
    pack: str
    title: str
    ask: tuple[str, ...]
    say: str
    origin: Origin
    see: tuple[str, ...] = ()
    quiet: bool = False


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
    privacy: str = "I store no messages."


@dataclass(frozen=True, slots=True)
class Pack:
    """One curated FAQ: its sides, wording, entries, refusals and exam.

    `home` is the entry that gives the overview. `names` are what its subject is surely called. `glossary` maps what
    people write to the pack's own word. `exam_floor` is the share of the exam that must be resolved, `exam_wrong` the
    share that may be answered wrongly.
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
