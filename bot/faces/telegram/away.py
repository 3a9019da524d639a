"""Sends into chats the bot is not in: what is offered inline, a guest's answer, edits of both. Errors end here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from telegram import Bot, InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.faces.telegram.delivery import NOT_MODIFIED, says
from bot.faces.telegram.dialect import Dialect
from bot.faces.telegram.keyboard import keyboard, rows_of
from bot.faces.telegram.links import Links, write_answer
from bot.model.fingerprint import fingerprint
from bot.model.reply import Reply
from bot.offers import Offer, Page
from bot.reply.telegram_html import render

T = TypeVar("T")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Away:
    """Answers queries, each once; one that is too old is let go."""

    bot: Bot
    dialect: Dialect = field(default_factory=Dialect)

    async def offer(self, query: str, page: Page, number: int) -> bool:
        """Answer an inline query with one page; return whether it was still waited for."""
        return bool(
            await self._tried(
                lambda: self.bot.answer_inline_query(
                    query,
                    [self._article(offer) for offer in page.offers],
                    cache_time=int(page.fresh_for.total_seconds()),
                    is_personal=page.is_warning,  # nothing else depends on who asks
                    next_offset=str(number + 1) if page.has_more else None,  # the library makes "[]" of an empty text
                )
            )
        )

    async def answer_guest(self, query: str, offer: Offer) -> bool:
        """Answer as a guest; return whether that arrived."""
        return bool(await self._tried(lambda: self.bot.answer_guest_query(query, self._article(offer))))

    async def replace(self, inline_message: str, reply: Reply) -> bool:
        """Show a reply in place of an inserted one; return whether it now reads differently."""
        return bool(
            await self._tried(
                lambda: self.bot.edit_message_text(
                    self._text(reply),
                    inline_message_id=inline_message,
                    parse_mode=ParseMode.HTML,
                    reply_markup=keyboard(rows_of(reply, Links.of(self.bot))),
                )
            )
        )

    async def _tried(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Return what a call gives, made anew where its refusal taught the server's dialect; None if it fails."""
        try:
            return await call()
        except BadRequest as error:
            if self.dialect.learns(error):
                return await self._tried(call)
            if not says(error, NOT_MODIFIED):
                _note(error)
        except TelegramError as error:
            _note(error)
        return None

    def _article(self, offer: Offer) -> InlineQueryResultArticle:
        """Return an offer as Telegram lists it; no picture beside it, for none of ours has an address that lasts."""
        return InlineQueryResultArticle(
            name_of(offer),
            offer.title,
            InputTextMessageContent(self._text(offer.reply), ParseMode.HTML),
            keyboard(rows_of(offer.reply, Links.of(self.bot))),
            description=offer.start or None,
        )

    def _text(self, reply: Reply) -> str:
        return self.dialect.text(render(reply)[0])


def name_of(offer: Offer) -> str:
    """Return the id of a result, which says afterwards what was chosen: at most 52 bytes."""
    if offer.entry is None:
        return offer.name
    own = write_answer(offer.entry.id, fingerprint(offer.entry))
    return f"{offer.name}-{own}" if offer.name else own


def _note(error: TelegramError) -> None:
    """Log what went wrong; a query that waited too long is no fault of ours."""
    _log.info("telegram.away_failed", error=type(error).__name__)
