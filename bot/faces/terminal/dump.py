"""JSON as one line."""

import json
from typing import Any


def dump(found: dict[str, Any]) -> str:
    """Return an object as one JSON line."""
    return json.dumps(found, ensure_ascii=False)
