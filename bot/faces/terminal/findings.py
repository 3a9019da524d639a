"""What `check` found, as lines for people and as JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.check import Examined, Graded, Mark
from bot.model.finding import Finding
from bot.model.knowledge import Library


def lines(library: Library, examined: Examined, *, is_verbose: bool) -> Iterator[str]:
    """Yield how each exam went, perhaps with each question that went wrong, and then the findings."""
    for pack in library.packs.values():
        graded = examined.exams[pack.id]
        marks = ", ".join(f"{count} {mark}" for mark, count in counts(graded).items())
        yield f"{pack.id}: {len(pack.entries)} entries, {len(pack.refusals)} refusals; exam of {len(graded)}: {marks}"
        for one in graded if is_verbose else ():
            if one.mark is not Mark.RIGHT:
                yield f"  {one.exam.origin}: {one.mark}: '{one.exam.text}' got {one.got}"
    yield from map(str, examined.findings)


def as_object(library: Library, examined: Examined) -> dict[str, Any]:
    """Return the object that is printed: the findings, and each pack with how its exam went."""
    packs = {
        pack.id: {
            "entries": len(pack.entries),
            "refusals": len(pack.refusals),
            "exam": {"asked": len(examined.exams[pack.id]), **counts(examined.exams[pack.id])},
        }
        for pack in library.packs.values()
    }
    return {"findings": findings_as_objects(examined.findings), "packs": packs}


def findings_as_objects(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return each finding with its place, what is wrong, how to mend it, and how bad it is."""
    return [
        {
            "file": one.origin.path,
            "line": one.origin.line,
            "what": one.what,
            "cure": one.cure,
            "level": one.level.value,
        }
        for one in findings
    ]


def counts(graded: Sequence[Graded]) -> dict[str, int]:
    """Return how many exam questions got each mark."""
    return {mark.value: sum(one.mark is mark for one in graded) for mark in Mark}
