"""What somebody asked just before, so that "and bch?" can be understood; kept in memory only, and not for long."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FORGOTTEN_AFTER = timedelta(minutes=10)
TURNS = 3  # how far a conversation reaches back
ASKERS = 10_000  # beyond this the one who was silent longest is forgotten


@dataclass(slots=True)
class Recent:
    """The latest questions by asker; a key is whatever tells askers apart."""

    turns: OrderedDict[Hashable, tuple[tuple[str, ...], datetime]] = field(default_factory=OrderedDict)

    def earlier(self, asker: Hashable, now: datetime) -> tuple[str, ...]:
        """Return what an asker asked in the last ten minutes, oldest first."""
        asked, at = self.turns.get(asker, ((), now))
        return asked if now - at < FORGOTTEN_AFTER else ()

    def note(self, asker: Hashable, text: str, now: datetime) -> None:
        """Remember a question."""
        self.turns[asker] = ((*self.earlier(asker, now), text)[-TURNS:], now)
        self.turns.move_to_end(asker)
        while len(self.turns) > ASKERS or now - next(iter(self.turns.values()))[1] >= FORGOTTEN_AFTER:
            self.turns.popitem(last=False)

    def forget(self, is_theirs: Callable[[Hashable], bool]) -> None:
        """Forget what somebody asked."""
        for asker in [asker for asker in self.turns if is_theirs(asker)]:
            del self.turns[asker]
