"""Answers that one person of a group alone sees: sent, changed and deleted by calls of their own."""

from dataclasses import dataclass, replace
from typing import Any

from telegram import Message
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.faces.telegram import raw
from bot.faces.telegram.delivery import NOT_MODIFIED, Content, Delivered, Delivery, says
from bot.faces.telegram.dialect import Dialect
from bot.faces.telegram.form import Form, contents, near_to, share_rows
from bot.faces.telegram.links import Links
from bot.faces.telegram.outcome import Result
from bot.model.reply import Reply


@dataclass(frozen=True, slots=True)
class Whispers:
    """Whispers to people; that it arrives is not certain, Telegram says."""

    bot: ExtBot[Any]
    delivery: Delivery
    dialect: Dialect

    async def say(self, question: Message, reply: Reply, form: Form) -> Delivered | None:
        """Answer for `form.only` alone; return None where everybody has to see the answer, for nothing is there yet."""
        content = self._content(reply, is_rich=form.is_rich)
        if content is None or not self.dialect.has_whispers:
            return None
        address = replace(near_to(question), only=form.only, heard=raw.whisper_of(question))
        delivered = await self.delivery.deliver(address, content)
        if delivered.number:
            await self._overheard(question.chat.id, delivered.number, reply)
        return None if delivered.result is Result.REFUSED else delivered

    async def anew(self, shown: Message, reply: Reply, *, is_rich: bool = True) -> bool:
        """Show a reply in place of one that was whispered; return whether it now reads differently.

        A rich message stays one, unless it `is_rich` no more.
        """
        content = self._content(reply, is_rich=is_rich and raw.is_rich(shown))
        while content:
            try:
                await raw.edit_whisper(self.bot, shown, self._words(content), content.keyboard)
            except TelegramError as error:
                if says(error, NOT_MODIFIED):
                    return False
                result = await self.delivery.failed("edit", error, shown.chat.id)
                content = content.classic if result is Result.REFUSED else None
            else:
                return True
        return False

    async def forget(self, shown: Message) -> None:
        """Delete what was whispered."""
        try:
            await raw.delete_whisper(self.bot, shown)
        except TelegramError as error:
            await self.delivery.failed("delete", error, shown.chat.id)

    async def _overheard(self, chat: int, number: int, reply: Reply) -> None:
        """Learn that the server whispers nothing: everybody saw it, and there is nothing left to share."""
        self.dialect.misses_whispers()
        content = self._content(reply, is_rich=False, is_shared=True)
        rows = content.keyboard if content else None
        try:
            await self.bot.edit_message_reply_markup(chat, number, reply_markup=rows)
        except TelegramError as error:
            await self.delivery.failed("edit", error, chat)

    def _content(self, reply: Reply, *, is_rich: bool, is_shared: bool = False) -> Content | None:
        """Return the one message of a reply; None for a picture, and for what needs several messages."""
        links = Links.of(self.bot)
        feet = () if is_shared else share_rows(reply, links)
        first, *rest = contents(reply, links, feet, is_rich=is_rich and self.dialect.has_rich)
        return None if rest or first.png else first

    def _words(self, content: Content) -> dict[str, str]:
        return {raw.RICH: content.rich} if content.rich else raw.html(self.dialect.text(content.text))
