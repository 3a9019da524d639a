"""What answers in JSON-RPC say."""

import json
from collections.abc import Mapping
from typing import Any

from bot.errors import SourceError

UNREADABLE = "gave an answer that cannot be read"
FAULTS: Mapping[int, str] = {-32601: "does not know the method", -28: "is still starting"}


def answer_of(body: bytes) -> dict[str, Any]:
    """Return a JSON object; raises `SourceError` where it is none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SourceError(UNREADABLE) from error
    if not isinstance(answer, dict):
        raise SourceError(UNREADABLE)
    return answer


def result_of(answer: Mapping[str, Any]) -> bytes:
    """Return the `result` of an answer as JSON; raises `SourceError` for an error or another shape."""
    if "result" not in answer and "error" not in answer:
        raise SourceError(UNREADABLE)
    if answer.get("error") is not None:
        fault = answer["error"]
        code = fault.get("code") if isinstance(fault, dict) else None
        raise SourceError(FAULTS.get(code, f"reports error {code}") if isinstance(code, int) else "reports an error")
    return json.dumps(answer.get("result")).encode()
