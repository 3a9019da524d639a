"""Makes what goes to channels, and brings it there; the same for those who ask now and for plans."""

from dataclasses import dataclass, replace

from bot.column import Column, make_column
from bot.faces.telegram.delivery import Address, Delivered
from bot.faces.telegram.pace import Urgency
from bot.faces.telegram.send import Sender
from bot.house import House
from bot.model.schedule import Post, Posted
from bot.reply.posting import with_changes
from bot.reply.telegram_html import render


@dataclass(frozen=True, slots=True)
class Columnist:
    """Writes from a channel's packs, in its currency."""

    house: House
    sender: Sender

    async def column(self, channel: int, what: str, before: Posted | None = None) -> Column | None:
        """Make what a channel gets, with what changed since an earlier post; None where it cannot be made now."""
        manners = await self.house.manners(channel, is_group=False)
        column = await make_column(await self.house.line_in(manners), what)
        if column is None or before is None:
            return column
        return replace(column, reply=with_changes(column.reply, column.snapshots, before.numbers, before.slot.at))

    async def publish(self, channel: int, post: Post, urgency: Urgency) -> tuple[Delivered, ...]:
        """Post in a channel; return how each message went."""
        return await self.sender.publish(Address(channel), post, urgency)


def post_of(column: Column) -> Post:
    """Return a column as Telegram gets it."""
    reply = column.reply
    return Post(render(reply), reply.picture.png if reply.picture else b"", reply.entry)
