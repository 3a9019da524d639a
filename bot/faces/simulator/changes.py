"""Waiting for something to happen, woken by the happening itself and never by the clock."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Wakes everybody who waits whenever anything changes."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def happened(self) -> None:
        """Say that something changed."""
        for event in self._waiting:
            event.set()

    async def wait_for(self, predicate: Callable[[], T | None], seconds: float | None) -> T:
        """Return what `predicate` returns as soon as that is true.

        Raises:
            TimeoutError: it stayed false for `seconds`.
        """
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(seconds):
                while not (found := predicate()):
                    event.clear()
                    await event.wait()
                return found
        finally:
            self._waiting.discard(event)
