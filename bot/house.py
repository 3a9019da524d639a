"""The manners of every chat: what is usual in its place, with what was set there on top."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import structlog

from bot.errors import StoreError
from bot.model.manners import Detail, Manners, Written, with_settings
from bot.model.standing import Role, Standing, Trouble
from bot.pipeline import Pipeline
from bot.stack import Stack
from bot.store import Chats

GROUP = Manners(detail=Detail.SHORT, cooldown=30)

T = TypeVar("T")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class House:
    """Knows how to behave where; a database that fails costs the settings, never the answer.

    `private` and `group` hold where nothing was set; a channel is taken for a private chat, for whoever posts there
    wants the whole answer. Without `chats` nothing can be set.
    """

    pipeline: Pipeline
    stack: Stack
    chats: Chats | None = None
    private: Manners = field(default_factory=Manners)
    group: Manners = GROUP

    async def standing(self, chat: int) -> Standing | None:
        """Return what is kept of a chat; None where that cannot be found out."""
        return await self.told(lambda chats: chats.standing(chat))

    async def manners(self, chat: int, *, is_group: bool) -> Manners:
        """Return how to behave in a chat."""
        standing = await self.standing(chat)
        return self.over(standing.settings if standing else {}, is_group=is_group)

    def over(self, settings: Mapping[str, Written], *, is_group: bool) -> Manners:
        """Return what is usual with some settings on top."""
        return with_settings(self.group if is_group else self.private, settings)

    async def line_in(self, manners: Manners) -> Pipeline:
        """Return what answers from a chat's packs, in its currency."""
        edition = await self.stack.edition(manners.packs)
        if edition is self.pipeline.shelf.current:
            same = manners.currency is self.pipeline.currency
            return self.pipeline if same else replace(self.pipeline, currency=manners.currency)
        return replace(self.pipeline, shelf=replace(self.pipeline.shelf, current=edition), currency=manners.currency)

    async def everything(self) -> Pipeline:
        """Return what answers from all packs there are."""
        return await self.line_in(replace(self.private, packs=self.stack.available))

    async def told(self, ask: Callable[[Chats], Awaitable[T]]) -> T | None:
        """Return what the database says of chats; None where there is none, or it fails."""
        if self.chats is None:
            return None
        try:
            return await ask(self.chats)
        except StoreError as error:
            _log.warning("chats.not_told", error=type(error.__cause__ or error).__name__)
            return None

    async def moved(self, old: int, new: int) -> None:
        """Let a supergroup have what its group had; whoever hears of the move may say so, as often as they like."""
        await self.told(lambda chats: chats.move(old, new))

    async def gone(self, chat: int) -> None:
        """Note that the bot was removed from a chat, or blocked."""
        await self.told(lambda chats: chats.stand(chat, Role.KICKED, Trouble.KICKED))

    async def troubled(self, chat: int, trouble: Trouble) -> None:
        """Note what kept the bot from speaking in a chat; `Trouble.NONE` that it spoke again."""
        await self.told(lambda chats: chats.trouble(chat, trouble))

    async def is_gone(self, chat: int) -> bool:
        """Tell whether nothing is to be sent to a chat, because the bot is not there any more."""
        standing = await self.standing(chat)
        return bool(standing and standing.is_gone)

    async def in_trouble(self) -> tuple[Standing, ...]:
        """Return the groups where something keeps the bot from speaking."""
        return await self.told(lambda chats: chats.troubled()) or ()
