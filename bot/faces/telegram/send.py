"""The one sender: every message leaves here, and every error of Telegram ends here."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import zip_longest
from typing import Any

from telegram import InputMediaPhoto, Message
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.faces.telegram import raw
from bot.faces.telegram.acts import Acts
from bot.faces.telegram.delivery import (
    NO_PREVIEW,
    NOT_MODIFIED,
    Address,
    Chats,
    Content,
    Delivered,
    Delivery,
    NoChats,
    says,
)
from bot.faces.telegram.dialect import Dialect
from bot.faces.telegram.form import CLASSIC, Form, contents, feet_of, near_to
from bot.faces.telegram.keyboard import Rows, feedback_rows, keyboard, other_rows, rows_of
from bot.faces.telegram.links import Links, write_answer
from bot.faces.telegram.outcome import Result
from bot.faces.telegram.pace import Urgency
from bot.faces.telegram.whispers import Whispers
from bot.model.chat_buttons import OpenLink
from bot.model.mark import Marks
from bot.model.reply import Reply
from bot.model.schedule import Post

REMEMBERED = 10_000  # answers whose question may still be edited
OTHER_KIND = ("there is no text in the message to edit", "there is no media in the message to edit")

Key = tuple[int, int]


class Edit(Enum):
    """How an edit ended: done, with nothing to change, on a message of another kind, or with another failure."""

    DONE = auto()
    SAME = auto()
    OTHER_KIND = auto()
    FAILED = auto()


@dataclass(slots=True)
class Sender(Acts):
    """Sends, edits and answers; `answers` remembers which messages answer which question.

    `dialect` is what the server turned out not to understand.
    """

    bot: ExtBot[Any]
    chats: Chats = field(default_factory=NoChats)
    dialect: Dialect = field(default_factory=Dialect)
    answers: OrderedDict[Key, tuple[int, ...]] = field(default_factory=OrderedDict)
    delivery: Delivery = field(init=False)
    whispers: Whispers = field(init=False)

    def __post_init__(self) -> None:
        self.delivery = Delivery(self.bot, self.chats, self.dialect)
        self.whispers = Whispers(self.bot, self.delivery, self.dialect)

    async def answer(self, question: Message, reply: Reply, marks: Marks = (), form: Form = CLASSIC) -> int | None:
        """Answer a message, quoting it in groups, inside its topic; return the message that has the buttons.

        What one person alone sees is none that could be returned.
        """
        if form.only and (whispered := await self.whispers.say(question, reply, form)) is not None:
            if whispered.number:  # everybody sees it after all
                self._remember((question.chat.id, question.message_id), (whispered.number,))
            return whispered.number
        sent: list[int | None] = []
        for content in self._contents(form.instead or reply, self._feet(marks), is_rich=form.is_rich):
            delivered = await self._send(question, content)
            sent.append(delivered.number)
            if not delivered.may_be_there:  # what follows makes no sense alone, and a chat that is gone wants nothing
                break
        self._remember((question.chat.id, question.message_id), tuple(filter(None, sent)))
        return sent[-1]

    async def revise(self, question: Message, reply: Reply, marks: Marks = (), form: Form = CLASSIC) -> int | None:
        """Bring the answer to an edited question up to date; return the message that has the buttons.

        A question that was never answered stays so.
        """
        key = (question.chat.id, question.message_id)
        before = self.answers.get(key)
        if not before:
            return None
        now: list[int] = []
        for number, content in zip_longest(before, self._contents(reply, self._feet(marks), is_rich=form.is_rich)):
            if content is None:
                await self._delete(question.chat.id, number)
            elif number and await self._edit(question.chat.id, number, content) is not Edit.OTHER_KIND:
                now.append(number)
            else:  # a text cannot become a picture, nor the other way round
                if number:
                    await self._delete(question.chat.id, number)
                now += filter(None, [(await self._send(question, content)).number])
        self._remember(key, tuple(now))
        return now[-1] if now else None

    async def replace(self, shown: Message, reply: Reply, marks: Marks = ()) -> bool:
        """Show a reply in place of a message of ours; return whether it now reads differently.

        A row of feedback that stands there stays where the answer stays one message; a rich message stays one.
        """
        if raw.whisper_of(shown):
            return await self.whispers.anew(shown, reply)
        feet, is_rich = self._feet(marks), raw.is_rich(shown)
        first, *rest = self._contents(reply, feet, is_rich=is_rich)
        if bool(first.png) is bool(shown.photo):
            if not rest:
                feet = (*feet, *feedback_rows(shown.reply_markup))
                (first,) = self._contents(reply, feet, is_rich=is_rich)
            changed = await self._edit(shown.chat.id, shown.message_id, first) is Edit.DONE
        else:
            changed = (await self._send(shown, first)).may_be_there
        for content in rest:
            await self._send(shown, content)
        return changed

    async def flatten(self, shown: Message, reply: Reply) -> None:
        """Show a reply as text in place of a rich message; where that cannot become text, a new one takes its place."""
        if raw.whisper_of(shown):
            await self.whispers.anew(shown, reply, is_rich=False)
            return
        first, *rest = self._contents(reply, feedback_rows(shown.reply_markup))
        if await self._edit(shown.chat.id, shown.message_id, first) in {
            Edit.OTHER_KIND,
            Edit.FAILED,
        }:  # it may be done, or not
            if not (await self._send(shown, first)).may_be_there:
                return
            await self._delete(shown.chat.id, shown.message_id)
        for content in rest:
            await self._send(shown, content)

    async def mark(self, shown: Message, marks: Marks) -> None:
        """Show another row of feedback under a message of ours, which else stays as it is."""
        rows = (*other_rows(shown.reply_markup), *self._feet(marks))
        try:
            await self.bot.edit_message_reply_markup(shown.chat.id, shown.message_id, reply_markup=keyboard(rows))
        except TelegramError as error:
            if not says(error, NOT_MODIFIED):
                await self.delivery.failed("mark", error, shown.chat.id)

    async def tell(
        self, person: int | Address, reply: Reply, marks: Marks = (), urgency: Urgency = Urgency.BROADCAST
    ) -> bool:
        """Write to somebody who did not ask just now; return whether anything of it may have arrived."""
        address = person if isinstance(person, Address) else Address(person)
        arrived = False
        for content in self._contents(reply, self._feet(marks)):
            delivered = await self.delivery.deliver(address, content, urgency)
            if not delivered.may_be_there:
                return arrived
            arrived = True
        return arrived

    async def publish(self, to: Address, post: Post, urgency: Urgency) -> tuple[Delivered, ...]:
        """Send a post, up to the first message that is certainly not there; return how each message went."""
        done: list[Delivered] = []
        for content in self._post_contents(post):
            done.append(await self.delivery.deliver(to, content, urgency))
            if not done[-1].may_be_there:
                break
        return tuple(done)

    async def amend(self, channel: int, numbers: Sequence[int], post: Post) -> bool:
        """Bring a post up to date in place; return whether it is as it should be now."""
        contents = self._post_contents(post)
        if len(contents) != len(numbers):  # what is below it in the channel does not move down
            return False
        edits = [await self._edit(channel, number, content) for number, content in zip(numbers, contents, strict=True)]
        return {Edit.DONE, Edit.SAME}.issuperset(edits)

    def _post_contents(self, post: Post) -> list[Content]:
        """Return the messages of a post; below the last one stands where to ask more."""
        link = (OpenLink(Links.of(self.bot).start(write_answer(post.entry)), "Ask me more ›"),)
        rows = rows_of(Reply((), (link,) if post.entry else ()), Links.of(self.bot))
        last = len(post.texts) - 1
        return [
            Content(text, keyboard(rows) if place == last else None, b"" if place else post.png)
            for place, text in enumerate(post.texts)
        ]

    async def withdraw(self, chat: int, number: int) -> None:
        """Delete a message that has had its time; one that is gone, or may not be deleted, is let go."""
        await self._delete(chat, number)

    async def _send(self, near: Message, content: Content) -> Delivered:
        """Send one message near another."""
        return await self.delivery.deliver(near_to(near), content)

    async def _edit(self, chat: int, number: int, content: Content) -> Edit:
        try:
            if content.rich:
                await raw.edit_rich(self.bot, chat, number, content.rich, keyboard=content.keyboard)
            elif content.png:
                media = InputMediaPhoto(content.png, caption=content.text, parse_mode=content.mode)
                await self.bot.edit_message_media(media, chat, number, reply_markup=content.keyboard)
            else:
                await self.bot.edit_message_text(
                    self.dialect.text(content.text),
                    chat,
                    number,
                    parse_mode=content.mode,
                    reply_markup=content.keyboard,
                    link_preview_options=NO_PREVIEW,
                )
        except TelegramError as error:
            if says(error, NOT_MODIFIED):
                return Edit.SAME
            if self.dialect.learns(error):
                return await self._edit(chat, number, content)
            result = await self.delivery.failed("edit", error, chat)
            if content.classic and result is Result.REFUSED:
                self.dialect.misses(error, is_rich=True)
                return await self._edit(chat, number, content.classic)
            return Edit.OTHER_KIND if says(error, OTHER_KIND) else Edit.FAILED
        return Edit.DONE

    async def _delete(self, chat: int, number: int) -> None:
        try:
            await self.bot.delete_message(chat, number)
        except TelegramError as error:
            await self.delivery.failed("delete", error, chat)

    def _contents(self, reply: Reply, feet: Rows, *, is_rich: bool = False) -> list[Content]:
        return contents(reply, Links.of(self.bot), feet, is_rich=is_rich and self.dialect.has_rich)

    def _feet(self, marks: Marks) -> Rows:
        return feet_of(marks, Links.of(self.bot))

    def _remember(self, key: Key, sent: tuple[int, ...]) -> None:
        if not key[1]:  # what one person alone said has no number that is its own
            return
        self.answers[key] = sent
        self.answers.move_to_end(key)
        while len(self.answers) > REMEMBERED:
            self.answers.popitem(last=False)
