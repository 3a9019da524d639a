"""Buttons of the settings panel as callback data and back: a version, a dot, a letter for the kind, then its fields."""

from dataclasses import fields
from re import ASCII
from re import compile as pattern
from typing import Any

from bot.model.chat_buttons import (
    ChatButton,
    ExportSettings,
    ImportSettings,
    OpenPanel,
    OpenSetting,
    ProveIt,
    SetTo,
    UndoSettings,
)

START = "1."  # the 1 is raised when a kind changes its meaning; the dot is no letter of other payloads
MOST_BYTES = 64  # as Telegram takes

# Letters are never given to another kind: a button may be pressed years after it was sent.
KINDS: dict[str, type[ChatButton]] = {
    "p": OpenPanel,
    "o": OpenSetting,
    "s": SetTo,
    "u": UndoSettings,
    "x": ExportSettings,
    "i": ImportSettings,
    "v": ProveIt,
}
LETTERS = {kind: letter for letter, kind in KINDS.items()}
_NUMBER = pattern(r"-?\d{1,16}", ASCII)


def encode(button: ChatButton) -> str:
    """Return a button's callback data; its value comes last, for it may hold colons."""
    kind = type(button)
    return START + LETTERS[kind] + ":".join(str(getattr(button, name)) for name, _ in _shape(kind))


def decode(data: str | None) -> ChatButton | None:
    """Return the button that callback data stands for; None if it is forged or of another version."""
    if not data or not data.startswith(START) or len(data.encode("utf-8", "replace")) > MOST_BYTES:
        return None
    kind = KINDS.get(data[len(START) : len(START) + 1])
    if kind is None:
        return None
    shape = _shape(kind)
    parts = data[len(START) + 1 :].split(":", len(shape) - 1)
    if len(parts) != len(shape):
        return None
    values = {name: _read(part, is_number) for part, (name, is_number) in zip(parts, shape, strict=True)}
    return None if None in values.values() else kind(**values)


def _shape(kind: type[ChatButton]) -> list[tuple[str, bool]]:
    """Return the names of what a payload holds, and whether each is a number."""
    return [(field.name, field.type is int) for field in fields(kind) if field.name != "title"]


def _read(part: str, is_number: bool) -> Any:
    if not is_number:
        return part
    return int(part) if _NUMBER.fullmatch(part) else None
