"""Questions as JSON lines: one object in, one object out, in order, for scripts and for measuring."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.model.clock import Clock
from bot.model.knowledge import Entry
from bot.model.question import Place, Question
from bot.model.verdict import Answer, Choice, Match, Refuse, Rule, Silence, Verdict, matches_of
from bot.pipeline import Outcome
from bot.reply.terminal import plain

ALTERNATIVES = 3
TOPICS = 5


class Line(BaseModel):
    """One input line; further fields are ignored, so that question files can be fed as they are."""

    model_config = ConfigDict(extra="ignore")

    id: str | int | None = None
    text: str | None = None
    turns: list[str] = Field(default=[])
    place: Place = Place.PRIVATE


@dataclass(frozen=True, slots=True)
class Asked:
    """A question read from a line, with the line's id."""

    id: str | int | None
    question: Question


def read_line(line: str, number: int, clock: Clock) -> Asked:
    """Read one input line.

    Raises:
        ValueError: the line is not such an object; the text says what and where.
    """
    try:
        asked = Line.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "the line"
        raise ValueError(f'line {number}: {where}: {first["msg"].lower()}; expected {{"id", "text"}}') from error
    turns = asked.turns or ([] if asked.text is None else [asked.text])
    if not turns:
        raise ValueError(f'line {number}: neither "text" nor "turns"; give one of them')
    return Asked(asked.id, Question(turns[-1], clock(), asked.place, tuple(turns[:-1])))


def as_object(key: str | int | None, outcome: Outcome) -> dict[str, Any]:
    """Return the outcome of a question as the object that is printed."""
    verdict = outcome.verdict
    matches = matches_of(verdict)
    entries = [match for match in matches if isinstance(match.target, Entry)]
    entry = verdict.entry if isinstance(verdict, Answer) else None
    return {
        "id": key,
        "kind": _kind(verdict),
        "entry": entry.id if entry else None,
        "topic": entry.topic if entry else None,
        "score": round(matches[0].score, 4) if matches else 0.0,
        "topk": _topics(entries),
        "alternatives": [_alternative(match) for match in entries if match.target is not entry][:ALTERNATIVES],
        "refusal": _refusal(verdict),
        "answer_text": plain(outcome.reply) if outcome.reply else "",
        "live": list(entry.live) if entry else [],
    }


def _kind(verdict: Verdict) -> str:
    match verdict:
        case Answer():
            return "answer"
        case Choice():
            return "choice"
        case Refuse():
            return "refusal"
        case Silence():
            return "silence"


def _refusal(verdict: Verdict) -> str | None:
    match verdict:
        case Answer(entry=entry):
            return entry.declines or None
        case Refuse(rule=Rule.SECRET):
            return "leaked-secret"
        case Refuse(refusal=refusal, rule=rule):
            return refusal.id if refusal else rule.value
    return None


def _topics(entries: Iterable[Match]) -> list[str]:
    topics = dict.fromkeys(match.target.topic for match in entries if isinstance(match.target, Entry))
    return list(topics)[:TOPICS]


def _alternative(match: Match) -> dict[str, Any]:
    topic = match.target.topic if isinstance(match.target, Entry) else None
    return {"entry": match.target.id, "topic": topic, "score": round(match.score, 4)}
