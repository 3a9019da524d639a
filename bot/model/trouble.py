"""What can go wrong with the running bot as a whole, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Trouble(StrEnum):
    """One kind of trouble; its value is its name in health and metrics."""

    POLL = "poll"
    CONFLICT = "conflict"
    WEBHOOK = "webhook"
    TOKEN = "token"  # noqa: S105 - the name of a kind of trouble
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
    """What is wrong right now: who meets trouble says so with `begin`, and with `end` when it is gone."""

    _now: dict[Trouble, str] = field(default_factory=dict)

    def begin(self, trouble: Trouble, detail: str = "") -> None:
        """Note that something is wrong; said again, the latest detail counts."""
        self._now[trouble] = detail

    def end(self, trouble: Trouble) -> None:
        """Note that it works."""
        self._now.pop(trouble, None)

    @property
    def now(self) -> Mapping[Trouble, str]:
        """The troubles of this moment with their details."""
        return dict(self._now)
