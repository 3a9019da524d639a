"""A second, independent reading of the Bot API: every call again, through the models of another library."""

import json
from collections.abc import Iterable
from typing import Any, get_args

from aiogram import methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputFile
from pydantic import ValidationError

from bot.faces.simulator.world import Call


class Attached(InputFile):
    """An uploaded file, of which only that it is there matters."""

    def __init__(self) -> None:
        super().__init__("file")

    async def read(self, bot: object) -> Any:
        yield b""


def objections(calls: Iterable[Call]) -> list[str]:
    """Return what the models say against calls, with the method; nothing if all are well."""
    return [said for call in calls for said in _objections(call)]


def _objections(call: Call) -> list[str]:
    model: type[TelegramMethod[Any]] | None = getattr(methods, call.method[:1].upper() + call.method[1:], None)
    if model is None:
        return [f"{call.method}: no such method"]
    given = {name: _value(text, model, name) for name, text in call.parameters.items()}
    given |= {name: Attached() for name in call.files if name in model.model_fields}
    given = {name: Attached() if _is_attached(value) else value for name, value in given.items()}
    unknown = [f"{call.method}: {name} is unknown" for name in given if name not in model.model_fields]
    try:
        found = model.model_validate(given)
    except ValidationError as error:
        return [*unknown, *(f"{call.method}: {one['loc']} {one['msg']}" for one in error.errors())]
    return unknown + [f"{call.method}: {where} is unknown" for where in _extras(found)]


def _is_attached(value: object) -> bool:
    return isinstance(value, str) and value.startswith("attach://")


def _value(text: str, model: type[TelegramMethod[Any]], name: str) -> object:
    """Return a parameter as it is meant: texts as they are, everything else from its JSON."""
    kind = model.model_fields[name].annotation if name in model.model_fields else str
    if str in (kind, *get_args(kind)):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _extras(found: Any, where: str = "") -> Iterable[str]:
    """Yield fields that a model took though it does not know them, however deep."""
    if isinstance(found, list | tuple):
        for number, one in enumerate(found):
            yield from _extras(one, f"{where}[{number}]")
    elif hasattr(found, "model_fields_set"):
        yield from (f"{where}.{name}" for name in (found.model_extra or {}))
        for name in found.model_fields_set:
            yield from _extras(getattr(found, name, None), f"{where}.{name}")
