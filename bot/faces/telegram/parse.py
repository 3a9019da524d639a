"""Reads updates one by one: what cannot be read costs itself only, and which lane it is in is told before."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeGuard

from telegram import Bot, Update

from bot.model.incoming import Incoming

LARGEST = 2**63 - 1  # what a database's integers hold
TIMELESS = ("/forgetme",)  # commands that are carried out however late they come
ALONE = -(2**62)  # from here down, lanes of what waits for nothing
NOBODY = 0  # the lane of what belongs to no chat and no person

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Poison:
    """An update that the library cannot read; `why` is the error's class, as its words may hold what was written."""

    why: str


def incoming(raw: object, received_at: datetime) -> Incoming | None:
    """Return an update as it is kept; None for what has no id it could be kept by."""
    number = update_id_of(raw)
    if number is None or not isinstance(raw, dict):
        return None
    body = json.dumps(raw, separators=(",", ":")).encode()  # ASCII, so lone surrogates pass
    return Incoming(number, lane_of(raw), body, received_at)


def update_id_of(raw: object) -> int | None:
    """Return the id of an update; None for what has none."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if _is_number(number) and number >= 0 else None


def lane_of(raw: Raw) -> int:
    """Return the chat an update is about, which for a button is the one of its message; else the person; else 0.

    Each inline query has a lane of its own: the next letter typed makes the one before worth nothing.
    """
    number = update_id_of(raw)
    if "inline_query" in raw and number is not None:
        return ALONE - number % -ALONE
    for path in (("chat",), ("message", "chat"), ("from",), ("user",)):
        for content in raw.values():
            if found := _id_at(content, path):
                return found
    return NOBODY


def read_update(body: bytes, bot: Bot) -> Update | Poison:
    """Return an update as the library reads it."""
    try:
        update = Update.de_json(json.loads(body), bot)
    except Exception as error:  # noqa: BLE001 - whatever the library trips over, the next update must not wait for it
        return Poison(type(error).__name__)
    return update


def wants_answer(update: Update) -> bool:
    """Return whether an update waits for an answer, which may come too late; the others are applied at any age."""
    message = update.effective_message
    if update.callback_query or message is None:
        return bool(update.callback_query or update.inline_query)
    text = message.text or message.caption or ""
    is_said = bool(text or message.effective_attachment)  # a group that moved, or a member that left, is no question
    return is_said and not text.startswith(TIMELESS)


def written_at(update: Update) -> datetime | None:
    """Return when a message was written or, for an edit, changed; None where Telegram does not say."""
    message = None if update.callback_query else update.effective_message
    return (message.edit_date or message.date) if message else None


def _id_at(content: object, path: tuple[str, ...]) -> int:
    for step in (*path, "id"):
        content = content.get(step) if isinstance(content, dict) else None
    return content if _is_number(content) else NOBODY


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and -LARGEST <= value <= LARGEST
