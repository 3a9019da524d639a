"""The owners' bulletin: what becomes of the knowledge while the bot runs."""

from dataclasses import dataclass

from bot.faces.telegram.send import Sender
from bot.model.news import News
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
