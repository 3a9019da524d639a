"""Guest mode: called by name in a chat the bot is not in, it answers that one message; nothing of it is kept."""

from dataclasses import dataclass

from telegram import Update
from telegram.ext import BaseHandler, MessageHandler, filters

from bot.faces.telegram.away import Away
from bot.faces.telegram.earshot import pointed_at, said_in
from bot.faces.telegram.face import Context
from bot.faces.telegram.intake import summoned
from bot.model.question import Place
from bot.offers import Offers


@dataclass(frozen=True, slots=True)
class Guest:
    """Answers guest messages, which reach no other handler: no journal, no memory of earlier turns."""

    offers: Offers
    away: Away

    async def answer(self, update: Update, context: Context) -> None:
        """Answer the message that called, or the one it replies to."""
        message = update.guest_message
        text = summoned(message, context.bot) if message else None
        if message is None or text is None or not message.guest_query_id:
            return
        claim = pointed_at(message, text, context.bot)
        offer = await self.offers.answer(said_in(claim) if claim else text, Place.GUEST)
        if offer:
            await self.away.answer_guest(message.guest_query_id, offer)


def guest_handlers(guest: Guest) -> tuple[BaseHandler[Update, Context, None], ...]:
    """Return what is tried for guest messages."""
    return (MessageHandler(filters.UpdateType.GUEST_MESSAGE, guest.answer),)
