"""Examines a library by asking it: every phrasing finds its own entry, the exam is passed, no entry steals from it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from bot.lint import lint, targets
from bot.match import Matcher
from bot.model.finding import Finding, Level
from bot.model.knowledge import Entry, Exam, Library, Pack, Refusal
from bot.model.question import Place, Question
from bot.model.verdict import Answer, Choice, Match, Refuse, Rule, Silence, Verdict
from bot.recall import Judge, judging, read_before

NOON = datetime(2000, 1, 1, 12, tzinfo=UTC)  # what time it is does not matter to an exam
# Of an owner's exam questions and one more, so that one in four is no pattern; what is less, the exam's floors weigh.
STEALS = 0.2


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


@dataclass(frozen=True, slots=True)
class Examined:
    """Everything `check` found: the findings, errors first, and each pack's exam by the pack's id."""

    findings: tuple[Finding, ...]
    exams: Mapping[str, tuple[Graded, ...]]


def examine(library: Library, matcher: Matcher, today: date) -> Examined:
    """Look for everything that can be wrong with a library that loads."""
    judge = judging(matcher)
    exams = {pack.id: tuple(grade(pack, judge)) for pack in library.packs.values()}
    found = [*lint(library, today), *strays(library, matcher)]
    for pack in library.packs.values():
        found += (*thefts(library, exams[pack.id]), *shortfalls(pack, exams[pack.id]))
    return Examined(tuple(sorted(found, key=lambda one: one.level is Level.WARNING)), exams)


def strays(library: Library, matcher: Matcher) -> Iterator[Finding]:
    """Name each phrasing that another entry would answer, or each entry that none of its phrasings finds."""
    known = read_before(matcher)
    for pack in library.packs.values():
        for target in targets(pack):
            leads = [_best(phrase, known) for phrase in target.ask]
            astray = [number for number, best in enumerate(leads) if best is None or not _same(best, target)]
            if len(astray) == len(leads):
                what = f"nobody can reach '{target.id}': none of its phrasings finds it"
                yield Finding(target.origin, what, "reword them, or join it with the entry they lead to")
                continue
            for number in astray:
                best = leads[number]
                where = f"'{best.id}', not to '{target.id}'" if best else "nothing"
                yield Finding(target.at("ask", number), f"'{target.ask[number]}' leads to {where}", "reword it")


def _best(phrase: str, matcher: Matcher) -> Entry | Refusal | None:
    matches = matcher.rank(Question(phrase, NOON)).matches
    return matches[0].target if matches else None


def _same(found: Entry | Refusal, wanted: Entry | Refusal) -> bool:
    if isinstance(found, Entry) and isinstance(wanted, Entry):
        return found.topic == wanted.topic
    return found.id == wanted.id


def thefts(library: Library, graded: Sequence[Graded]) -> Iterator[Finding]:
    """Name each entry, of any pack, that answers many of the exam questions of another, or of a refusal."""
    asked = Counter(owner for one in graded for owner in _owners(one.exam))
    stolen: dict[tuple[str, str], list[Exam]] = {}
    for one in graded:
        for owner in _owners(one.exam) if one.mark is Mark.WRONG else ():
            stolen.setdefault((one.got, owner), []).append(one.exam)
    for (thief, owner), exams in stolen.items():
        entry = library.entry(thief)
        if entry and len(exams) / (asked[owner] + 1) > STEALS:
            such = f"'{exams[0].text}' ({exams[0].origin})"
            what = f"'{thief}' takes {len(exams)} of {asked[owner]} exam questions of '{owner}', such as {such}"
            yield Finding(entry.at("ask"), what, f"narrow its phrasings, or give '{owner}' such words")


def _owners(exam: Exam) -> tuple[str, ...]:
    return exam.topics or (exam.refusal,)


def grade(pack: Pack, judge: Judge) -> list[Graded]:
    """Sit a pack's exam."""
    return [_graded(exam, judge) for exam in pack.exams]


def _graded(exam: Exam, judge: Judge) -> Graded:
    place = Place.PRIVATE if exam.topics or exam.refusal else Place.GROUP
    verdict = judge(Question(exam.text, NOON, place))
    return Graded(exam, mark(exam, verdict), describe(verdict))


def mark(exam: Exam, verdict: Verdict) -> Mark:
    """Return how a verdict does as the answer to an exam question."""
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


def shortfalls(pack: Pack, graded: Sequence[Graded]) -> Iterator[Finding]:
    """Say where an exam fell below the pack's own floors."""
    if not graded:
        return
    counts = {mark: sum(one.mark is mark for one in graded) for mark in Mark}
    resolved = (counts[Mark.RIGHT] + counts[Mark.OFFERED]) / len(graded)
    wrong = counts[Mark.WRONG] / len(graded)
    cure = "see 'check --verbose' for the questions, and reword phrasings near them"
    if resolved < pack.exam_floor:
        what = f"{resolved:.1%} of the exam led where it should, the floor is {pack.exam_floor:.1%}"
        yield Finding(pack.at("exam_floor"), what, cure)
    if wrong > pack.exam_wrong:
        what = f"{wrong:.1%} of the exam was answered wrongly, at most {pack.exam_wrong:.1%} may be"
        yield Finding(pack.at("exam_wrong"), what, cure)
