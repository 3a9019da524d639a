"""What an edit of the knowledge does to answers: which questions change their owner.

An owner is the entry that answers a question, or the refusal that declines it by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.check import NOON, Mark, mark
from bot.evaluate import read_items
from bot.lint import targets
from bot.model.knowledge import Entry, Exam, Library, Origin, Refusal
from bot.model.question import Question
from bot.model.verdict import Answer, Refuse, Verdict
from bot.recall import Judge


class Kind(StrEnum):
    """What became of a question; the order is that of how much it matters."""

    LOST = "lost"  # it was right, and nobody answers now
    STOLEN = "stolen"  # it was right, and another answers now
    WON = "won"  # it is right now
    MOVED = "moved"  # another answers now, and neither or both are right, or nobody knows


class Taken(StrEnum):
    """Where a question was taken from."""

    EXAM = "exam"
    PHRASING = "phrasing"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what it must lead to, if that is known, and the asker's turns before it."""

    exam: Exam
    taken_from: Taken
    earlier: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether it is known where the question must lead."""
        return bool(self.exam.topics or self.exam.refusal)


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose owner changed: the ids of the owners before and after, empty where nobody answers."""

    kind: Kind
    asked: Asked
    before: str
    after: str

    @property
    def is_loss(self) -> bool:
        """Whether an exam question was right and is so no more."""
        return self.asked.taken_from is Taken.EXAM and self.kind in {Kind.LOST, Kind.STOLEN}


@dataclass(frozen=True, slots=True)
class _Standing:
    owner: str
    is_right: bool


def compared(before: Judge, after: Judge, questions: Sequence[Asked]) -> tuple[Change, ...]:
    """Return every question whose owner changes from the old knowledge to the new one, what matters most first.

    Args:
        before: decides by the old knowledge.
        after: decides by the new one.
        questions: what is asked of both, such as `exams_and_phrasings` and recorded ones.
    """
    found = [change for asked in questions if (change := _change(asked, before, after))]
    return tuple(sorted(found, key=lambda change: list(Kind).index(change.kind)))


def exams_and_phrasings(old: Library, new: Library) -> tuple[Asked, ...]:
    """Return what the libraries themselves ask: both exams, and the phrasings that do not stand in both alike.

    What must come out is what the new library says, where both have the question. A phrasing always leads to its owner,
    which `check` proves, so that those that stay where they were need not be asked. Unaddressed group messages, which
    never get a reply, are left out too.
    """
    was, now = _phrasings(old), _phrasings(new)
    owners = {text: target.id for text, (target, _) in was.items()}
    exams = {text: asked for library in (old, new) for text, asked in _exams(library)}
    moved = {
        text: asked
        for text, (target, asked) in {**was, **now}.items()
        if text not in now or owners.get(text) != target.id
    }
    return (*exams.values(), *(asked for text, asked in moved.items() if text not in exams))


def recorded(path: Path) -> tuple[Asked, ...]:
    """Read real questions from a file of JSON lines of `text` or `turns`, perhaps with the topics to `accept`.

    Raises:
        ConfigError: the file cannot be read, or a line is not a question; the text says file:line.
    """
    found = []
    for number, item in enumerate(read_items(path), 1):
        *earlier, text = item.turns or [item.text]
        exam = Exam(text, tuple(item.accept), "", Origin(str(path), number))
        found.append(Asked(exam, Taken.RECORDED, tuple(earlier)))
    return tuple(found)


def _exams(library: Library) -> Iterator[tuple[str, Asked]]:
    for pack in library.packs.values():
        yield from ((exam.text, Asked(exam, Taken.EXAM)) for exam in pack.exams if exam.topics or exam.refusal)


def _phrasings(library: Library) -> Mapping[str, tuple[Entry | Refusal, Asked]]:
    """Return every phrasing with what it leads to."""
    found: dict[str, tuple[Entry | Refusal, Asked]] = {}
    for pack in library.packs.values():
        for target in targets(pack):
            topics, refusal = ((target.topic,), "") if isinstance(target, Entry) else ((), target.id)
            for number, text in enumerate(target.ask):
                exam = Exam(text, topics, refusal, target.at("ask", number))
                found[text] = target, Asked(exam, Taken.PHRASING)
    return found


def _change(asked: Asked, before: Judge, after: Judge) -> Change | None:
    was, now = (_standing(asked, judge) for judge in (before, after))
    return None if was == now else Change(_kind(asked, was, now), asked, was.owner, now.owner)


def _kind(asked: Asked, was: _Standing, now: _Standing) -> Kind:
    if was.is_right == now.is_right:
        return Kind.MOVED
    if now.is_right:
        return Kind.WON
    return Kind.STOLEN if now.owner and asked.is_known else Kind.LOST


def _standing(asked: Asked, judge: Judge) -> _Standing:
    verdict = judge(Question(asked.exam.text, NOON, earlier=asked.earlier))
    owner = _owner(verdict)
    return _Standing(owner, mark(asked.exam, verdict) is Mark.RIGHT if asked.is_known else bool(owner))


def _owner(verdict: Verdict) -> str:
    match verdict:
        case Answer(entry=entry):
            return entry.id
        case Refuse(refusal=refusal) if refusal:
            return refusal.id
    return ""
