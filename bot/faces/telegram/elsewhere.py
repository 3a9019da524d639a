"""What is heard from chats the bot is not in: inline queries and what comes of them, and calls as a guest."""

from typing import Any

from telegram.ext import BaseHandler

from bot.faces.telegram.away import Away
from bot.faces.telegram.face import Context, Face
from bot.faces.telegram.guest import Guest, guest_handlers
from bot.faces.telegram.inline import Inline, inline_handlers
from bot.offers import Offers


def handlers_elsewhere(face: Face) -> tuple[BaseHandler[Any, Context, Any], ...]:
    """Return what is tried before everything else, so that nothing of it reaches what answers in our own chats."""
    offers, away = Offers(face.pipeline, face.journal), Away(face.sender.bot, face.sender.dialect)
    return (*inline_handlers(Inline(face, offers, away)), *guest_handlers(Guest(offers, away)))
