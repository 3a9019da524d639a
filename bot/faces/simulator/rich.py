"""Rich messages as the server takes them: which parts a bot may use, and how many."""

from collections.abc import Iterable, Iterator
from typing import Any

from bot.faces.simulator.entities import JSON
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import bad_request

LONGEST = 32_768  # characters
MOST_BLOCKS = 500  # with those inside of others and the rows of tables
MOST_COLUMNS = 20
DEEPEST = 16
SOURCES = ("html", "markdown", "blocks")
FOUND = frozenset({"mention", "hashtag", "cashtag", "bot_command", "bank_card_number", "phone_number", "email_address"})
ALIGNED = frozenset({"left", "center", "right"})
RAISED = frozenset({"top", "middle", "bottom"})


def content(given: Parameters) -> JSON:
    """Return the content of a message that a call brings as `rich_message`; only blocks are known here."""
    rich = given.parsed("rich_message")
    if not isinstance(rich, dict):
        raise bad_request("object expected as rich message")
    if len([name for name in SOURCES if name in rich]) != 1:
        raise bad_request("exactly one of the fields html, markdown and blocks must be used")
    blocks = rich.get("blocks", [])
    if not isinstance(blocks, list) or not "".join(words(blocks)).strip():
        raise bad_request("rich message must be non-empty")
    if sum(map(len, words(blocks))) > LONGEST or _count(blocks) > MOST_BLOCKS or _depth(blocks) > DEEPEST:
        raise bad_request("RICH_MESSAGE_TOO_LONG")
    for part in _parts(blocks):
        _check(part)
    return {"rich_message": {"blocks": blocks}}


def text_of(rich: JSON) -> str:
    """Return what a rich message reads like, a line for each text."""
    return "\n".join(words(rich.get("blocks", [])))


def words(part: Any) -> Iterator[str]:
    """Yield the texts of a part of a rich message: one for each cell and paragraph."""
    if isinstance(part, dict):
        for name in ("summary", "blocks", "cells"):
            yield from words(part.get(name, []))
        if "text" in part:
            yield "".join(_letters(part["text"]))
    elif isinstance(part, list):
        for one in part:
            yield from words(one)


def _letters(text: Any) -> Iterator[str]:
    if isinstance(text, str):
        yield text
    elif isinstance(text, list):
        for one in text:
            yield from _letters(one)
    else:
        yield from _letters(text.get("text", ""))


def _parts(part: Any) -> Iterator[JSON]:
    """Yield every object in a part, however deep."""
    if isinstance(part, dict):
        yield part
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _parts(one)


def _check(part: JSON) -> None:
    if part.get("type") in FOUND:
        raise bad_request("RICH_VALIDATE_CTOR_NOT_ALLOWED")
    for row in part.get("cells", ()):
        if len(row) > MOST_COLUMNS:
            raise bad_request("RICH_MESSAGE_TABLE_COLUMNS_TOO_MUCH")
    if "valign" in part and not (part.get("align") in ALIGNED and part["valign"] in RAISED):
        raise bad_request("wrong alignment of a table cell specified")
    if part.get("type") == "heading" and not 1 <= part.get("size", 0) <= 6:  # noqa: PLR2004 - as in HTML
        raise bad_request("wrong size of a heading specified")
    if part.get("type") == "reference_link" and not part.get("reference_name"):
        raise bad_request("reference name must be non-empty")


def _count(blocks: Iterable[JSON]) -> int:
    return sum(1 + _count(block.get("blocks", ())) + len(block.get("cells", ())) for block in blocks)


def _depth(part: Any) -> int:
    if isinstance(part, dict):
        return 1 + max(map(_depth, part.values()), default=0)
    return max(map(_depth, part), default=0) if isinstance(part, list) else 0
