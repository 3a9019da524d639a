"""What is kept of questions and of what people thought of the answers; texts in here are redacted already."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.question import Place
from bot.model.verdict import Answer, Choice, Refuse, Rule, Silence, Verdict


class Kind(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    ASKED_BACK = "asked back"
    REFUSED = "refused"
    SILENT = "silent"


def kind_of(verdict: Verdict) -> Kind:
    """Return what a verdict makes of a question."""
    match verdict:
        case Answer():
            return Kind.ANSWERED
        case Choice():
            return Kind.ASKED_BACK
        case Refuse():
            return Kind.REFUSED
        case Silence():
            return Kind.SILENT


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an answer stands: the ids of its chat and message."""

    chat: int
    message: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What came near a question: an entry or refusal by its id, its chance from 0 to 1, its nearest phrasing."""

    target: str
    score: float
    phrase: str


@dataclass(frozen=True, slots=True)
class Vector:
    """What a text means, in whole steps, each a signed byte; `version` names the encoder."""

    steps: bytes
    version: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what became of it; `target` is the entry or the refusal, empty where there is none.

    `candidates` are the nearest, best first. `asker` is a user or, for posts on a chat's behalf, a chat.
    """

    text: str
    language: str
    place: Place
    spot: Spot
    asker: int
    kind: Kind
    target: str
    score: float
    rule: Rule
    candidates: tuple[Candidate, ...]
    vector: Vector | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """How a question was decided, as it is kept: enough to say why."""

    kind: Kind
    target: str
    score: float
    rule: Rule
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes on an answer; `own` is that of whoever asks for it: True up, False down, None none."""

    ups: int
    downs: int
    own: bool | None


class Reason(StrEnum):
    """Why a question is a gap in the knowledge."""

    UNANSWERED = "unanswered"
    BARELY = "barely answered"
    DISLIKED = "👎"
    MEANT = "something else was meant"


class Settled(StrEnum):
    """What an owner did about a question."""

    NOT_OURS = "not-ours"
    PHRASING = "phrasing"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Missed:
    """One question that is a gap, or near which one was set aside as not ours (`is_foreign`).

    `asker` tells askers apart and no more; `meant` are entries that askers said they meant, `words` what they typed
    instead.
    """

    id: int
    text: str
    asker: str
    reasons: tuple[Reason, ...]
    target: str
    candidates: tuple[Candidate, ...]
    meant: tuple[str, ...]
    words: tuple[str, ...]
    vector: Vector | None
    is_foreign: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that mean the same; the one that `seed` counts is the first of them, `last` the newest of any gap.

    `wordings` are the usual ones, `others` how many more there are. `entry` is the nearest one, or None.
    """

    seed: int
    last: int
    questions: tuple[int, ...]
    askers: int
    times: int
    reasons: tuple[Reason, ...]
    wordings: tuple[str, ...]
    others: int
    entry: str
    title: str


@dataclass(frozen=True, slots=True)
class Day:
    """How many questions of a day (UTC) became what; `counts` stand in the order of `Kind`."""

    start: datetime
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """Something by name and how often."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How often an entry answered and how its answers were voted on."""

    entry: str
    answers: int
    ups: int
    downs: int


@dataclass(frozen=True, slots=True)
class Insight:
    """What happened between the first and the last of `days`, which are without holes and end with today.

    `languages` are Telegram's language codes, `places` the kinds of chats; `groups` are known by a short mark only.
    """

    days: tuple[Day, ...]
    askers: int
    entries: tuple[Standing, ...]
    languages: tuple[Count, ...]
    places: tuple[Count, ...]
    groups: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """How much there is, or was, of somebody."""

    questions: int
    votes: int
    remarks: int
    settings: int = 0
    alerts: int = 0
    plans: int = 0
