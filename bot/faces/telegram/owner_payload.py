"""Owners' buttons as callback data and back: a version, `o`, a letter for the kind, then its fields between colons."""

from dataclasses import fields
from typing import Any

from bot.model.owner_buttons import (
    AddAsk,
    Approve,
    ChangeField,
    Discard,
    DropAsk,
    ListAsks,
    ListFields,
    ListFile,
    ListVersions,
    OpenEntry,
    OwnerButton,
    PickFile,
    RestoreVersion,
    RetireAll,
    ShowVersion,
    SkipField,
    TeachTo,
    Undo,
)

START = "1o"  # the 1 is raised when a kind changes its meaning
DIGITS = 15  # of a number at most; more would not fit the database
MOST_BYTES = 64  # as Telegram takes

# Letters are never given to another kind: a button may be pressed years after it was sent.
KINDS: dict[str, type[OwnerButton]] = {
    "f": ListFile,
    "o": OpenEntry,
    "e": ListFields,
    "c": ChangeField,
    "a": AddAsk,
    "l": ListAsks,
    "d": DropAsk,
    "x": RetireAll,
    "t": TeachTo,
    "k": PickFile,
    "s": SkipField,
    "y": Approve,
    "n": Discard,
    "h": ListVersions,
    "v": ShowVersion,
    "r": RestoreVersion,
    "u": Undo,
}
LETTERS = {kind: letter for letter, kind in KINDS.items()}


def encode(button: OwnerButton) -> str:
    """Return a button's callback data; an id has at most 32 bytes and a mark 8, so 64 are never reached."""
    kind = type(button)
    return START + LETTERS[kind] + ":".join(str(getattr(button, name)) for name, _ in _shape(kind))


def decode(data: str | None) -> OwnerButton | None:
    """Return the button that callback data stands for; None if it is forged or of another version."""
    if not data or not data.startswith(START) or len(data.encode("utf-8", "replace")) > MOST_BYTES:
        return None
    kind = KINDS.get(data[len(START) : len(START) + 1])
    parts = data[len(START) + 1 :].split(":")
    if kind is None or len(parts) != len(_shape(kind)):
        return None
    values = {name: _read(part, is_number) for part, (name, is_number) in zip(parts, _shape(kind), strict=True)}
    return None if None in values.values() else kind(**values)


def _shape(kind: type[OwnerButton]) -> list[tuple[str, bool]]:
    """Return the names of what a payload holds, and whether each is a number."""
    return [(field.name, field.type is int) for field in fields(kind) if field.name != "title"]


def _read(part: str, is_number: bool) -> Any:
    if not is_number:
        return part
    return int(part) if part.isdecimal() and part.isascii() and len(part) <= DIGITS else None
