"""Editions of other packs than those in use without a word: made when a chat first needs one, and kept up to date."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.edition import Edition, Shelf
from bot.errors import KnowledgeError

HELD = 2  # editions besides the usual one; each takes 10 to 40 MB

Packs = tuple[str, ...]
Bind = Callable[[Packs], Awaitable[Edition]]

_log = structlog.get_logger()


async def no_bind(_: Packs) -> Edition:
    """Refuse to make any edition."""
    raise KnowledgeError(["no other packs are offered here"])


@dataclass(slots=True)
class Stack:
    """The usual edition on the shelf, and beside it one for each other choice of packs that was asked for lately.

    `usual` are the packs in use without a word, `offered` those a chat may switch on as well.
    """

    shelf: Shelf
    usual: Packs = ()
    offered: Packs = ()
    bind: Bind = no_bind
    _held: OrderedDict[Packs, tuple[str, Edition]] = field(default_factory=OrderedDict)
    _work: dict[Packs, asyncio.Task[Edition]] = field(default_factory=dict)

    @property
    def available(self) -> Packs:
        """The packs a chat can choose from."""
        return tuple(dict.fromkeys((*self.usual, *self.offered)))

    def chosen(self, wanted: Packs) -> Packs:
        """Return the packs that a choice comes to, in the order of the settings; those that are not there are not."""
        return tuple(pack for pack in self.available if pack in wanted) or self.usual

    async def edition(self, wanted: Packs) -> Edition:
        """Return the edition of some packs; the usual one where the files of others are wrong.

        An edition older than what is on the shelf is used until the new one is there.
        """
        packs = self.chosen(wanted)
        if packs == self.usual:
            return self.shelf.current
        made_for, held = self._held.get(packs, ("", None))
        if held is not None:
            self._held.move_to_end(packs)
            if made_for != self.shelf.current.version:
                self._begin(packs)
            return held
        try:
            return await asyncio.shield(self._begin(packs))
        except (KnowledgeError, OSError):
            return self.shelf.current

    def _begin(self, packs: Packs) -> asyncio.Task[Edition]:
        """Begin to make an edition, or go on with what was begun."""
        if packs not in self._work:
            self._work[packs] = asyncio.create_task(self._made(packs))
        return self._work[packs]

    async def _made(self, packs: Packs) -> Edition:
        version = self.shelf.current.version
        try:
            edition = await self.bind(packs)
        except (KnowledgeError, OSError) as error:
            _log.warning("knowledge.packs_failed", packs=len(packs), error=type(error).__name__)
            raise
        finally:
            del self._work[packs]
        self._held[packs] = version, edition
        while len(self._held) > HELD:
            self._held.popitem(last=False)
        return edition
