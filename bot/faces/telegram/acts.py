"""What is done in a chat beside writing: files, quizzes, presses, and showing that something is being worked out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from telegram import CallbackQuery, Document, Message, Poll
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.faces.telegram.delivery import Delivery, note
from bot.faces.telegram.intake import thread_of
from bot.faces.telegram.keyboard import keyboard, rows_of
from bot.faces.telegram.links import Links
from bot.faces.telegram.outcome import Result
from bot.model.quiz import Quiz
from bot.model.reply import AnyButton, Reply

SHOWN = timedelta(seconds=4)  # "typing" is shown for five

Buttons = tuple[tuple[AnyButton, ...], ...]


class Acts:
    """Done by whoever has a bot and a delivery."""

    __slots__ = ()
    bot: ExtBot[Any]
    delivery: Delivery

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
                await near.chat.send_action(ChatAction.TYPING, message_thread_id=thread_of(near))
            except TelegramError as error:
                note("action", error)
                return
            await asyncio.sleep(SHOWN.total_seconds())

    async def send_file(self, near: Message, name: str, content: bytes, caption: str) -> None:
        """Send a file with a line under it."""
        try:
            await self.bot.send_document(
                near.chat.id, content, filename=name, caption=caption, message_thread_id=thread_of(near)
            )
        except TelegramError as error:
            await self.delivery.failed("send", error, near.chat.id)

    async def pose(self, near: Message, quiz: Quiz, buttons: Buttons) -> Result:
        """Pose a quiz as a poll, the button below it leading to the answer; return how that ended."""
        correct: list[Any] = [quiz.correct]  # the library wants literal numbers
        try:
            await self.bot.send_poll(
                near.chat.id,
                quiz.question,
                quiz.options,
                type=Poll.QUIZ,
                correct_option_ids=correct,
                explanation=quiz.explanation,
                message_thread_id=thread_of(near),
                reply_markup=keyboard(rows_of(Reply((), buttons), Links.of(self.bot))),
            )
        except TelegramError as error:
            return await self.delivery.failed("quiz", error, near.chat.id)
        return Result.SENT

    async def fetch(self, document: Document) -> bytes | None:
        """Return what a sent file holds; None if Telegram does not give it."""
        try:
            return bytes(await (await document.get_file()).download_as_bytearray())
        except TelegramError as error:
            note("fetch", error)
            return None

    async def acknowledge(self, query: CallbackQuery, text: str = "", *, is_alert: bool = False) -> None:
        """Answer a press, so that the button stops waiting; one that is too old is let go."""
        try:
            await query.answer(text or None, show_alert=is_alert)
        except TelegramError as error:
            note("press", error)

    async def open(self, query: CallbackQuery, url: str) -> None:
        """Answer a press by opening an address of this bot."""
        try:
            await query.answer(url=url)
        except TelegramError as error:
            note("press", error)
