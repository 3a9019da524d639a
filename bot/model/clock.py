"""How time comes in: everything that needs the hour asks a `Clock`."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; tests bring their own."""

    def __call__(self) -> datetime:
        """Return the current time, aware and in UTC."""


def utc_now() -> datetime:
    """Return the computer's time, aware and in UTC."""
    return datetime.now(UTC)
