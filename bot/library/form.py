"""Edits as JSON, to be kept until they are approved."""

import json
from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError

from bot.errors import EditError
from bot.library.kinds import AddEntry, AddPhrasing, Edit, RemovePhrasing, ReplaceFile, RetireEntry, SetField

KINDS: dict[str, type[Edit]] = {
    kind.__name__: kind for kind in (AddPhrasing, RemovePhrasing, SetField, AddEntry, RetireEntry, ReplaceFile)
}


def to_json(edit: Edit) -> str:
    """Return an edit as one JSON object."""
    return json.dumps({"kind": type(edit).__name__, "fields": asdict(edit)})


def from_json(text: str) -> Edit:
    """Return the edit that `to_json` wrote.

    Raises:
        EditError: it was written by a program that knew other edits.
    """
    written = json.loads(text)
    kind = KINDS.get(written["kind"])
    try:
        if kind:
            edit: Edit = TypeAdapter(kind).validate_python(written["fields"])
            return edit
    except ValidationError as error:
        raise EditError("this edit was proposed to another version of the program; propose it again") from error
    raise EditError("this edit was proposed to another version of the program; propose it again")
