"""JSON Schemas of the knowledge files, made from the models that read them: editors complete and underline by them.

`python -m bot.library.schema DIR` writes them into a knowledge folder.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.library.fields import EntryFields, ExamFields, PackFields, RefusalFields

FILES: dict[str, Any] = {
    "schema.json": dict[str, EntryFields],
    "refusals.schema.json": dict[str, RefusalFields],
    "pack.schema.json": PackFields,
    "exam.schema.json": ExamFields,
}


def schemas() -> dict[str, str]:
    """Return the text of each schema file by its name."""
    return {
        name: json.dumps(_as_written(TypeAdapter(kind).json_schema()), indent=2, ensure_ascii=False) + "\n"
        for name, kind in FILES.items()
    }


def _as_written(schema: Any) -> Any:
    """Return a schema whose texts may be numbers and truth values too: that is what editors take 2009 and true for."""
    if isinstance(schema, list):
        return [_as_written(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _as_written(part) for key, part in schema.items()}
    is_text = found.get("type") == "string" and not {"enum", "format"} & found.keys()
    return {**found, "type": ["string", "number", "boolean"]} if is_text else found


if __name__ == "__main__":
    for _name, _text in schemas().items():
        (Path(sys.argv[1]) / _name).write_text(_text, "utf-8")
