"""Order: updates of one chat are handled one after the other, chats do not wait for each other."""

import asyncio
from collections.abc import Awaitable, Hashable
from weakref import WeakValueDictionary

from telegram import Update
from telegram.ext import BaseUpdateProcessor

AT_ONCE = 64  # chats served at the same time


def lane_of(update: object) -> Hashable:
    """Return what an update has to wait behind: others of its chat; what comes from no chat of ours waits for nothing.

    The next letter typed behind the bot's name makes the one before worth nothing, so it must not wait for it.
    """
    if not isinstance(update, Update):
        return 0
    if update.inline_query or update.guest_message or update.chosen_inline_result:
        return ("elsewhere", update.update_id)
    return update.effective_chat.id if update.effective_chat else ("elsewhere", update.update_id)


class ByChat(BaseUpdateProcessor):
    """A lock for each chat, handed on in the order of arrival (asyncio.Lock is fair)."""

    def __init__(self) -> None:
        super().__init__(AT_ONCE)
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        """Handle an update after those of its chat that came before."""
        lock = self._locks.setdefault(lane_of(update), asyncio.Lock())
        async with lock:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""
