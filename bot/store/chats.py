"""The settings of chats, what the bot is in each, and the messages that are to be deleted there."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.model.clock import Clock
from bot.model.manners import Written
from bot.model.standing import GONE, Role, Standing, Trouble
from bot.store.engine import begun, is_shared
from bot.store.moment import from_number, to_number
from bot.store.tables import CHATS, DELETIONS

STEPS = 3  # a group becomes a supergroup once; more would be a circle
AT_ONCE = 100  # deletions
REMEMBERED = 10_000  # chats
NOTHING = ""  # in place of settings: there are none to go back to

Settings = Mapping[str, Written]


class Chats:
    """Reads and writes; each call is one transaction, and raises `StoreError` where the database fails.

    A chat that became another is that other one, whichever of the two ids is given. Every message asks for its chat; so
    what is kept of groups is remembered until something is written, and so is of whom nothing is kept, where no other
    program shares the database.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._is_shared = is_shared(engine)
        self._insert = postgresql.insert if self._is_shared else sqlite.insert
        self._known: dict[int, Standing] = {}
        self._there: set[int] | None = None  # the chats of which anything is kept; most people never set anything
        self._writes = 0

    async def standing(self, chat: int) -> Standing:
        """Return what is kept of a chat."""
        if chat in self._known:
            return self._known[chat]
        if self._there is not None and chat not in self._there:
            return self._unknown(chat)
        before = self._writes
        async with begun(self._engine) as connection:
            found = await self._standing(connection, chat)
            if self._there is None and not self._is_shared:
                self._there = set(await connection.scalars(select(CHATS.c.id)))
        if chat < 0 and before == self._writes and not self._is_shared:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[chat] = found
        return found

    async def change(self, chat: int, changes: Settings) -> Standing:
        """Set some settings and return what is kept now; a change that changes nothing cannot be taken back."""
        async with self._changing() as connection:
            now = await self._standing(connection, chat)
            settings = {**now.settings, **changes}
            if settings != now.settings:
                await self._put(connection, now.chat, settings=_text(settings), previous=_text(now.settings))
            return await self._standing(connection, now.chat)

    async def undo(self, chat: int) -> Standing | None:
        """Take the last change back, so that undoing twice brings it again; None where there is none."""
        async with self._changing() as connection:
            now = await self._standing(connection, chat)
            if now.previous is None:
                return None
            await self._put(connection, now.chat, settings=_text(now.previous), previous=_text(now.settings))
            return await self._standing(connection, now.chat)

    async def stand(self, chat: int, role: Role, trouble: Trouble = Trouble.NONE) -> None:
        """Note what the bot is in a chat; of a person nothing is noted who has no settings."""
        async with self._changing() as connection:
            now = await self._standing(connection, chat)
            if chat < 0 or now.settings:
                await self._put(connection, now.chat, role=role.value, trouble=trouble.value, at=self._now())

    async def trouble(self, chat: int, trouble: Trouble) -> None:
        """Note what kept the bot from speaking in a group, if that is new."""
        if chat > 0 or (await self.standing(chat)).trouble is trouble:
            return
        async with self._changing() as connection:
            now = await self._standing(connection, chat)
            if now.trouble is not trouble:
                await self._put(connection, now.chat, trouble=trouble.value, at=self._now())

    async def troubled(self) -> tuple[Standing, ...]:
        """Return the groups where something keeps the bot from speaking, newest first."""
        gone = [role.value for role in GONE]
        wanted = select(CHATS).where(CHATS.c.id < 0, or_(CHATS.c.trouble != "", CHATS.c.role.in_(gone)))
        async with begun(self._engine) as connection:
            rows = await connection.execute(wanted.where(CHATS.c.moved_to == 0).order_by(CHATS.c.at.desc()))
            return tuple(map(_read, rows))

    async def move(self, old: int, new: int) -> None:
        """Let a supergroup have what its group had; told twice or in any order, it comes to the same."""
        async with self._changing() as connection:
            before = await self._row(connection, old)
            if before is not None and before.moved_to:
                return
            if before is not None:
                after = await self._row(connection, new)
                if after is None or after.settings == _text({}):
                    await self._put(connection, new, settings=before.settings, previous=before.previous)
            stub: dict[str, Any] = {"settings": _text({}), "previous": NOTHING, "role": "", "trouble": ""}
            await self._put(connection, old, **stub, moved_to=new)

    async def delete_later(self, chat: int, messages: Sequence[int], at: datetime) -> None:
        """Note that messages are to be deleted."""
        rows = [{"chat": chat, "message": message, "due_at": to_number(at)} for message in messages]
        if rows:
            async with begun(self._engine) as connection:
                await connection.execute(self._insert(DELETIONS).on_conflict_do_nothing(), rows)

    async def due(self) -> tuple[tuple[int, int], ...]:
        """Return chat and message of what is to be deleted by now, some at a time."""
        wanted = select(DELETIONS.c.chat, DELETIONS.c.message).where(DELETIONS.c.due_at <= self._now())
        async with begun(self._engine) as connection:
            rows = await connection.execute(wanted.order_by(DELETIONS.c.due_at).limit(AT_ONCE))
            return tuple((row.chat, row.message) for row in rows)

    async def deleted(self, messages: Sequence[tuple[int, int]]) -> int:
        """Note that messages are deleted, or cannot be; return how many of them waited."""
        spot = tuple_(DELETIONS.c.chat, DELETIONS.c.message)
        async with begun(self._engine) as connection:
            return (await connection.execute(delete(DELETIONS).where(spot.in_(messages)))).rowcount

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[AsyncConnection]:
        """Give a transaction after which nothing is remembered that it has changed."""
        before = self._writes
        try:
            async with begun(self._engine) as connection:
                yield connection
        finally:
            if self._writes != before:
                self._known.clear()

    def _now(self) -> int:
        return to_number(self._clock())

    async def _row(self, connection: AsyncConnection, chat: int) -> Any:
        return (await connection.execute(select(CHATS).where(CHATS.c.id == chat))).one_or_none()

    async def _standing(self, connection: AsyncConnection, chat: int) -> Standing:
        for _ in range(STEPS):
            row = await self._row(connection, chat)
            if row is None:
                break
            if not row.moved_to:
                return _read(row)
            chat = row.moved_to
        return self._unknown(chat)

    def _unknown(self, chat: int) -> Standing:
        return Standing(chat, {}, None, Role.UNKNOWN, Trouble.NONE, self._clock())

    async def _put(self, connection: AsyncConnection, chat: int, **values: Any) -> None:
        self._writes += 1
        if self._there is not None:
            self._there.add(chat)
        usual = {"settings": _text({}), "previous": NOTHING, "role": "", "trouble": "", "moved_to": 0}
        put = self._insert(CHATS).values({**usual, "id": chat, "at": self._now(), **values})
        await connection.execute(put.on_conflict_do_update(index_elements=["id"], set_=values))


def _text(settings: Settings) -> str:
    return json.dumps(dict(settings), sort_keys=True)


def _settings(text: str) -> Settings:
    return {name: value if isinstance(value, str) else tuple(value) for name, value in json.loads(text).items()}


def _read(row: Any) -> Standing:
    previous = None if row.previous == NOTHING else _settings(row.previous)
    role, trouble = Role(row.role), Trouble(row.trouble)
    return Standing(row.id, _settings(row.settings), previous, role, trouble, from_number(row.at))
