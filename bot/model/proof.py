"""A proof: what an edit that waits for approval would do, as data."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Diff:
    """What becomes of one entry: its lines, each after `+`, `-` or a space; no entry means what stands between them.

    `kind` is added, changed or removed.
    """

    entry: str
    kind: str
    lines: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A question that leads elsewhere afterwards; `before` and `after` are ids, empty where nobody answers.

    `kind` says whether that is good: lost, stolen, won or moved; `taken_from` is where the question stands.
    """

    kind: str
    question: str
    before: str
    after: str
    taken_from: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How an exam went, in questions."""

    asked: int = 0
    right: int = 0
    offered: int = 0


@dataclass(frozen=True, slots=True)
class Effect:
    """What an edit does to answers; `findings` are the exam's floors that would be broken, a sentence each."""

    shifts: tuple[Shift, ...]
    before: Tally
    after: Tally
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """A proposal by its number, what it does, and until when it can be approved."""

    number: int
    what: str
    file: str
    diffs: tuple[Diff, ...]
    effect: Effect
    expires_at: datetime
