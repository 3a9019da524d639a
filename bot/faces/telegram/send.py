"""The one sender: every message leaves here, and every error of Telegram ends here."""

from collections import OrderedDict
from dataclasses import dataclass, field
from html import unescape
from itertools import zip_longest
from re import compile as pattern

import structlog
from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, ReplyParameters
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError, TimedOut

from bot.faces.telegram.intake import thread_of
from bot.faces.telegram.payload import encode
from bot.model.reply import Reply
from bot.reply.telegram_html import render
from bot.reply.terminal import button_title

REMEMBERED = 10_000  # answers whose question may still be edited
NOT_MODIFIED = "message is not modified"
CANNOT_PARSE = "can't parse entities"
NO_THREAD = "message thread not found"

_TAG = pattern(r"<[^>]+>")
_log = structlog.get_logger()

Key = tuple[int, int]


@dataclass(slots=True)
class Sender:
    """Sends, edits and answers; `answers` remembers which messages answer which question."""

    bot: Bot
    answers: OrderedDict[Key, tuple[int, ...]] = field(default_factory=OrderedDict)

    async def answer(self, question: Message, reply: Reply) -> None:
        """Answer a message, quoting it in groups, inside its topic."""
        sent = [await self._send(question, text, keyboard) for text, keyboard in _messages(reply)]
        self._remember((question.chat.id, question.message_id), tuple(number for number in sent if number))

    async def revise(self, question: Message, reply: Reply) -> None:
        """Bring the answer to an edited question up to date; a question that was never answered stays so."""
        key = (question.chat.id, question.message_id)
        before = self.answers.get(key)
        if not before:
            return
        now: list[int] = []
        for number, message in zip_longest(before, _messages(reply)):
            if message is None:
                await self._delete(question.chat.id, number)
            elif number is None:
                now += filter(None, [await self._send(question, *message)])
            else:
                await self._edit(question.chat.id, number, message)
                now.append(number)
        self._remember(key, tuple(now))

    async def replace(self, shown: Message, reply: Reply) -> bool:
        """Show a reply in place of a message of ours; return whether it now reads differently."""
        first, *rest = _messages(reply)
        changed = await self._edit(shown.chat.id, shown.message_id, first)
        for message in rest:
            await self._send(shown, *message)
        return changed

    async def acknowledge(self, query: CallbackQuery, text: str = "", *, is_alert: bool = False) -> None:
        """Answer a press, so that the button stops waiting; one that is too old is let go."""
        try:
            await query.answer(text or None, show_alert=is_alert)
        except TelegramError as error:
            _note("press", error)

    async def _send(self, near: Message, text: str, keyboard: InlineKeyboardMarkup | None) -> int | None:
        """Send one message near another; an outcome that is not known counts as sent."""
        thread = thread_of(near)
        quoted = ReplyParameters(near.message_id, allow_sending_without_reply=True)
        quote = quoted if near.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP} else None
        for attempt in (_Attempt(text, thread), _Attempt(text, None), _Attempt(_bare(text), thread, mode=None)):
            try:
                sent = await self.bot.send_message(
                    near.chat.id,
                    attempt.text,
                    parse_mode=attempt.mode,
                    message_thread_id=attempt.thread,
                    reply_parameters=quote,
                    reply_markup=keyboard,
                )
            except BadRequest as error:
                _note("send", error)
                if not _says(error, CANNOT_PARSE) and not _says(error, NO_THREAD):
                    return None
            except TelegramError as error:
                _note("send", error)
                return None
            else:
                return sent.message_id
        return None

    async def _edit(self, chat: int, number: int, message: tuple[str, InlineKeyboardMarkup | None]) -> bool:
        text, keyboard = message
        try:
            await self.bot.edit_message_text(
                text, chat_id=chat, message_id=number, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        except BadRequest as error:
            if not _says(error, NOT_MODIFIED):
                _note("edit", error)
            return False
        except TelegramError as error:
            _note("edit", error)
            return False
        return True

    async def _delete(self, chat: int, number: int) -> None:
        try:
            await self.bot.delete_message(chat, number)
        except TelegramError as error:
            _note("delete", error)

    def _remember(self, key: Key, sent: tuple[int, ...]) -> None:
        self.answers[key] = sent
        self.answers.move_to_end(key)
        while len(self.answers) > REMEMBERED:
            self.answers.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One way to send a text: as it is, without its topic, or without its markup."""

    text: str
    thread: int | None
    mode: ParseMode | None = ParseMode.HTML


def _says(error: BadRequest, words: str) -> bool:
    return words in error.message.lower()  # the library capitalises what Telegram says


def _bare(html: str) -> str:
    return unescape(_TAG.sub("", html))


def _messages(reply: Reply) -> list[tuple[str, InlineKeyboardMarkup | None]]:
    """Return the messages of a reply; the buttons stand under the last one."""
    texts = render(reply)
    rows = [
        [InlineKeyboardButton(button_title(button), callback_data=encode(button)) for button in row]
        for row in reply.buttons
    ]
    keyboard = InlineKeyboardMarkup(rows) if rows else None
    return [(text, keyboard if number == len(texts) else None) for number, text in enumerate(texts, 1)]


def _note(deed: str, error: TelegramError) -> None:
    """Log what went wrong; a user who blocked the bot, a kick and a late press are no faults of ours."""
    expected = isinstance(error, Forbidden | TimedOut)
    _log.log(20 if expected else 30, f"telegram.{deed}_failed", error=type(error).__name__)
