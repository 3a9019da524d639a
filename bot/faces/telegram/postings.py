"""Posts for channels, asked for in the private chat: a look at it first, then to the channel, now or by the clock.

Whoever wants to post must be an administrator of the channel who may; that is asked when they say so and again with
every press.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from telegram import Message, Update
from telegram.constants import ChatType
from telegram.ext import filters

from bot.column import read_what
from bot.errors import StoreError
from bot.faces.telegram import post_payload
from bot.faces.telegram.columnist import Columnist, post_of
from bot.faces.telegram.delivery import Address
from bot.faces.telegram.face import Context
from bot.faces.telegram.intake import is_machine, thread_of
from bot.faces.telegram.pace import Urgency
from bot.faces.telegram.rights import MayPost, Rights, is_poster
from bot.faces.telegram.send import Sender
from bot.model.post_buttons import (
    AskWhen,
)
from bot.model.reply import Reply
from bot.model.schedule import Post, read_timing
from bot.reply import posting
from bot.reply.posting import said
from bot.store import Drafts, Schedules

REFUSALS: Mapping[MayPost, str] = {
    MayPost.NO: posting.MAY_NOT,
    MayPost.LOST: posting.LOST_PLACE,
    MayPost.UNKNOWN: posting.UNASKED,
}
UNCHOSEN = 0  # in place of a channel

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Postings:
    """Shows drafts, publishes them, and keeps plans."""

    columnist: Columnist
    rights: Rights
    drafts: Drafts
    schedules: Schedules

    @property
    def sender(self) -> Sender:
        """What answers."""
        return self.columnist.sender

    async def changed(self, update: Update, _: Context) -> None:
        """Note the channels where the bot may post, and who let it."""
        change = update.my_chat_member
        if change is None or change.chat.type != ChatType.CHANNEL:
            return
        try:
            if is_poster(change.new_chat_member):
                await self.drafts.may_post(change.chat.id, change.from_user.id)
            else:
                await self.drafts.may_not_post(change.chat.id)
        except StoreError as error:
            note(error)

    async def post(self, update: Update, context: Context) -> None:
        """Answer `/post …` with how it would look, or with the channels there are."""
        message = update.message
        if message is None or message.from_user is None or is_machine(message):
            return
        what = read_what(" ".join(context.args or ()))
        if what is None:
            await self.sender.answer(message, said(posting.NO_SUCH))
            return
        try:
            await self._begin(message, message.from_user.id, what)
        except StoreError as error:
            await self._fail(message, error)

    async def posts(self, update: Update, _: Context) -> None:
        """Answer `/posts` with one's own plans."""
        message = update.message
        if message is None or message.from_user is None or is_machine(message):
            return
        try:
            await self.sender.answer(message, await self.plans(message.from_user.id))
        except StoreError as error:
            await self._fail(message, error)

    async def take(self, update: Update, _: Context) -> None:
        """Take the times that somebody sends in reply to the question for them."""
        message = update.message
        number = awaited(message) if message else None
        if message is None or message.from_user is None or number is None:
            return
        try:
            reply = await self._planned(message.from_user.id, number, message.text or "")
        except StoreError as error:
            await self._fail(message, error)
        else:
            await self.sender.answer(message, reply)

    async def _begin(self, message: Message, person: int, what: str) -> None:
        known = await self.drafts.channels(person)
        answers = await asyncio.gather(*(self.rights.may_post(channel, person) for channel in known))
        mine = [channel for channel, answer in zip(known, answers, strict=True) if answer is MayPost.YES]
        if not mine:
            await self.sender.answer(message, said(posting.NO_CHANNEL))
        elif len(mine) == 1:
            await self.preview(message, person, mine[0], what)
        else:
            draft = await self.drafts.keep(person, UNCHOSEN, what, Post(()))
            titles = [(channel, await self.rights.title(channel)) for channel in mine]
            await self.sender.answer(message, posting.choose_reply(what, titles, draft))

    async def preview(self, near: Message, person: int, channel: int, what: str) -> None:
        """Show a draft exactly as the channel would get it, and below it what can be done."""
        async with self.sender.working(near):
            column = await self.columnist.column(channel, what)
        if column is None:
            await self.sender.answer(near, said(posting.NOT_MADE))
            return
        post = post_of(column)
        draft = await self.drafts.keep(person, channel, what, post)
        await self.sender.publish(Address(near.chat.id, thread_of(near)), post, Urgency.ANSWER)
        await self.sender.answer(near, posting.control_reply(await self.rights.title(channel), draft))

    async def _planned(self, person: int, number: int, text: str) -> Reply:
        draft = await self.drafts.draft(number, person)
        if draft is None or draft.channel == UNCHOSEN:
            return said(posting.OLD_DRAFT)
        try:
            timing = read_timing(text, await self.zone(person))
        except ValueError as error:
            return said(f"Nothing is planned: {error}.")
        if refusal := REFUSALS.get(await self.rights.may_post(draft.channel, person)):
            return said(refusal)
        if await self.drafts.take(number, person) is None:
            return said(posting.OLD_DRAFT)
        plan = await self.schedules.add(person, draft.channel, draft.what, timing)
        return posting.planned_reply(plan, self._now()) if plan else said(posting.TOO_MANY)

    async def plans(self, person: int) -> Reply:
        """Return somebody's plans as they are now."""
        plans = await self.schedules.of(person)
        channels = dict.fromkeys(plan.channel for plan in plans)
        titles = {channel: await self.rights.title(channel) for channel in channels}
        return posting.plans_reply([(plan, titles[plan.channel]) for plan in plans], self._now())

    async def zone(self, person: int) -> str:
        """Return the time zone somebody set for themselves."""
        return (await self.columnist.house.manners(person, is_group=False)).zone

    def _now(self) -> datetime:
        return self.rights.clock()

    async def _fail(self, message: Message, error: StoreError) -> None:
        note(error)
        await self.sender.answer(message, said(posting.UNSAVED))


def note(error: StoreError) -> None:
    """Log that the database failed."""
    _log.warning("posts.not_kept", error=type(error.__cause__ or error).__name__)


def awaited(message: Message) -> int | None:
    """Return the draft whose times a text is; None where it answers no such question."""
    asked = message.reply_to_message
    keyboard = asked.reply_markup.inline_keyboard if asked and asked.reply_markup else ()
    data = [button.callback_data for row in keyboard for button in row]
    found = [post_payload.decode(one) for one in data if isinstance(one, str)]
    return found[0].draft if len(data) == 1 and found and isinstance(found[0], AskWhen) else None


class AwaitedTimes(filters.MessageFilter):
    """Lets through what is sent in reply to the question for times."""

    def filter(self, message: Message) -> bool:
        """Tell whether a message is such a reply, in a private chat."""
        return message.chat.type == ChatType.PRIVATE and awaited(message) is not None
