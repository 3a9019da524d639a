"""Typed button payloads: a button as at most 64 bytes of callback data, and back."""

from collections.abc import Callable, Mapping
from typing import assert_never

from bot.faces.telegram import marks
from bot.faces.telegram.digits import is_number
from bot.match import read_cost
from bot.model.mark import Mark
from bot.model.money import MOST_PARTS, CostRequest, NotUnderstood, ScriptType
from bot.model.reply import Ask, Browse, Button, Choose, Cost, Draw, Refresh

VERSION = "1"  # raised when a payload changes its meaning; buttons of another version are stale


def encode(button: Button | Mark) -> str:
    """Return a button's callback data; an id has at most 32 bytes, so 64 are never reached."""
    return VERSION + (marks.write(button) if isinstance(button, Mark) else _written(button))


def _written(button: Button) -> str:
    match button:
        case Ask(entry=entry):
            return f"a{entry}"
        case Choose(entry=entry):
            return f"c{entry}"
        case Refresh(entry=entry):
            return f"r{entry}"
        case Browse(page=page):
            return f"b{page}"
        case Draw(stat=stat, hours=hours):
            return f"d{hours}:{stat}"
        case Cost(request=request):
            return f"s{_cost_text(request)}"
    assert_never(button)


def decode(data: str | None) -> Button | Mark | None:
    """Return the button that callback data stands for; None if it is forged or of another version."""
    if not data or not data.startswith(VERSION) or len(data) < len(VERSION) + 1:
        return None
    read = READERS.get(data[1])
    return read(data[2:]) if read else None


def _browse(rest: str) -> Button | None:
    return Browse(int(rest), "") if is_number(rest, 4) else None  # no book has 10,000 pages


def _draw(rest: str) -> Button | None:
    hours, _, stat = rest.partition(":")
    return Draw(stat, int(hours)) if is_number(hours, 5) and stat else None  # ten years have 87,600 hours


def _cost_text(request: CostRequest) -> str:
    shape = f"{request.script}:{request.inputs}:{request.outputs}"
    return f"{shape}:{request.amount.value:f}:{request.amount.currency}" if request.amount else shape


def _cost(rest: str) -> Button | None:
    script, *counts = rest.split(":")[:3]
    if script not in set(ScriptType) or [_is_count(count) for count in counts] != [True, True]:
        return None
    said = rest.split(":")[3:]
    sent = read_cost(" ".join(said)) if said else CostRequest(None)
    if isinstance(sent, NotUnderstood):
        return None
    inputs, outputs = map(int, counts)
    return Cost(CostRequest(sent.amount, ScriptType(script), inputs, outputs), "")


def _is_count(text: str) -> bool:
    return is_number(text, 3) and 1 <= int(text) <= MOST_PARTS


READERS: Mapping[str, Callable[[str], Button | Mark | None]] = {
    **marks.READERS,
    "a": lambda rest: Ask(rest, ""),
    "c": lambda rest: Choose(rest, ""),
    "r": Refresh,
    "b": _browse,
    "d": _draw,
    "s": _cost,
}
