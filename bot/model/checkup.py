"""What a look at an installation finds."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How serious it is: only what fails keeps the bot from its work."""

    OK = "ok"
    SKIP = "skip"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: what is so, and the cure where that is not well."""

    name: str
    state: State
    what: str
    cure: str = ""
