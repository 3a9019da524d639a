"""Typed button payloads: a button as at most 64 bytes of callback data, and back."""

from typing import assert_never

from bot.model.reply import Ask, Browse, Button, Choose, Refresh

VERSION = "1"  # raised when a payload changes its meaning; buttons of another version are stale


def encode(button: Button) -> str:
    """Return a button's callback data; an id has at most 32 bytes, so 64 are never reached."""
    match button:
        case Ask(entry=entry):
            return f"{VERSION}a{entry}"
        case Choose(entry=entry):
            return f"{VERSION}c{entry}"
        case Refresh(entry=entry):
            return f"{VERSION}r{entry}"
        case Browse(page=page):
            return f"{VERSION}b{page}"
    assert_never(button)


def decode(data: str | None) -> Button | None:
    """Return the button that callback data stands for; None if it is forged or of another version."""
    if not data or not data.startswith(VERSION) or len(data) < len(VERSION) + 1:
        return None
    tag, rest = data[1], data[2:]
    match tag:
        case "a":
            return Ask(rest, "")
        case "c":
            return Choose(rest, "")
        case "r":
            return Refresh(rest)
        case "b" if rest.isdecimal() and rest.isascii() and len(rest) < 5:  # noqa: PLR2004 - no book has 10,000 pages
            return Browse(int(rest), "")
    return None
