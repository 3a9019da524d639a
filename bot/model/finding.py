"""What an examination of the knowledge found: where, what, and how to mend it."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.model.knowledge import Origin

_SENTENCE = re.compile(r"(?P<path>.*?):(?P<line>\d+): (?P<what>.*?)(?:; (?P<cure>.*))?", re.DOTALL)


class Level(StrEnum):
    """Whether something is wrong, or only might be."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect; `what` and `cure` are halves of a sentence for somebody who is no programmer."""

    origin: Origin
    what: str
    cure: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        kind = "warning: " if self.level is Level.WARNING else ""
        return f"{self.origin}: {kind}{self.what}; {self.cure}"


def read_finding(problem: str) -> Finding:
    """Return a problem of a `KnowledgeError`, `file:line: what; cure`, as a finding."""
    found = _SENTENCE.fullmatch(problem)
    if not found:
        return Finding(Origin("", 1), problem, "")
    return Finding(Origin(found["path"], int(found["line"])), found["what"], found["cure"] or "")
