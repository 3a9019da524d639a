"""Owners' buttons as callback data and back: a version, `o`, a letter for the kind, then its fields between colons."""

from re import ASCII
from re import compile as pattern

from bot.faces.telegram.codec import Codec
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

# A letter stays with its kind for ever.
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
_CODEC: Codec[OwnerButton] = Codec(START, KINDS, pattern(r"\d{1,15}", ASCII))  # more digits would not fit the database


def encode(button: OwnerButton) -> str:
    """Return a button's callback data; an id has at most 32 bytes and a mark 8, so 64 are never reached."""
    return _CODEC.encode(button)


def decode(data: str | None) -> OwnerButton | None:
    """Return the button that callback data stands for; None if it is forged or of another version."""
    return _CODEC.decode(data)
