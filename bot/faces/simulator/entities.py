"""Text as Telegram measures it: lengths in UTF-16 units, and the entities it finds by itself."""

import re
from collections.abc import Iterator
from typing import Any

JSON = dict[str, Any]

FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,:;!?)\]}'])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<bot_command>(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@]))"
    r"|(?P<mention>(?<!\w)@[A-Za-z0-9_]{3,32}\b)"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
    r"|(?P<cashtag>(?<!\w)\$[A-Z]{3,8}\b)"
)
MARKS = frozenset("/@#$")
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"})  # nothing is found inside


def units(text: str) -> int:
    """Return the length of a text in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def find(text: str) -> list[JSON]:
    """Return the entities Telegram sees in plain text: commands, mentions, links, tags."""
    return list(_found(text)) if not MARKS.isdisjoint(text) else []


def _found(text: str) -> Iterator[JSON]:
    offset = read = 0
    for match in FOUND.finditer(text):
        offset += units(text[read : match.start()])
        length = units(match.group())
        yield {"type": match.lastgroup, "offset": offset, "length": length}
        offset, read = offset + length, match.end()


def merge(given: list[JSON], found: list[JSON]) -> list[JSON]:
    """Return both lists as one, in order, without what was found inside code, links and the like."""
    opaque = [(one["offset"], one["offset"] + one["length"]) for one in given if one["type"] in OPAQUE]
    free = [one for one in found if not any(_overlaps(one, start, end) for start, end in opaque)]
    return sorted((*given, *free), key=lambda one: (one["offset"], -one["length"]))


def _overlaps(entity: JSON, start: int, end: int) -> bool:
    return bool(entity["offset"] < end and start < entity["offset"] + entity["length"])


def covered(text: str, entity: JSON) -> str:
    """Return the part of a text an entity covers."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    start, length = entity["offset"] * 2, entity["length"] * 2
    return encoded[start : start + length].decode("utf-16-le", "replace")


def trim(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """Return a text as Telegram stores it: without blanks around it, entities moved along."""
    short = text.rstrip()
    first = min((one["offset"] for one in entities), default=len(short))
    cut = min(len(short) - len(short.lstrip(" \n")), first)
    end = units(short)
    return short[cut:], [fitted for one in entities if (fitted := _fit(one, cut, end))]


def _fit(entity: JSON, cut: int, end: int) -> JSON | None:
    length = min(entity["length"], end - entity["offset"])
    return {**entity, "offset": entity["offset"] - cut, "length": length} if length > 0 else None
