"""Sends without the library's objects: what Telegram says of a message that was sent is its number, and no more.

Those objects, made of every message that is returned, take as much time as all the rest of an answer. Everything else
is the library's: its errors, its limiter, its transport.
"""

from functools import lru_cache, partial
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, TelegramObject
from telegram.error import TelegramError
from telegram.ext import ExtBot
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter  # what data is made of has no other name

from bot.faces.telegram.pace import Urgency

JSONDict = dict[str, Any]
NUMBER = "message_id"


async def send(bot: ExtBot[Any], method: str, given: JSONDict, urgency: Urgency | None) -> int | None:
    """Send a message; return its number, None where it has none.

    Raises:
        TelegramError: as for every call, or what came back is no message.
    """
    values = {name: _plain(value) for name, value in given.items() if value is not None}
    brought = RequestData([RequestParameter(name, value, None) for name, value in values.items()])

    call = partial(bot.request.post, f"{bot.base_url}/{method}", brought)
    limiter = bot.rate_limiter
    sent = await (limiter.process_request(call, (), {}, method, values, urgency) if limiter else call())
    if not isinstance(sent, dict) or not isinstance(sent.get(NUMBER), int):
        raise TelegramError("an answer that is none")
    return sent[NUMBER] or None


def keyboard(shown: InlineKeyboardMarkup | None) -> JSONDict:
    """Return a keyboard as a call takes it."""
    if shown is None:
        return {}
    return {"reply_markup": {"inline_keyboard": [[_button(one) for one in row] for row in shown.inline_keyboard]}}


def _button(button: InlineKeyboardButton) -> JSONDict:
    """Return a button as a call takes it; those that come again are kept, and links are most often new."""
    return button.to_dict() if button.url else _kept(button)


@lru_cache(2_048)
def _kept(button: InlineKeyboardButton) -> JSONDict:
    return button.to_dict()


def _plain(value: object) -> object:
    return value.to_dict() if isinstance(value, TelegramObject) else value
