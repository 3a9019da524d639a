"""Who is an administrator of a group now; beside the sender the only place that asks Telegram anything."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

import structlog
from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberOwner
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.model.clock import Clock

KNOWN_FOR = timedelta(seconds=60)  # an administrator who was removed may do nothing more after this
MOST = 10_000
IN_CHARGE = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})
NOBODY = ("user not found", "participant_id_invalid", "member not found")

_log = structlog.get_logger()


class MayPost(Enum):
    """Whether somebody may post in a channel; `LOST` where the bot is no administrator there, so that none can say."""

    YES = auto()
    NO = auto()
    LOST = auto()
    UNKNOWN = auto()


def is_poster(member: ChatMember) -> bool:
    """Tell whether this member of a channel may post there."""
    return isinstance(member, ChatMemberOwner) or (
        isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
    )


@dataclass(frozen=True, slots=True)
class Rights:
    """Asks Telegram, and remembers the answer for a minute; what cannot be found out is no right."""

    bot: Bot
    clock: Clock
    _known: OrderedDict[tuple[int, int], tuple[bool, datetime]] = field(default_factory=OrderedDict)

    async def is_admin(self, chat: int, person: int) -> bool:
        """Tell whether somebody may change the settings of a chat: its administrators, and everybody their own."""
        if chat == person:
            return True
        answer, at = self._known.get((chat, person), (False, None))
        if at is None or self.clock() - at >= KNOWN_FOR:
            try:
                answer = (await self.bot.get_chat_member(chat, person)).status in IN_CHARGE
            except TelegramError as error:
                _log.info("telegram.rights_unknown", error=type(error).__name__)
                return False
            self._known[chat, person] = answer, self.clock()
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return answer

    async def may_post(self, channel: int, person: int) -> MayPost:
        """Ask whether somebody may post in a channel at this moment; nothing of it is remembered."""
        try:
            return MayPost.YES if is_poster(await self.bot.get_chat_member(channel, person)) else MayPost.NO
        except (BadRequest, Forbidden) as error:
            is_nobody = any(words in error.message.lower() for words in NOBODY)
            return MayPost.NO if is_nobody else MayPost.LOST
        except TelegramError as error:
            _log.info("telegram.rights_unknown", error=type(error).__name__)
            return MayPost.UNKNOWN

    def forget(self, chat: int, person: int) -> None:
        """Ask again the next time, because something changed."""
        self._known.pop((chat, person), None)

    async def title(self, chat: int) -> str:
        """Return what a group is called; empty where that cannot be found out."""
        try:
            return (await self.bot.get_chat(chat)).title or ""
        except TelegramError as error:
            _log.info("telegram.title_unknown", error=type(error).__name__)
            return ""

    async def hears_all(self, chat: int) -> bool:
        """Tell whether the bot gets every message of a group: without privacy mode, or as an administrator."""
        try:
            return bool((await self.bot.get_me()).can_read_all_group_messages) or await self.is_admin(chat, self.bot.id)
        except TelegramError as error:
            _log.info("telegram.hearing_unknown", error=type(error).__name__)
            return False
