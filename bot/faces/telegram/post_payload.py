"""Buttons around posts as callback data and back: a version, a mark, a letter for the kind, then numbers."""

from dataclasses import fields
from re import ASCII
from re import compile as pattern
from typing import Any

from bot.model.post_buttons import (
    AskWhen,
    ChooseChannel,
    DropDraft,
    DropPlan,
    PausePlan,
    PostButton,
    Publish,
    ResumePlan,
)

START = "1!"  # the 1 is raised when a kind changes its meaning; the mark is no letter of other payloads

# Letters are never given to another kind: a button may be pressed years after it was sent.
KINDS: dict[str, type[PostButton]] = {
    "c": ChooseChannel,
    "p": Publish,
    "w": AskWhen,
    "n": DropDraft,
    "s": PausePlan,
    "r": ResumePlan,
    "x": DropPlan,
}
LETTERS = {kind: letter for letter, kind in KINDS.items()}
_PAYLOAD = pattern(rf"{START}([a-z])(-?\d{{1,16}}(?::-?\d{{1,9}})?)", ASCII)


def encode(button: PostButton) -> str:
    """Return a button's callback data, which has 30 bytes at most."""
    return START + LETTERS[type(button)] + ":".join(str(getattr(button, name)) for name in _names(type(button)))


def decode(data: str | None) -> PostButton | None:
    """Return the button that callback data stands for; None if it is forged or of another version."""
    found = _PAYLOAD.fullmatch(data or "")
    kind = KINDS.get(found[1]) if found else None
    if found is None or kind is None:
        return None
    names, numbers = _names(kind), found[2].split(":")
    if len(names) != len(numbers):
        return None
    values: dict[str, Any] = {name: int(number) for name, number in zip(names, numbers, strict=True)}
    return kind(**values)


def _names(kind: type[PostButton]) -> list[str]:
    return [field.name for field in fields(kind) if field.name != "title"]
