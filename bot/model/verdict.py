"""What the matcher found and what was decided, each with the evidence for it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.knowledge import Entry, Refusal


class Rule(StrEnum):
    """The rule that decided; shown to whoever asks why."""

    SECRET = "secret"  # noqa: S105 - the name of a rule
    EMPTY = "empty"
    UNADDRESSED = "unaddressed"
    ABOVE_THRESHOLD = "above-threshold"
    CLOSE_CALL = "close-call"
    OUT_OF_SCOPE = "out-of-scope"
    ELSEWHERE = "elsewhere"  # it belongs to a pack that is not in use
    NOTHING_NEAR = "nothing-near"
    CHOSEN = "chosen"
    WORKED_OUT = "worked-out"  # a chart or a sum was asked for


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate; `score` is its chance to be right, from 0 to 1, `phrase` the phrasing that comes nearest.

    `letters` and `meaning` are the cosines to that phrasing; without an encoder there is no meaning.
    """

    target: Entry | Refusal
    score: float
    phrase: str
    letters: float = 0.0
    meaning: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The question has one answer: `entry`, found as `best` says."""

    entry: Entry
    best: Match
    others: tuple[Match, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Choice:
    """Two or three entries are near; the asker decides."""

    options: tuple[Match, ...]
    others: tuple[Match, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Refuse:
    """The question is outside; `refusal` names the class, or None where no class is near."""

    refusal: Refusal | None
    score: float
    others: tuple[Match, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is to be said."""

    others: tuple[Match, ...]
    rule: Rule


Verdict = Answer | Choice | Refuse | Silence


def matches_of(verdict: Verdict) -> tuple[Match, ...]:
    """Return the candidates of a verdict, best first."""
    match verdict:
        case Answer(best=best, others=others):
            return (best, *others)
        case Choice(options=options, others=others):
            return (*options, *others)
        case Refuse(others=others) | Silence(others=others):
            return others
