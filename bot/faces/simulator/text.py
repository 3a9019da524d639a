"""Texts with their entities, as a call brings them."""

from typing import Any

from bot.faces.simulator.entities import JSON, find, merge, trim
from bot.faces.simulator.markup import parse_html
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import bad_request

LONGEST_TEXT = 4096  # UTF-16 units, after parsing
LONGEST_SOURCE = 32768  # bytes, before parsing
MOST_ENTITIES = 100  # the rest is dropped without a word


def formatted(given: Parameters, name: str, entities: str) -> tuple[str, list[JSON]]:
    """Return the text and entities a call brings, parsed and trimmed."""
    source = given.text(name)
    if len(source.encode("utf-8", "surrogatepass")) > LONGEST_SOURCE:
        raise bad_request("text is too long")
    mode = given.text("parse_mode").lower()
    if mode not in {"", "none", "html"}:
        raise bad_request("unsupported parse_mode")
    text, given_entities = parse_html(source) if mode == "html" else (source, _entities(given.parsed(entities)))
    text, given_entities = trim(text, given_entities)
    return text, merge(given_entities, find(text))[:MOST_ENTITIES]


def _entities(given: Any) -> list[JSON]:
    entities = given or []
    if not all(isinstance(one, dict) and {"type", "offset", "length"} <= one.keys() for one in entities):
        raise bad_request("can't parse MessageEntity: type, offset and length must be specified")
    return list(entities)
