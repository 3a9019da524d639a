"""The knowledge in use: an edition is a library with its matcher, the shelf holds the one that is asked now."""

from dataclasses import dataclass
from datetime import datetime

from bot.match import Matcher
from bot.model.knowledge import Library


@dataclass(frozen=True, slots=True)
class Edition:
    """A library and the matcher built from it; never changed, only replaced by another edition."""

    library: Library
    matcher: Matcher
    read_at: datetime

    @property
    def version(self) -> str:
        """A short name for the bytes it was read from."""
        return self.library.version


@dataclass(slots=True)
class Shelf:
    """Holds the edition in use; putting another there is one assignment, and who took the old one keeps it."""

    current: Edition
