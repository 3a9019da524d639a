"""Signs of life: when each organ of the running bot last did its work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from time import monotonic


class Organ(Enum):
    """What can fall silent: the long poll, the event loop, the inbox's database, sending, the watch of the files."""

    POLL = auto()
    LOOP = auto()
    INBOX = auto()
    SENDING = auto()
    KNOWLEDGE = auto()


@dataclass(slots=True)
class Vitals:
    """Who works says so with `beat`; who watches asks for `silence`. `now` is in seconds and never jumps."""

    now: Callable[[], float] = monotonic
    _beats: dict[Organ, float] = field(default_factory=dict)

    def beat(self, organ: Organ) -> None:
        """Note that an organ just did its work."""
        self._beats[organ] = self.now()

    def silence(self, organ: Organ) -> timedelta | None:
        """Return how long ago an organ last did its work; None if it never did."""
        last = self._beats.get(organ)
        return None if last is None else timedelta(seconds=self.now() - last)
