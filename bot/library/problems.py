"""Turns pydantic's findings into sentences an admin can act on: file:line, what is wrong, the cure."""

import re
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.library.strict import SHOWN as SHOWN_LONG
from bot.library.strict import Document, Spot, Step
from bot.text import shortened

Model = TypeVar("Model", bound=BaseModel)


_LOGIN = re.compile(r"//[^/\s]*@")  # in an address
SHOWN = 20  # known words that an error lists


def nearest(word: str, known: list[str]) -> str:
    """Return `; did you mean 'x'?` for the known word most like `word`, or the list of known words."""
    close = _close(word, known)
    if close:
        return f"; did you mean '{close[0]}'?"
    more = ", …" if len(known) > SHOWN else ""
    return f"; known are {', '.join(sorted(known)[:SHOWN])}{more}"


def _close(word: str, known: list[str]) -> list[str]:
    return get_close_matches(word, known, n=1, cutoff=0.6)


def read_model(model: type[Model], document: Document, spot: Spot, tree: object) -> tuple[Model | None, list[str]]:
    """Return the checked model, or None and one sentence for each problem."""
    try:
        return model.model_validate(tree), []
    except ValidationError as error:
        return None, [
            f"{document.at((*spot, *_steps(found['loc'])))}: {sentence(found, model, spot)}"
            for found in _told(error, model)
        ]


def _told(error: ValidationError, model: type[BaseModel]) -> list[ErrorDetails]:
    """Return what is to be told: where a field is missing because it is misspelt, that it is misspelt."""
    found = error.errors()
    unknown = [one["loc"] for one in found if one["type"] == "extra_forbidden"]
    meant = {(*loc[:-1], *_close(str(loc[-1]), _fields_at(model, loc))) for loc in unknown}
    return [one for one in found if one["type"] != "missing" or one["loc"] not in meant]


def _steps(loc: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step for step in loc if step != "[key]")


def sentence(error: ErrorDetails, model: type[BaseModel], spot: Spot = ()) -> str:
    """Return one of pydantic's findings, about a model that stands at `spot`, as a sentence with its cure."""
    loc, kind, limits = _steps(error["loc"]), error["type"], error.get("ctx", {})
    name = shortened(str((*spot, *loc)[-1]), SHOWN_LONG) if spot or loc else "this"
    given = shortened(str(error["input"]), SHOWN_LONG)
    where = str(loc[-2]) if len(loc) > 1 and isinstance(loc[-1], int) else name
    sentences = {
        "extra_forbidden": f"'{name}' is not a field" + nearest(name, _fields_at(model, loc)),
        "missing": f"the field '{name}' is missing; add '{name}:' here",
        "string_type": f"'{where}' must be text, not a list or mapping; write it in one line, or indented after '>-'",
        "list_type": f"'{where}' must be a list; start each line with '- '",
        "dict_type": f"'{where}' must be a mapping; write 'name: value' lines",
        "model_type": f"'{name}' must be a mapping; write 'field: value' lines",
        "string_too_short": f"'{where}' is empty; write something or remove it",
        "too_long": f"'{where}' has more than {limits.get('max_length')} items; keep the ones that matter",
        "too_short": f"'{where}' is empty; give at least one",
        "string_too_long": f"'{where}' is longer than {limits.get('max_length')} characters; shorten it",
        "bool_parsing": f"'{given}' does not fit '{where}'; write true or false",
        "path_type": f"'{where}' must be text, not a list or mapping; write the path in one line",
        "int_parsing": f"'{given}' is not a whole number for '{where}'; write one such as 7",
        "float_parsing": f"'{given}' is not a number for '{where}'; write one such as 0.9",
        "literal_error": f"'{where}' must be {limits.get('expected')}; mend '{given}'",
        "enum": f"'{where}' must be {limits.get('expected')}; mend '{given}'",
    }
    if kind in sentences:
        return sentences[kind]
    if kind == "string_pattern_mismatch":
        if _LOGIN.search(str(error["input"])):  # what stands there may be a password
            return f"'{where}' holds a user name; leave it and the password out"
        return f"'{given}' does not fit '{where}'; {PATTERN_CURES.get(where, DEFAULT_CURE)}"
    if kind.startswith("date"):
        return f"'{given}' is not a date for '{where}'; write YYYY-MM-DD"
    if kind == "value_error":
        return error["msg"].removeprefix("Value error, ")
    return f"'{given}' does not fit '{where}'; {error['msg'].lower()}"


DEFAULT_CURE = "write at most 32 lower-case letters, digits and '-'"
PATTERN_CURES = {
    "address": "write a link that starts with https:// and ends with {it}",
    "hash": "write a link that starts with https:// and ends with {it}",
    "url": "it must start with https:// and hold no user name",
    "base_url": "write an address that starts with https:// or http://, for Electrum servers ssl://host:port",
    "base_file_url": "write an address that starts with https:// or http://",
    "listen": "write host:port",
    "published": "write YYYY, YYYY-MM or YYYY-MM-DD",
    "as_of": "write YYYY, YYYY-MM or YYYY-MM-DD",
    "tolerance": "write 10 %, 3 days, or a number in the unit of the statistic",
}


def _fields_at(model: type[BaseModel], loc: Spot) -> list[str]:
    """Return the fields known where an unknown one was found, following nested models."""
    for step in loc[:-1]:
        field = model.model_fields.get(str(step))
        inner = _models_in(field.annotation) if field else []
        model = inner[0] if inner else model
    return list(model.model_fields)


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in getattr(annotation, "__args__", ()) for found in _models_in(part)]
