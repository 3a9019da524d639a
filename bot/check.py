"""Examines a library: every phrasing finds its own entry, no phrasing stands twice, the exam is passed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bot.match import Matcher, decide
from bot.model.knowledge import Entry, Exam, Library, Pack, Refusal
from bot.model.question import Place, Question
from bot.model.verdict import Answer, Choice, Match, Refuse, Rule, Silence, Verdict
from bot.text import clean, words

NOON = datetime(2000, 1, 1, 12, tzinfo=UTC)  # what time it is does not matter to an exam


class Mark(StrEnum):
    """How an exam question went."""

    RIGHT = "right"
    OFFERED = "offered"
    DECLINED = "declined"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Graded:
    """One exam question, its mark and what the bot made of it."""

    exam: Exam
    mark: Mark
    got: str


def twins(library: Library) -> Iterator[str]:
    """Name each phrasing that stands in two entries or refusals of a pack."""
    for pack in library.packs.values():
        first: dict[str, Entry | Refusal] = {}
        for target in _targets(pack):
            for phrase in target.ask:
                key = " ".join(words(clean(phrase)))
                owner = first.setdefault(key, target)
                if owner is not target:
                    yield f"{target.origin}: '{phrase}' also stands in '{owner.id}' ({owner.origin}); keep it in one"


def strays(library: Library, matcher: Matcher) -> Iterator[str]:
    """Name each phrasing that another entry would answer."""
    for pack in library.packs.values():
        for target in _targets(pack):
            for phrase in target.ask:
                ranking = matcher.rank(Question(phrase, NOON))
                best = ranking.matches[0].target if ranking.matches else None
                if best is not None and not _same(best, target):
                    yield f"{target.origin}: '{phrase}' leads to '{best.id}', not to '{target.id}'; reword it"


def _targets(pack: Pack) -> Iterable[Entry | Refusal]:
    return (*pack.entries.values(), *pack.refusals.values())


def _same(found: Entry | Refusal, wanted: Entry | Refusal) -> bool:
    if isinstance(found, Entry) and isinstance(wanted, Entry):
        return found.topic == wanted.topic
    return found.id == wanted.id


def grade(pack: Pack, matcher: Matcher) -> list[Graded]:
    """Sit a pack's exam."""
    return [_graded(exam, matcher) for exam in pack.exams]


def _graded(exam: Exam, matcher: Matcher) -> Graded:
    place = Place.PRIVATE if exam.topics or exam.refusal else Place.GROUP
    verdict = decide(matcher.rank(Question(exam.text, NOON, place)))
    return Graded(exam, _mark(exam, verdict), describe(verdict))


def _mark(exam: Exam, verdict: Verdict) -> Mark:
    match verdict:
        case Answer(entry=entry):
            return Mark.RIGHT if entry.topic in exam.topics else Mark.WRONG
        case Choice(options=options):
            return Mark.OFFERED if _offers(options, exam) else Mark.DECLINED
        case Refuse(refusal=refusal, rule=rule):
            is_it = (refusal is not None and refusal.id == exam.refusal) or _is_leak(exam, rule)
            return Mark.RIGHT if is_it else Mark.DECLINED
        case Silence():
            return Mark.DECLINED if exam.topics or exam.refusal else Mark.RIGHT


def _offers(options: tuple[Match, ...], exam: Exam) -> bool:
    return any(isinstance(option.target, Entry) and option.target.topic in exam.topics for option in options)


def _is_leak(exam: Exam, rule: Rule) -> bool:
    return rule is Rule.SECRET and exam.refusal == "leaked-secret"


def describe(verdict: Verdict) -> str:
    """Return a verdict in a few words."""
    match verdict:
        case Answer(entry=entry):
            return entry.id
        case Choice(options=options):
            return f"choice of {', '.join(option.target.id for option in options)}"
        case Refuse(refusal=refusal, rule=rule):
            return f"refusal {refusal.id if refusal else rule.value}"
        case Silence():
            return "silence"


def shortfalls(pack: Pack, graded: list[Graded]) -> Iterator[str]:
    """Say where an exam fell below the pack's own floors."""
    if not graded:
        return
    counts = {mark: sum(one.mark is mark for one in graded) for mark in Mark}
    resolved = (counts[Mark.RIGHT] + counts[Mark.OFFERED]) / len(graded)
    wrong = counts[Mark.WRONG] / len(graded)
    if resolved < pack.exam_floor:
        yield f"{pack.id}: {resolved:.1%} of the exam led where it should, the floor is {pack.exam_floor:.1%}"
    if wrong > pack.exam_wrong:
        yield f"{pack.id}: {wrong:.1%} of the exam was answered wrongly, at most {pack.exam_wrong:.1%} may be"
