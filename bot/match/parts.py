"""Messages that ask two things at once."""

import re

LEAST = 3  # words of a part that can be a question of its own

_ENDS = re.compile(r"(?<=[?!])\s+|\n+")


def parts(text: str) -> tuple[str, ...]:
    """Return the two questions of a message that has exactly two, else the message as it is."""
    found = [part.strip() for part in _ENDS.split(text) if part.strip()]
    both = len(found) == 2 and all(len(part.split()) >= LEAST for part in found)  # noqa: PLR2004 - two questions
    return tuple(found) if both else (text,)
