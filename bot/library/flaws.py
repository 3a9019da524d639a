"""Looks at one value of an entry before the rest of it is there."""

from typing import Annotated, Any, cast

from pydantic import TypeAdapter, ValidationError

from bot.library.fields import EntryFields
from bot.library.kinds import Value
from bot.library.problems import sentence


def flaw(field: str, value: Value) -> str:
    """Return why a value does not fit a field of an entry, with the cure; nothing where it does."""
    info = EntryFields.model_fields[field]
    checks: TypeAdapter[Any] = TypeAdapter(cast("Any", Annotated[info.annotation, info]))
    try:
        checks.validate_python(value if isinstance(value, str) else list(value))
    except ValidationError as error:
        found = error.errors()[0]
        found["loc"] = (field, *found["loc"])
        return sentence(found, EntryFields)
    return ""
