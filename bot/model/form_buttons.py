"""Buttons about the form of an answer; `entry` is whose answer it is, none is that of all statistics."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plainly:
    """Shows an answer as text instead of tables, now and from now on."""

    entry: str
    title: str = "My app can't show this"


@dataclass(frozen=True, slots=True)
class Publish:
    """Shows to a whole group an answer that only the one who asked has seen."""

    entry: str
    title: str = "Share to group"


FormButton = Plainly | Publish
