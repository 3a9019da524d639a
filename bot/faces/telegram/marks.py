"""Marks as callback data, below 64 bytes, and back; the letters here are none of `payload`'s own."""

from collections.abc import Callable, Mapping
from re import ASCII, DOTALL
from re import compile as pattern
from typing import assert_never

from bot.faces.telegram.digits import is_number
from bot.model.mark import AlertButton, AlertDeed, Forget, Mark, Meant, Settle, Turn, Vote, Why
from bot.model.record import Settled

LETTERS = {Settled.NOT_OURS: "n", Settled.PHRASING: "p", Settled.DRAFT: "e"}
HOW = {letter: how for how, letter in LETTERS.items()}

_MEANT = pattern(r"(\d{1,10}):(.{0,32})", ASCII | DOTALL)
_SETTLE = pattern(r"([npe])(\d{1,12}):(\d{1,12}):(.{0,32})", ASCII | DOTALL)


def write(mark: Mark) -> str:  # noqa: PLR0911 - one row for each
    """Return what stands for a mark."""
    match mark:
        case Vote(is_up=is_up):
            return "vu" if is_up else "vd"
        case Why():
            return "w"
        case Meant(message=message, entry=entry):
            return f"m{message}:{entry}"
        case Forget(person=person):
            return f"f{person}"
        case Turn(page=page):
            return f"g{page}"
        case Settle(how=how, question=question, last=last, entry=entry):
            return f"x{LETTERS[how]}{question}:{last}:{entry}"
        case AlertButton(deed=deed, alert=alert):
            return f"k{deed}{alert}"
    assert_never(mark)


def _vote(rest: str) -> Mark | None:
    return Vote(is_up=rest == "u") if rest in {"u", "d"} else None


def _why(rest: str) -> Mark | None:
    return None if rest else Why()


def _meant(rest: str) -> Mark | None:
    found = _MEANT.fullmatch(rest)
    return Meant(int(found[1]), found[2]) if found else None


def _forget(rest: str) -> Mark | None:
    return Forget(int(rest)) if is_number(rest, 16) else None


def _turn(rest: str) -> Mark | None:
    return Turn(int(rest)) if is_number(rest, 4) else None


def _settle(rest: str) -> Mark | None:
    found = _SETTLE.fullmatch(rest)
    return Settle(HOW[found[1]], int(found[2]), int(found[3]), found[4]) if found else None


def _alert(rest: str) -> Mark | None:
    deed, number = rest[:1], rest[1:]
    is_known = deed in {*AlertDeed} and is_number(number, 12)
    return AlertButton(AlertDeed(deed), int(number)) if is_known else None


READERS: Mapping[str, Callable[[str], Mark | None]] = {
    "v": _vote,
    "w": _why,
    "m": _meant,
    "f": _forget,
    "g": _turn,
    "x": _settle,
    "k": _alert,
}
