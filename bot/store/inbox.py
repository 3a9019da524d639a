"""The inbox: every update is kept here before it is confirmed, and stays until its work is done."""

import asyncio
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StoreError
from bot.model.clock import Clock
from bot.model.incoming import Incoming
from bot.store.claims import keeping
from bot.store.engine import begun, is_shared, unbundled
from bot.store.moment import from_number, to_number
from bot.store.tables import INBOX

KEPT = timedelta(hours=25)  # ids of finished updates: Telegram repeats an update for a day
CLEAN_EVERY = timedelta(hours=1)
AT_ONCE = 1_000  # rows deleted in one transaction, so that nobody waits long for it
APART = 0.025  # seconds between the starts of two commits when there is much to do: each takes the work of an update
LONGEST_WHY = 100  # characters, as the table has room for

# Statements that are the same however many rows there are: SQLite keeps each other one, with room for all of them.
KNOWN = select(INBOX.c.update_id).where(
    INBOX.c.update_id.in_(select(func.json_each(bindparam("numbers")).table_valued("value").c.value))
)
ITS = INBOX.c.update_id == bindparam("number")
ENDED = update(INBOX).where(ITS).values(finished_at=bindparam("at"), lane=0, body=b"", why=bindparam("for"))
ANEW = insert(INBOX).prefix_with("OR REPLACE")

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Work:
    """What one caller wants written, and who waits for it: updates to keep, or ids to finish for a reason."""

    batch: tuple[Incoming, ...] = ()
    ends: dict[int, str] = field(default_factory=dict)
    done: asyncio.Future[frozenset[int]] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Inbox:
    """Reads and writes; raises `StoreError` where the database fails.

    A commit reaches the disk, which takes its time, so what several callers want written meanwhile shares the next one:
    one transaction is under way at a time, and each caller goes on once its own part is committed. A caller that gives
    up changes nothing about what is written.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._is_shared = is_shared(engine)
        self._writing = unbundled(engine) if self._is_shared else engine
        self._waiting: list[_Work] = []
        self._unrecorded: dict[int, str] = {}  # ends the database did not take; the next commit tries again
        self._writer: asyncio.Task[None] | None = None

    async def keep(self, batch: Sequence[Incoming]) -> tuple[Incoming, ...]:
        """Keep updates, and return those that were not here before: each one to one caller only, once."""
        distinct = {one.update_id: one for one in reversed(batch)}  # of equals the first one counts
        new = await self._written(_Work(batch=tuple(distinct[number] for number in sorted(distinct))))
        return tuple(distinct[number] for number in sorted(new))

    async def unfinished(self) -> tuple[Incoming, ...]:
        """Return the updates whose work is not done, oldest first."""
        table = INBOX.c
        found = (
            select(table.update_id, table.lane, table.body, table.received_at)
            .where(table.finished_at.is_(None))
            .order_by(table.update_id)
        )
        async with begun(self._engine) as connection:
            rows = (await connection.execute(found)).all()
        return tuple(Incoming(row.update_id, row.lane, row.body, from_number(row.received_at)) for row in rows)

    async def finish(self, update_ids: Iterable[int]) -> None:
        """Note that the work of updates is done; for a day their ids stay, and neither what was said nor where."""
        await self._written(_Work(ends=dict.fromkeys(update_ids, "")))

    async def set_aside(self, update_id: int, why: str) -> None:
        """Note that an update cannot be handled, in a few words; nothing else of it stays."""
        await self._written(_Work(ends={update_id: why[:LONGEST_WHY]}))

    async def expire(self) -> None:
        """Forget the ids of what was finished more than a day ago."""
        old = INBOX.c.finished_at < to_number(self._clock() - KEPT)
        some = select(INBOX.c.update_id).where(old).limit(AT_ONCE)
        gone = AT_ONCE
        while gone == AT_ONCE:
            async with begun(self._engine) as connection:
                gone = (await connection.execute(delete(INBOX).where(INBOX.c.update_id.in_(some)))).rowcount

    async def keep_clean(self) -> None:
        """Forget for ever what has become too old; a database that fails is asked again the next time."""
        while True:
            try:
                await self.expire()
            except StoreError as error:
                _log.warning("inbox.not_cleaned", error=type(error.__cause__ or error).__name__)
            await asyncio.sleep(CLEAN_EVERY.total_seconds())

    async def _written(self, work: _Work) -> frozenset[int]:
        """Wait until the writer has committed some work, and return the ids it kept that are new."""
        self._waiting.append(work)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return await work.done

    async def _write(self) -> None:
        """Commit what waits, and what comes meanwhile, until nothing does."""
        try:
            while self._waiting:
                works, self._waiting = self._waiting, []
                began = time.monotonic()
                await self._commit(works)
                if self._waiting:
                    await asyncio.sleep(max(0.0, began + APART - time.monotonic()))
        finally:
            self._writer = None

    async def _commit(self, works: Sequence[_Work]) -> None:
        ends = self._unrecorded | {number: why for work in works for number, why in work.ends.items()}
        first = {one.update_id: one for work in reversed(works) for one in work.batch}
        try:
            async with begun(self._writing) as connection:
                new = await self._inserted(connection, tuple(first.values()))
                await self._ended(connection, ends)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear of it
            self._unrecorded = ends
            _fail(works, error)
            return
        self._unrecorded = {}
        for work in works:
            if not work.done.done():
                own = frozenset(one.update_id for one in work.batch if one.update_id in new)
                new -= own  # where two callers bring the same update, it is new to one of them
                work.done.set_result(own)

    async def _inserted(self, connection: AsyncConnection, batch: Sequence[Incoming]) -> set[int]:
        if not batch:
            return set()
        if self._is_shared:
            return set((await connection.scalars(keeping(batch))).all())
        known = set((await connection.scalars(KNOWN, {"numbers": json.dumps([one.update_id for one in batch])})).all())
        rows = [
            {
                "update_id": one.update_id,
                "lane": one.lane,
                "body": one.body,
                "received_at": to_number(one.received_at),
                "why": "",
            }
            for one in batch
            if one.update_id not in known
        ]
        if rows:
            await connection.execute(insert(INBOX), rows)
        return {one.update_id for one in batch} - known

    async def _ended(self, connection: AsyncConnection, ends: dict[int, str]) -> None:
        """Leave nothing of updates but their ids.

        A row that becomes small leaves its place in SQLite's file empty, so what is left comes anew in its place.
        """
        now = to_number(self._clock())
        if not ends:
            return
        if self._is_shared:
            await connection.execute(ENDED, [{"number": one, "at": now, "for": why} for one, why in ends.items()])
            return
        left = {"lane": 0, "body": b"", "received_at": 0, "finished_at": now}
        await connection.execute(ANEW, [{"update_id": one, "why": why, **left} for one, why in ends.items()])


def _fail(works: Iterable[_Work], error: Exception) -> None:
    for work in works:
        if not work.done.done():
            failure = StoreError("the database failed")
            failure.__cause__ = error.__cause__ if isinstance(error, StoreError) else error
            work.done.set_exception(failure)
