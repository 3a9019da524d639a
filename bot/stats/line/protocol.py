"""What every line can do."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.stats.endpoint import Request

Ask = Callable[[Request], Awaitable[bytes]]


class Line(Protocol):
    """A way to one provider."""

    def talk(self) -> AbstractAsyncContextManager[Ask]:
        """Open a conversation; asking in it returns a body or raises `SourceError` with a short phrase why not."""

    async def aclose(self) -> None:
        """Close the connections."""
