"""Databases of both kinds, each test's own, and a way to look into them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine import make_engine

KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Base:
    """A database, by its URL."""

    url: str

    async def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        async with self._opened() as connection:
            return [tuple(row) for row in await connection.execute(text(statement))]

    async def run(self, *statements: str) -> None:
        """Carry out statements, in one transaction."""
        async with self._opened() as connection:
            for statement in statements:
                await connection.execute(text(statement))

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[AsyncConnection]:
        engine = make_engine(self.url)
        async with engine.begin() as connection:
            yield connection
        await engine.dispose()
