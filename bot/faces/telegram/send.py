"""The one sender: every message leaves here, and every error of Telegram ends here."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum, auto
from html import unescape
from itertools import zip_longest
from re import compile as pattern

import structlog
from telegram import (
    Bot,
    CallbackQuery,
    Document,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction, ChatType, ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError, TimedOut

from bot.faces.telegram.intake import thread_of
from bot.faces.telegram.keyboard import Rows, feedback_rows, keyboard, other_rows, rows_of
from bot.model.mark import Marks
from bot.model.reply import Reply
from bot.reply.telegram_html import render

SHOWN = timedelta(seconds=4)  # "typing" is shown for five
REMEMBERED = 10_000  # answers whose question may still be edited
NOT_MODIFIED = "message is not modified"
CANNOT_PARSE = "can't parse entities"
NO_TEXT = "there is no text in the message to edit"
NO_MEDIA = "there is no media in the message to edit"
UNKNOWN = {NetworkError, TimedOut}  # these, not their subclasses, leave open whether a message arrived
TOO_LATE = "query is too old"
NO_THREAD = "message thread not found"

_TAG = pattern(r"<[^>]+>")
_log = structlog.get_logger()

Key = tuple[int, int]


class Edit(Enum):
    """How an edit ended: done, with nothing to change, on a message of another kind, or with another failure."""

    DONE = auto()
    SAME = auto()
    OTHER_KIND = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Content:
    """One message: a text, or a picture with the text as its caption."""

    text: str
    keyboard: InlineKeyboardMarkup | None
    png: bytes = field(default=b"", repr=False)
    mode: ParseMode | None = ParseMode.HTML


@dataclass(slots=True)
class Sender:
    """Sends, edits and answers; `answers` remembers which messages answer which question."""

    bot: Bot
    answers: OrderedDict[Key, tuple[int, ...]] = field(default_factory=OrderedDict)

    async def answer(self, question: Message, reply: Reply, marks: Marks = ()) -> int | None:
        """Answer a message, quoting it in groups, inside its topic; return the message that has the buttons."""
        sent = [await self._send(question, content) for content in _contents(reply, rows_of(reply, marks))]
        self._remember((question.chat.id, question.message_id), tuple(number for number in sent if number))
        return sent[-1]

    async def revise(self, question: Message, reply: Reply, marks: Marks = ()) -> int | None:
        """Bring the answer to an edited question up to date; return the message that has the buttons.

        A question that was never answered stays so.
        """
        key = (question.chat.id, question.message_id)
        before = self.answers.get(key)
        if not before:
            return None
        now: list[int] = []
        for number, content in zip_longest(before, _contents(reply, rows_of(reply, marks))):
            if content is None:
                await self._delete(question.chat.id, number)
            elif number and await self._edit(question.chat.id, number, content) is not Edit.OTHER_KIND:
                now.append(number)
            else:  # a text cannot become a picture, nor the other way round
                if number:
                    await self._delete(question.chat.id, number)
                now += filter(None, [await self._send(question, content)])
        self._remember(key, tuple(now))
        return now[-1] if now else None

    async def replace(self, shown: Message, reply: Reply, marks: Marks = ()) -> bool:
        """Show a reply in place of a message of ours; return whether it now reads differently.

        A row of feedback that stands there stays where the answer stays one message.
        """
        rows = rows_of(reply, marks)
        first, *rest = _contents(reply, rows)
        if bool(first.png) is bool(shown.photo):
            if not rest:
                first = replace(first, keyboard=keyboard((*rows, *feedback_rows(shown.reply_markup))))
            changed = await self._edit(shown.chat.id, shown.message_id, first) is Edit.DONE
        else:
            changed = bool(await self._send(shown, first))
        for content in rest:
            await self._send(shown, content)
        return changed

    async def mark(self, shown: Message, marks: Marks) -> None:
        """Show another row of feedback under a message of ours, which else stays as it is."""
        rows = (*other_rows(shown.reply_markup), *rows_of(Reply(()), marks))
        try:
            await self.bot.edit_message_reply_markup(shown.chat.id, shown.message_id, reply_markup=keyboard(rows))
        except TelegramError as error:
            if not isinstance(error, BadRequest) or not _says(error, NOT_MODIFIED):
                _note("mark", error)

    async def tell(self, person: int, reply: Reply, marks: Marks = ()) -> bool:
        """Write to somebody who did not ask just now; return whether anything of it may have arrived."""
        arrived = False
        for content in _contents(reply, rows_of(reply, marks)):
            try:
                await self.bot.send_message(
                    person, content.text, parse_mode=content.mode, reply_markup=content.keyboard
                )
            except TelegramError as error:
                _note("tell", error)
                if type(error) not in UNKNOWN:
                    return arrived
            arrived = True
        return arrived

    @asynccontextmanager
    async def working(self, near: Message) -> AsyncIterator[None]:
        """Show meanwhile that something is being worked out."""
        task = asyncio.create_task(self._type(near))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _type(self, near: Message) -> None:
        while True:
            try:
                await near.chat.send_action(ChatAction.TYPING)
            except TelegramError as error:
                _note("action", error)
                return
            await asyncio.sleep(SHOWN.total_seconds())

    async def send_file(self, near: Message, name: str, content: bytes, caption: str) -> None:
        """Send a file with a line under it."""
        try:
            await self.bot.send_document(near.chat.id, content, filename=name, caption=caption)
        except TelegramError as error:
            _note("send", error)

    async def fetch(self, document: Document) -> bytes | None:
        """Return what a sent file holds; None if Telegram does not give it."""
        try:
            return bytes(await (await document.get_file()).download_as_bytearray())
        except TelegramError as error:
            _note("fetch", error)
            return None

    async def acknowledge(self, query: CallbackQuery, text: str = "", *, is_alert: bool = False) -> None:
        """Answer a press, so that the button stops waiting; one that is too old is let go."""
        try:
            await query.answer(text or None, show_alert=is_alert)
        except TelegramError as error:
            if isinstance(error, BadRequest) and _says(error, TOO_LATE):
                _log.debug("telegram.press_too_late")
            else:
                _note("press", error)

    async def _send(self, near: Message, content: Content) -> int | None:
        """Send one message near another; an outcome that is not known counts as sent."""
        thread = thread_of(near)
        bare = replace(content, text=_bare(content.text), mode=None)
        for attempt, there in ((content, thread), (content, None), (bare, thread)):
            try:
                return (await self._sent(near, attempt, there)).message_id
            except BadRequest as error:
                _note("send", error)
                if not _says(error, CANNOT_PARSE) and not _says(error, NO_THREAD):
                    return None
            except TelegramError as error:
                _note("send", error)
                return None
        return None

    async def _sent(self, near: Message, content: Content, thread: int | None) -> Message:
        quoted = ReplyParameters(near.message_id, allow_sending_without_reply=True)
        quote = quoted if near.chat.type in {ChatType.GROUP, ChatType.SUPERGROUP} else None
        if content.png:
            return await self.bot.send_photo(
                near.chat.id,
                content.png,
                caption=content.text,
                parse_mode=content.mode,
                message_thread_id=thread,
                reply_parameters=quote,
                reply_markup=content.keyboard,
            )
        return await self.bot.send_message(
            near.chat.id,
            content.text,
            parse_mode=content.mode,
            message_thread_id=thread,
            reply_parameters=quote,
            reply_markup=content.keyboard,
        )

    async def _edit(self, chat: int, number: int, content: Content) -> Edit:
        try:
            if content.png:
                media = InputMediaPhoto(content.png, caption=content.text, parse_mode=content.mode)
                await self.bot.edit_message_media(media, chat, number, reply_markup=content.keyboard)
            else:
                await self.bot.edit_message_text(
                    content.text, chat, number, parse_mode=content.mode, reply_markup=content.keyboard
                )
        except BadRequest as error:
            if _says(error, NOT_MODIFIED):
                return Edit.SAME
            _note("edit", error)
            return Edit.OTHER_KIND if _says(error, NO_TEXT) or _says(error, NO_MEDIA) else Edit.FAILED
        except TelegramError as error:
            _note("edit", error)
            return Edit.FAILED
        return Edit.DONE

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


def _says(error: BadRequest, words: str) -> bool:
    return words in error.message.lower()  # the library capitalises what Telegram says


def _bare(html: str) -> str:
    return unescape(_TAG.sub("", html))


def _contents(reply: Reply, rows: Rows) -> list[Content]:
    """Return the messages of a reply; a picture goes with the first, the buttons stand under the last one."""
    texts = render(reply)
    png = reply.picture.png if reply.picture else b""
    return [
        Content(text, keyboard(rows) if number == len(texts) else None, b"" if number > 1 else png)
        for number, text in enumerate(texts, 1)
    ]


def _note(deed: str, error: TelegramError) -> None:
    """Log what went wrong; a user who blocked the bot, a kick and a late press are no faults of ours."""
    expected = isinstance(error, Forbidden | TimedOut)
    _log.log(20 if expected else 30, f"telegram.{deed}_failed", error=type(error).__name__)
