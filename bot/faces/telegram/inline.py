"""Inline mode: short answers for whoever types behind the bot's name in any chat, and the buttons under them."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from telegram import CallbackQuery, ChosenInlineResult, InlineQuery, Update
from telegram.ext import BaseHandler, CallbackQueryHandler, ChosenInlineResultHandler, InlineQueryHandler

from bot.faces.telegram.away import Away
from bot.faces.telegram.digits import is_number
from bot.faces.telegram.face import NEWER, SAME, STALE, Context, Face
from bot.faces.telegram.links import read_answer
from bot.faces.telegram.payload import decode
from bot.journal import Asking
from bot.model.question import Place, Question
from bot.model.record import Spot
from bot.model.reply import Refresh
from bot.model.verdict import Answer, Match, Rule
from bot.offers import WORKED, Offers, Page

REMEMBERED = 10_000  # people whose last query is known


@dataclass(slots=True)
class Newest:
    """The last query of each person: with the next letter, the one before is worth nothing."""

    queries: OrderedDict[int, str] = field(default_factory=OrderedDict)

    def note(self, query: InlineQuery) -> None:
        """Remember a query as its person's last."""
        self.queries[query.from_user.id] = query.id
        self.queries.move_to_end(query.from_user.id)
        while len(self.queries) > REMEMBERED:
            self.queries.popitem(last=False)

    def is_outdated(self, query: InlineQuery) -> bool:
        """Tell whether its person has typed on since."""
        return self.queries.get(query.from_user.id, query.id) != query.id


@dataclass(frozen=True, slots=True)
class Inline:
    """Answers queries one at a time, and of each person only the last; keeps what was chosen, not what was typed."""

    face: Face
    offers: Offers
    away: Away
    newest: Newest = field(default_factory=Newest)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def query(self, update: Update, _: Context) -> None:
        """Answer what somebody is typing, unless they typed on meanwhile."""
        query = update.inline_query
        if query is None:
            return
        self.newest.note(query)
        await asyncio.sleep(0)  # what came together with it is noted before anything is read
        async with self.turn:
            if self.newest.is_outdated(query):
                return
            number = page_of(query.offset)
            page = Page(()) if number is None else await self.offers.page(query.query, number)
        if not self.newest.is_outdated(query):
            await self.away.offer(query.id, page, number or 0)

    async def chosen(self, update: Update, _: Context) -> None:
        """Count an answer that was inserted."""
        chosen = update.chosen_inline_result
        if chosen:
            self._count(chosen, update.update_id)

    def _count(self, chosen: ChosenInlineResult, number: int) -> None:
        shared = read_answer(chosen.result_id.removeprefix(f"{WORKED}-"))
        entry = self.face.pipeline.library.entry(shared.entry) if shared else None
        if entry is None:
            return
        person = chosen.from_user
        question = Question(chosen.query, self.face.pipeline.clock(), Place.INLINE)
        verdict = Answer(entry, Match(entry, 1.0, ""), (), Rule.CHOSEN)
        spot = Spot(person.id, -number)  # no message of ours has a number below zero
        self.face.journal.note(question, verdict, Asking(person.id, person.language_code or "", spot))

    async def press(self, update: Update, _: Context) -> None:
        """Bring the numbers of an inserted answer up to date, in place."""
        query = update.callback_query
        if query is None or query.inline_message_id is None:
            return
        match decode(query.data):
            case Refresh(entry=key) if key:
                await self._refresh(query, query.inline_message_id, key)
            case _:
                await self.face.sender.acknowledge(query, STALE, is_alert=True)

    async def _refresh(self, query: CallbackQuery, message: str, key: str) -> None:
        offer = await self.offers.entry(key)
        if offer is None:
            await self.face.sender.acknowledge(query, STALE, is_alert=True)
            return
        changed = await self.away.replace(message, offer.reply)
        await self.face.sender.acknowledge(query, NEWER if changed else SAME)


def page_of(offset: str) -> int | None:
    """Return the page an offset asks for; None for one that is not ours, so that nobody is sent in circles."""
    if not offset:
        return 0
    return int(offset) if is_number(offset, 3) else None


class InlinePressHandler(CallbackQueryHandler[Context, None]):
    """Takes presses under inserted messages only, whatever their data."""

    def check_update(self, update: object) -> bool | object | None:
        """Tell whether an update is such a press."""
        query = update.callback_query if isinstance(update, Update) else None
        return bool(query and query.inline_message_id)


def inline_handlers(inline: Inline) -> tuple[BaseHandler[Update, Context, None], ...]:
    """Return what is tried for what comes from chats the bot is not in."""
    return (
        InlineQueryHandler(inline.query),
        ChosenInlineResultHandler(inline.chosen),
        InlinePressHandler(inline.press),
    )
