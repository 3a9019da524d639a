"""What the library has no words for yet: rich messages, and messages that one person of a group alone sees.

Such a private message has the number 0 and an `ephemeral_message_id` instead.
"""

from typing import Any

from telegram import Bot, InlineKeyboardMarkup, Message
from telegram.constants import ParseMode
from telegram.ext import ExtBot

RICH, ONLY = "rich_message", "ephemeral_message_parameters"
NUMBER, RECEIVER = "ephemeral_message_id", "receiver_user"

Given = dict[str, Any]


def is_rich(message: Message) -> bool:
    """Tell whether a message is a rich one."""
    return RICH in message.api_kwargs


def whisper_of(message: Message) -> int | None:
    """Return the number of a message that one person alone sees; None of all others."""
    number = message.api_kwargs.get(NUMBER)
    return number if isinstance(number, int) else None


def receiver_of(message: Message) -> int | None:
    """Return who alone sees a message of ours."""
    receiver = message.api_kwargs.get(RECEIVER)
    return receiver.get("id") if isinstance(receiver, dict) else None


def only_for(person: int) -> Given:
    """Return what shows a message to one person alone."""
    return {ONLY: {"receiver_user_id": person}}


async def send_rich(bot: ExtBot[Any], chat: int, rich: str, urgency: Any, **given: Any) -> Message:
    """Send a rich message, which is JSON.

    Raises:
        TelegramError: as for every call; `EndPointNotFound` where the server does not know them.
    """
    given = {"chat_id": chat, RICH: rich, **{name: value for name, value in given.items() if value is not None}}
    sent = await bot.do_api_request("sendRichMessage", given, return_type=Message, rate_limit_args=urgency)
    assert isinstance(sent, Message)  # noqa: S101 - what was asked for
    return sent


async def edit_rich(bot: Bot, chat: int, number: int, rich: str, *, keyboard: InlineKeyboardMarkup | None) -> None:
    """Change a text or a rich message into a rich one.

    Raises:
        TelegramError: as for every call.
    """
    instead: Given = {RICH: rich, "text": None, "link_preview_options": None}
    await bot.edit_message_text("", chat, number, reply_markup=keyboard, api_kwargs=instead)


async def edit_whisper(bot: Bot, shown: Message, text: Given, keyboard: InlineKeyboardMarkup | None) -> None:
    """Change what one person alone sees; `text` is a text with its mode, or a rich message.

    Raises:
        TelegramError: as for every call.
    """
    given = {**_spot(shown), "reply_markup": keyboard, **text}
    await bot.do_api_request(
        "editEphemeralMessageText", {name: value for name, value in given.items() if value is not None}
    )


async def delete_whisper(bot: Bot, shown: Message) -> None:
    """Delete what one person alone sees.

    Raises:
        TelegramError: as for every call.
    """
    await bot.do_api_request("deleteEphemeralMessage", _spot(shown))


def _spot(shown: Message) -> Given:
    return {"chat_id": shown.chat.id, "receiver_user_id": receiver_of(shown), NUMBER: whisper_of(shown)}


def html(text: str) -> Given:
    """Return a text as a call takes it."""
    return {"text": text, "parse_mode": ParseMode.HTML.value}
