"""The parameters of one call, read as Telegram reads them: everything arrives as text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.faces.simulator.refusal import bad_request, missing

SPOKEN = {"reply_markup": "reply keyboard markup"}  # names that differ in complaints
TRUE = frozenset({"true", "yes", "1", "t", "y"})


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a call brought: texts by name, and uploaded files by name with what their sender calls them."""

    values: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a text, empty when it was not given."""
        return self.values.get(name, "")

    def required(self, name: str) -> str:
        """Return a text that must be there and not be empty."""
        if value := self.text(name):
            return value
        raise missing(name)

    def number(self, name: str) -> int:
        """Return a whole number, 0 when it was not given or is none."""
        try:
            return int(self.text(name) or 0)
        except ValueError:
            return 0

    def flag(self, name: str) -> bool:
        """Return whether a parameter says yes."""
        return self.text(name).lower() in TRUE

    def parsed(self, name: str) -> Any:
        """Return what a JSON parameter holds, None when it was not given."""
        if not (value := self.text(name)):
            return None
        try:
            return json.loads(value)
        except ValueError:
            words = SPOKEN.get(name, name.replace("_", " "))
            raise bad_request(f"can't parse {words} JSON object") from None
