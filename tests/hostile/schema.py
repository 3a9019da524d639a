"""The smallest valid objects of the Bot API, made from its description."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

SIMPLE: Mapping[str, Any] = {"Integer": 7, "String": "x", "Boolean": False, "True": True, "Float": 0.5}
ARRAY = "Array of "
WHEN = 1_795_000_000
USER = {"id": 4_711, "is_bot": False, "first_name": "Ann"}
DEEPEST = 6  # objects in objects; some describe themselves


def value(schema: Schema, types: list[str], depth: int = 0) -> Any:
    """Return the smallest value of the first of several types."""
    name = types[0]
    if name.startswith(ARRAY):
        return [] if depth else [value(schema, [name.removeprefix(ARRAY)], depth + 1)]
    if name in SIMPLE:
        return SIMPLE[name]
    return smallest(schema, name, depth)


def smallest(schema: Schema, name: str, depth: int = 0) -> dict[str, Any]:
    """Return the smallest object of a type: its required fields and nothing else."""
    if name == "User":
        return dict(USER)
    if depth > DEEPEST:
        return {}
    described = schema["types"][name]
    if described.get("subtypes"):
        return smallest(schema, described["subtypes"][0], depth + 1)
    return {
        field: WHEN if field.endswith("date") else one.get("const") or value(schema, one["types"], depth + 1)
        for field, one in described["fields"].items()
        if one["required"]
    }


def updates(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Yield the smallest update of every type."""
    for field, one in schema["types"]["Update"]["fields"].items():
        if field != "update_id":
            yield field, value(schema, one["types"])


def contents(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Yield every field that a message may have beside those that it must, alone."""
    for field, one in schema["types"]["Message"]["fields"].items():
        if not one["required"]:
            yield field, value(schema, one["types"])
