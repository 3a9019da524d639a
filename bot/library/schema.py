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
        name: json.dumps(TypeAdapter(kind).json_schema(), indent=2, ensure_ascii=False) + "\n"
        for name, kind in FILES.items()
    }


if __name__ == "__main__":
    for _name, _text in schemas().items():
        (Path(sys.argv[1]) / _name).write_text(_text, "utf-8")
