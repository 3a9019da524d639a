"""The owners' bulletin: what becomes of the knowledge, and of the bot itself, while it runs."""

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

import structlog

from bot.errors import StoreError
from bot.faces.telegram.pace import Urgency
from bot.faces.telegram.send import Sender
from bot.model.news import News
from bot.model.trouble import Alert
from bot.reply.alarms import alert_reply
from bot.reply.news import news_reply
from bot.store import Crew, Solo

SAME_NEWS = timedelta(minutes=1)  # within which several programs see the same change of the knowledge
SAME_ALERT = timedelta(minutes=5)  # and the same trouble

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Writes to every owner; who cannot be reached is left out.

    What another program of the crew told already is not told again.
    """

    sender: Sender
    owners: tuple[int, ...]
    crew: Crew | Solo = field(default_factory=Solo)

    async def tell(self, news: News) -> None:
        """Tell the news, one message to each owner."""
        if not await self._is_ours(_key(repr(news)), SAME_NEWS):
            return
        reply = news_reply(news)
        for owner in self.owners:
            await self.sender.tell(owner, reply)

    async def alert(self, alert: Alert) -> bool:
        """Tell of trouble, one message to each owner; return whether it may have reached one, or there is none."""
        key = _key(f"{type(alert).__name__} {alert.trouble}")
        if not await self._is_ours(key, SAME_ALERT):
            return True
        reply = alert_reply(alert)
        arrived = [await self.sender.tell(owner, reply, urgency=Urgency.ANSWER) for owner in self.owners]
        has_arrived = any(arrived) or not arrived
        if not has_arrived:
            await self._leave(key)
        return has_arrived

    async def _is_ours(self, key: str, every: timedelta) -> bool:
        """Tell whether it is ours to tell; without the database everybody tells, rather than nobody."""
        try:
            return await self.crew.is_first(key, every)
        except StoreError as error:
            _log.warning("bulletin.not_claimed", error=type(error.__cause__ or error).__name__)
            return True

    async def _leave(self, key: str) -> None:
        """Let another tell, or ourselves later."""
        try:
            await self.crew.forget(key)
        except StoreError as error:
            _log.warning("bulletin.not_left", error=type(error.__cause__ or error).__name__)


def _key(what: str) -> str:
    return sha256(what.encode()).hexdigest()
