"""Kinds of buttons as callback data and back: a beginning, a letter for the kind, then its fields between colons."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from re import Pattern
from typing import Any, Generic, TypeVar

MOST_BYTES = 64  # as Telegram takes

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Codec(Generic[B]):
    """Writes and reads the buttons of `kinds`; `start` tells them from others, `number` is a whole number.

    Letters are never given to another kind: a button may be pressed years after it was sent. Where it `ends_open`, the
    last field may hold colons. A title is no part of what is written.
    """

    start: str
    kinds: Mapping[str, type[B]]
    number: Pattern[str]
    ends_open: bool = False

    def encode(self, button: B) -> str:
        """Return a button's callback data."""
        letter = next(letter for letter, kind in self.kinds.items() if kind is type(button))
        return self.start + letter + ":".join(str(getattr(button, name)) for name, _ in _shape(type(button)))

    def decode(self, data: str | None) -> B | None:
        """Return the button that callback data stands for; None if it is forged or of another version."""
        if not data or not data.startswith(self.start) or len(data.encode("utf-8", "replace")) > MOST_BYTES:
            return None
        kind = self.kinds.get(data[len(self.start) : len(self.start) + 1])
        if kind is None:
            return None
        shape = _shape(kind)
        parts = data[len(self.start) + 1 :].split(":", len(shape) - 1 if self.ends_open else -1)
        if len(parts) != len(shape):
            return None
        values = {name: self._read(part, is_number) for part, (name, is_number) in zip(parts, shape, strict=True)}
        return None if None in values.values() else kind(**values)

    def _read(self, part: str, is_number: bool) -> Any:
        if not is_number:
            return part
        return int(part) if self.number.fullmatch(part) else None


def _shape(kind: type[Any]) -> list[tuple[str, bool]]:
    """Return the names of what a payload holds, and whether each is a number."""
    return [(field.name, field.type is int) for field in fields(kind) if field.name != "title"]
