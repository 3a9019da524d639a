"""What an edit does to answers, as lines for people and as JSON."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from bot.changes import Change

NOBODY = "nobody"


def lines(changes: Sequence[Change], asked: int) -> Iterator[str]:
    """Yield a line for each change, under one for each kind, and how many of the questions asked those are."""
    for kind, group in groupby(changes, lambda change: change.kind):
        found = list(group)
        yield f"{kind} ({len(found)}):"
        for one in found:
            exam = one.asked.exam
            way = f"{one.before or NOBODY} -> {one.after or NOBODY}"
            yield f"  {way}: '{exam.text}' ({one.asked.taken_from}, {exam.origin})"
    yield f"{len(changes)} of {asked} questions change their owner"


def as_object(changes: Sequence[Change], asked: int) -> dict[str, Any]:
    """Return the object that is printed."""
    return {"asked": asked, "changes": [_change(one) for one in changes]}


def _change(change: Change) -> dict[str, Any]:
    exam = change.asked.exam
    return {
        "kind": change.kind.value,
        "question": exam.text,
        "from": change.before or None,
        "to": change.after or None,
        "taken_from": change.asked.taken_from.value,
        "wanted": [*exam.topics, *filter(None, [exam.refusal])],
        "at": str(exam.origin),
    }
