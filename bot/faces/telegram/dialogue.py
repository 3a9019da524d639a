"""What an owner is in the middle of: one step each, in memory only and not for long."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.library.kinds import AddEntry
from bot.model.clock import Clock

KEPT = timedelta(minutes=30)  # who comes back later has forgotten what was asked


@dataclass(frozen=True, slots=True)
class AwaitQuestion:
    """The next text is a question to be taught."""


@dataclass(frozen=True, slots=True)
class Teaching:
    """A question waits for the entry it leads to."""

    question: str


@dataclass(frozen=True, slots=True)
class AwaitPhrase:
    """The next text is a phrasing of an entry."""

    entry: str


@dataclass(frozen=True, slots=True)
class AwaitValue:
    """The next text is the value of a field."""

    entry: str
    field: str


@dataclass(frozen=True, slots=True)
class Adding:
    """A new entry as far as it is known; the next text is its `awaited` field, or its file is to be picked."""

    draft: AddEntry
    files: tuple[str, ...]
    awaited: str = ""


Step = AwaitQuestion | Teaching | AwaitPhrase | AwaitValue | Adding
TEXTS = AwaitQuestion | AwaitPhrase | AwaitValue | Adding  # steps that the next text belongs to


@dataclass(frozen=True, slots=True)
class Dialogues:
    """The step of each owner who is in the middle of something."""

    clock: Clock
    _steps: dict[int, tuple[Step, datetime]] = field(default_factory=dict)

    def begin(self, owner: int, step: Step) -> None:
        """Go on to a step; what the owner was in the middle of is given up."""
        self._steps[owner] = step, self.clock()

    def step(self, owner: int) -> Step | None:
        """Return the step an owner is in; None if there is none, or it is too old."""
        step, at = self._steps.get(owner, (None, self.clock()))
        return step if self.clock() - at < KEPT else None

    def awaits_text(self, owner: int) -> bool:
        """Tell whether the next text of an owner belongs to a step."""
        step = self.step(owner)
        return isinstance(step, TEXTS) and not (isinstance(step, Adding) and not step.awaited)

    def end(self, owner: int) -> bool:
        """Give up what an owner is in the middle of; return whether there was anything."""
        is_there = self.step(owner) is not None
        self._steps.pop(owner, None)
        return is_there
