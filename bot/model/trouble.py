"""What can go wrong with the running bot as a whole, and what is said of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from time import monotonic


class Trouble(StrEnum):
    """One kind of trouble; its value is its name in health and metrics."""

    POLL = "poll"
    CONFLICT = "conflict"
    WEBHOOK = "webhook"
    LOOP = "loop"
    DATABASE = "database"
    DISK = "disk"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Trouble has begun; `detail` is a short phrase without ids or names, or empty."""

    trouble: Trouble
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AllClear:
    """Trouble is over, after so long."""

    trouble: Trouble
    lasted: timedelta


Alert = Alarm | AllClear


@dataclass(slots=True)
class Troubles:
    """What is wrong right now: who meets trouble says so with `begin`, and with `end` when it is gone.

    `now` is in seconds and never jumps, as in `Vitals`.
    """

    now: Callable[[], float] = monotonic
    _known: dict[Trouble, tuple[str, float]] = field(default_factory=dict)

    def begin(self, trouble: Trouble, detail: str = "", *, lasts: timedelta = timedelta.max) -> None:
        """Note that something is wrong; said again, the latest counts.

        Who is told of trouble only, and never of its end, says how long a word of it `lasts`.
        """
        self._known[trouble] = detail, self.now() + lasts.total_seconds()

    def end(self, trouble: Trouble) -> None:
        """Note that it works."""
        self._known.pop(trouble, None)

    @property
    def present(self) -> Mapping[Trouble, str]:
        """The troubles of this moment with their details."""
        now = self.now()
        return {trouble: detail for trouble, (detail, until) in self._known.items() if until > now}
