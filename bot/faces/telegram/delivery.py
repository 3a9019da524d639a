"""How one message gets to its chat: what Telegram refuses is mended once where it can be, and else let go."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from html import unescape
from re import compile as pattern
from typing import Any, Protocol

import structlog
from telegram import InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError
from telegram.ext import ExtBot

from bot.faces.telegram import raw, wire
from bot.faces.telegram.dialect import Dialect
from bot.faces.telegram.outcome import Result, result_of
from bot.faces.telegram.pace import Urgency

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
PLAIN = {"link_preview_options": NO_PREVIEW.to_dict()}
CANNOT_PARSE = ("can't parse entities",)
NO_THREAD = ("message thread not found", "topic_deleted")
NO_QUESTION = ("message to be replied not found", "replied message not found")
NOT_MODIFIED = ("message is not modified",)
NO_PICTURES = ("not enough rights to send photos",)
TOO_LATE = ("query is too old", "query id is invalid")

TRIES = 5  # each mending once, and the first try
MOVES = 1_000  # groups that became supergroups, remembered until everybody writes to the new one

_TAG = pattern(r"<[^>]+>")
_log = structlog.get_logger()


class Chats(Protocol):
    """Who keeps what belongs to chats."""

    async def moved(self, old: int, new: int) -> None:
        """Take what belongs to a group to the supergroup it became."""

    async def gone(self, chat: int) -> None:
        """Send nothing there by ourselves any more: the bot is blocked, or was put out."""


class NoChats:
    """Keeps nothing."""

    async def moved(self, old: int, new: int) -> None:
        """Do nothing."""

    async def gone(self, chat: int) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Several:
    """Several who keep something, each told in turn."""

    all: tuple[Chats, ...]

    async def moved(self, old: int, new: int) -> None:
        """Tell each."""
        for chats in self.all:
            await chats.moved(old, new)

    async def gone(self, chat: int) -> None:
        """Tell each."""
        for chats in self.all:
            await chats.gone(chat)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a chat, a topic in it, a message to quote.

    With `only` that person alone sees it; `heard` is the message that only they and the bot see, and that it answers.
    """

    chat: int
    thread: int | None = None
    quoted: int | None = None
    only: int | None = None
    heard: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """One message: a text, or a picture with the text as its caption.

    A `rich` one, which is JSON, has no text; `classic` is what is said instead where it is refused.
    """

    text: str
    keyboard: InlineKeyboardMarkup | None
    png: bytes = field(default=b"", repr=False)
    mode: ParseMode | None = ParseMode.HTML
    rich: str = ""
    classic: "Content | None" = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """How it went, and the number of the message where that is known and it has one."""

    result: Result
    number: int | None = None

    @property
    def may_be_there(self) -> bool:
        """Return whether the message is there, or may be."""
        return self.result in {Result.SENT, Result.UNKNOWN}


async def unnoticed(_: int, __: TelegramError) -> None:
    """Care for nothing more than the log does."""


@dataclass(slots=True)
class Delivery:
    """Delivers messages; `chats` hears of those that moved and those that are gone, `dialect` of what is refused."""

    bot: ExtBot[Any]
    chats: Chats = field(default_factory=NoChats)
    dialect: Dialect = field(default_factory=Dialect)
    noticed: Callable[[int, TelegramError], Awaitable[None]] = unnoticed  # what kept something from a chat
    _moves: OrderedDict[int, int] = field(default_factory=OrderedDict)

    async def deliver(self, address: Address, content: Content, urgency: Urgency = Urgency.ANSWER) -> Delivered:
        """Send one message; one whose outcome is not known counts as sent."""
        if address.chat in self._moves:
            address = replace(address, chat=self._moves[address.chat])
        result = Result.REFUSED
        for _ in range(TRIES):
            try:
                return Delivered(Result.SENT, await self._post(address, content, urgency))
            except TelegramError as error:
                if self.dialect.learns(error):
                    continue
                self.dialect.misses(error, is_rich=bool(content.rich), is_whisper=bool(address.only))
                result = await self.failed("send", error, address.chat)
                mended = _mended(error, address, content)
            if mended == (address, content):
                break
            address, content = mended
        return Delivered(result)

    async def failed(self, deed: str, error: TelegramError, chat: int) -> Result:
        """Log what went wrong in a chat, pass on what it says of the chat, and return how it ended."""
        note(deed, error)
        await self.noticed(chat, error)
        result = result_of(error)
        if isinstance(error, ChatMigrated):
            self._moves[chat] = error.new_chat_id
            while len(self._moves) > MOVES:
                self._moves.popitem(last=False)
            await self.chats.moved(chat, error.new_chat_id)
        elif result is Result.GONE:
            await self.chats.gone(chat)
        return result

    async def _post(self, address: Address, content: Content, urgency: Urgency) -> int | None:
        """Send one message; return its number, None where it has none."""
        pace = None if urgency is Urgency.ANSWER else urgency
        only = raw.only_for(address.only) if address.only else {}
        where: dict[str, Any] = {"message_thread_id": address.thread, "reply_parameters": _quote(address)}
        if not content.rich and not content.png:
            text = self.dialect.text(content.text) if content.mode else content.text
            said = {"chat_id": address.chat, "text": text, "parse_mode": content.mode, **PLAIN, **only}
            return await wire.send(self.bot, "sendMessage", where | said | wire.keyboard(content.keyboard), pace)
        where["reply_markup"] = content.keyboard
        if content.rich:
            sent = await raw.send_rich(self.bot, address.chat, content.rich, pace, **where, **only)
        else:
            how: dict[str, Any] = {"parse_mode": content.mode, "rate_limit_args": pace, "api_kwargs": only}
            sent = await self.bot.send_photo(address.chat, content.png, caption=content.text, **where, **how)
        return sent.message_id or None


def _quote(address: Address) -> ReplyParameters | None:
    """Return what is answered; a private message has a number of another kind."""
    if address.heard:
        return ReplyParameters(None, api_kwargs={raw.NUMBER: address.heard})  # type: ignore[arg-type]  # not both
    return ReplyParameters(address.quoted, allow_sending_without_reply=not address.only) if address.quoted else None


def _mended(error: TelegramError, address: Address, content: Content) -> tuple[Address, Content]:  # noqa: PLR0911 - one row for each
    """Return what is worth another try, the same if nothing is; never in another chat than the one it was for."""
    if isinstance(error, ChatMigrated):  # numbers of messages and topics do not move along
        return Address(error.new_chat_id, only=address.only), content
    if says(error, CANNOT_PARSE) and content.mode:
        return address, replace(content, text=unescape(_TAG.sub("", content.text)), mode=None)
    if says(error, NO_THREAD):
        return replace(address, thread=None), content
    if says(error, NO_QUESTION):
        return replace(address, quoted=None), content
    if says(error, NO_PICTURES):
        return address, replace(content, png=b"")
    if content.classic and result_of(error) is Result.REFUSED:
        return address, content.classic
    return address, content


def says(error: TelegramError, words: tuple[str, ...]) -> bool:
    """Return whether Telegram refuses a call with one of these, which are in lower case."""
    said = error.message.lower()  # the library capitalises what Telegram says
    return isinstance(error, BadRequest) and any(one in said for one in words)


def note(deed: str, error: TelegramError) -> None:
    """Log what went wrong: a late press is nothing, a chat that is gone or moved is no fault of ours."""
    result, kind = result_of(error), type(error).__name__
    if says(error, TOO_LATE):
        _log.debug(f"telegram.{deed}_too_late")
    elif result is Result.UNKNOWN:
        _log.warning("telegram.outcome_unknown", deed=deed, error=type(error.__cause__ or error).__name__)
    elif result in {Result.FLOODED, Result.UNSENT}:
        _log.warning("telegram.given_up", deed=deed, result=result.value)
    elif result in {Result.GONE, Result.MOVED}:
        _log.info(f"telegram.{deed}_failed", error=kind)
    else:
        _log.warning(f"telegram.{deed}_failed", error=kind)
