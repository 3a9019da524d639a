"""Channels where the bot may post, and drafts of posts: shown to whoever wants them, then published or forgotten."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.model.clock import Clock
from bot.model.schedule import Draft, Post
from bot.store.engine import begun
from bot.store.moment import to_number
from bot.store.tables import CHANNELS, DRAFTS_OF_POSTS

KEPT = timedelta(hours=1)  # a draft whose numbers are older is made anew
MOST_CHANNELS = 30  # looked through for those of one person; each costs a question to Telegram


class Drafts:
    """Reads and writes; each call is one transaction, and raises `StoreError` where the database fails."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    async def may_post(self, channel: int, added_by: int) -> None:
        """Note that the bot may post in a channel, and who let it."""
        values = {"added_by": added_by, "at": to_number(self._clock())}
        put = self._insert(CHANNELS).values(id=channel, **values)
        async with begun(self._engine) as connection:
            await connection.execute(put.on_conflict_do_update(index_elements=["id"], set_=values))

    async def may_not_post(self, channel: int) -> None:
        """Note that the bot may not post in a channel any more."""
        async with begun(self._engine) as connection:
            await connection.execute(delete(CHANNELS).where(CHANNELS.c.id == channel))

    async def channels(self, person: int) -> tuple[int, ...]:
        """Return channels that somebody may be an administrator of: first those where they let the bot in."""
        order = ((CHANNELS.c.added_by != person), CHANNELS.c.at.desc())
        async with begun(self._engine) as connection:
            rows = await connection.execute(select(CHANNELS.c.id).order_by(*order).limit(MOST_CHANNELS))
            return tuple(row.id for row in rows)

    async def keep(self, person: int, channel: int, what: str, post: Post) -> int:
        """Keep a draft for an hour and return its number."""
        now = self._clock()
        values = {
            "person": person,
            "channel": channel,
            "what": what,
            "texts": json.dumps(post.texts),
            "png": post.png,
            "entry": post.entry,
            "made_at": to_number(now),
        }
        async with begun(self._engine) as connection:
            await connection.execute(delete(DRAFTS_OF_POSTS).where(DRAFTS_OF_POSTS.c.made_at < to_number(now - KEPT)))
            made = insert(DRAFTS_OF_POSTS).values(values).returning(DRAFTS_OF_POSTS.c.id)
            return int((await connection.execute(made)).scalar_one())

    async def draft(self, number: int, person: int) -> Draft | None:
        """Return somebody's own draft, while it is there."""
        async with begun(self._engine) as connection:
            return _read((await connection.execute(select(DRAFTS_OF_POSTS).where(*self._own(number, person)))).first())

    async def take(self, number: int, person: int) -> Draft | None:
        """Return somebody's own draft and forget it: of several who take it at once one has it."""
        gone = delete(DRAFTS_OF_POSTS).where(*self._own(number, person)).returning(*DRAFTS_OF_POSTS.c)
        async with begun(self._engine) as connection:
            return _read((await connection.execute(gone)).first())

    def _own(self, number: int, person: int) -> tuple[Any, ...]:
        table = DRAFTS_OF_POSTS.c
        return table.id == number, table.person == person, table.made_at >= to_number(self._clock() - KEPT)


def _read(row: Any) -> Draft | None:
    if row is None:
        return None
    post = Post(tuple(json.loads(row.texts)), bytes(row.png), row.entry)
    return Draft(row.id, row.person, row.channel, row.what, post)
