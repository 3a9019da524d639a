"""The owners' bulletin: what becomes of the knowledge, and of the bot itself, while it runs."""

from dataclasses import dataclass

from bot.faces.telegram.pace import Urgency
from bot.faces.telegram.send import Sender
from bot.model.news import News
from bot.model.trouble import Alert
from bot.reply.alarms import alert_reply
from bot.reply.news import news_reply


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Writes to every owner; who cannot be reached is left out."""

    sender: Sender
    owners: tuple[int, ...]

    async def tell(self, news: News) -> None:
        """Tell the news, one message to each owner."""
        reply = news_reply(news)
        for owner in self.owners:
            await self.sender.tell(owner, reply)

    async def alert(self, alert: Alert) -> bool:
        """Tell of trouble, one message to each owner; return whether it may have reached one, or there is none."""
        reply = alert_reply(alert)
        arrived = [await self.sender.tell(owner, reply, urgency=Urgency.ANSWER) for owner in self.owners]
        return any(arrived) or not arrived
