"""The crew: the programs that work on one database, and what belongs to this one while it lives.

A chat, by its lane in the inbox, and a duty belong to whoever holds a lock of the database for them. The locks hang on
one connection: the server gives them up when it is closed, when it is broken, and when nothing is heard on it for a
while, whichever comes first. A lane is kept for some minutes after its last update, so that what a program remembers of
a chat helps with the next question; who stores an update of a lane that is another's tells so.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from time import monotonic
from typing import Any, Protocol

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import StoreError
from bot.model.clock import Clock
from bot.model.incoming import Incoming
from bot.store.allowance import stale
from bot.store.claims import CHANNEL, free_lanes, numbers, waiting
from bot.store.engine import begun, is_failure, make_session_engine
from bot.store.moment import from_number, to_number
from bot.store.schema import LOCK
from bot.store.sharing import NOTICES

KEPT = timedelta(days=1)  # what one did for all, after which another may
CLEAN_EVERY = timedelta(hours=1)

_log = structlog.get_logger()


class Duty(IntEnum):
    """What one program at a time does for all; the value is the number of its lock."""

    POLLING = 1
    SCHEDULES = 2


@dataclass(frozen=True, slots=True)
class Tempo:
    """How a program keeps in touch with the others; times are seconds.

    It looks every `look` at what nobody tells of: lanes and duties of somebody who is gone. A look must be answered
    within `answer`. The server gives up who says nothing for `idle`; nobody sees his own end, so what was ours counts
    as ours for `sure` after a look, which is less. A lane stays for `stays` after its last update, and at most `most`
    are held, for the locks of a server are counted.
    """

    look: float = 1.0
    answer: float = 10.0
    idle: float = 20.0
    sure: float = 14.0
    stays: float = 600.0
    most: int = 1_000


TEMPO = Tempo()


@dataclass(frozen=True, slots=True)
class Room:
    """How many more lanes and updates somebody can take."""

    lanes: int
    updates: int


class Taker(Protocol):
    """Who does the work that belongs to this program."""

    def room(self) -> Room:
        """Return what can be taken now."""

    def known(self) -> Collection[int]:
        """Return the ids of the updates that were given already, and are not done."""

    def busy(self) -> Collection[int]:
        """Return the lanes with something to do."""

    async def give(self, batch: Sequence[Incoming]) -> None:
        """Take updates, oldest first."""


class Solo:
    """A crew of one: on SQLite a program shares nothing."""

    async def serve(self) -> None:
        """Do nothing."""

    async def keep_clean(self) -> None:
        """Do nothing."""

    async def on_duty(
        self, duty: Duty, work: Callable[[], Awaitable[None]], relieved: Callable[[], None] = lambda: None
    ) -> None:
        """Do a duty."""
        await work()

    async def is_first(self, key: str, every: timedelta) -> bool:
        """Tell that nobody else does it."""
        return True

    async def forget(self, key: str) -> None:
        """Do nothing."""


class Crew:
    """One program among those on its database; `serve` must run for it to own anything."""

    def __init__(self, engine: AsyncEngine, clock: Clock, tempo: Tempo = TEMPO) -> None:
        self._engine = engine
        self._session = make_session_engine(engine, idle=tempo.idle, answer=tempo.answer)
        self._tempo = tempo
        self._clock = clock
        self.taker: Taker | None = None
        self._lanes: OrderedDict[int, float] = OrderedDict()  # when something was last given, the longest ago first
        self._wanted: set[Duty] = set()
        self._duties: set[Duty] = set()
        self._seen = float("-inf")
        self._changed = asyncio.Condition()
        self._wake = asyncio.Event()
        self._is_well = True

    async def serve(self) -> None:
        """Look for ever what there is for this program; where the database fails, nothing is ours any more."""
        while True:
            try:
                async with self._connected() as connection:
                    while True:
                        await self._look(connection)
                        await self._rest()
            except Exception as error:
                if not is_failure(error):
                    raise
                if self._is_well:
                    _log.warning("crew.out_of_touch", error=type(error).__name__)
                self._is_well = False
            finally:
                await self._lose()
            await asyncio.sleep(self._tempo.look)

    def wake(self) -> None:
        """Let the next look be now."""
        self._wake.set()

    def holds(self, lane: int) -> bool:
        """Tell whether a lane is surely this program's."""
        return lane in self._lanes and monotonic() - self._seen < self._tempo.sure

    async def on_duty(
        self, duty: Duty, work: Callable[[], Awaitable[None]], relieved: Callable[[], None] = lambda: None
    ) -> None:
        """Do some work while nobody else does, for as long as it takes; what was lost is given up, and begun again.

        `relieved` is called now and then while another program is at it.
        """
        self._wanted.add(duty)
        self.wake()
        while True:
            await self._until(lambda: duty in self._duties, relieved)
            working = asyncio.ensure_future(work())
            lost = asyncio.create_task(self._until(lambda: duty not in self._duties))
            try:
                await asyncio.wait((working, lost), return_when=asyncio.FIRST_COMPLETED)
                if working.done():
                    return await working
            finally:
                for task in (working, lost):
                    task.cancel()
                await asyncio.gather(working, lost, return_exceptions=True)

    async def is_first(self, key: str, every: timedelta) -> bool:
        """Note that something is done for all; return False where another noted it less than `every` ago.

        Raises:
            StoreError: the database fails.
        """
        now = self._clock()
        put = postgresql.insert(NOTICES).values(key=key, at=to_number(now))
        put = put.on_conflict_do_update(
            index_elements=["key"], set_={"at": put.excluded.at}, where=NOTICES.c.at <= to_number(now - every)
        )
        async with begun(self._engine) as connection:
            return (await connection.execute(put.returning(NOTICES.c.key))).first() is not None

    async def forget(self, key: str) -> None:
        """Note that it was not done after all; raises `StoreError` where the database fails."""
        async with begun(self._engine) as connection:
            await connection.execute(delete(NOTICES).where(NOTICES.c.key == key))

    async def expire(self) -> None:
        """Forget what programs told each other long ago; raises `StoreError` where the database fails."""
        async with begun(self._engine) as connection:
            await connection.execute(delete(NOTICES).where(NOTICES.c.at < to_number(self._clock() - KEPT)))
            await connection.execute(stale())

    async def keep_clean(self) -> None:
        """Forget for ever what is old; a database that fails is asked again the next time."""
        while True:
            try:
                await self.expire()
            except StoreError as error:
                _log.warning("crew.not_cleaned", error=type(error.__cause__ or error).__name__)
            await asyncio.sleep(CLEAN_EVERY.total_seconds())

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._session.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await driver.add_listener(CHANNEL, self._hear)
                yield connection
        finally:
            await self._session.dispose()

    def _hear(self, _driver: object, _pid: int, _channel: str, lane: str) -> None:
        if int(lane) in self._lanes:
            self.wake()

    async def _look(self, connection: AsyncConnection) -> None:
        began = monotonic()
        for duty in self._wanted - self._duties:
            if await connection.scalar(select(func.pg_try_advisory_lock(LOCK[0], int(duty)))):
                self._duties.add(duty)
                _log.info("crew.duty", duty=duty.name.lower())
        if self.taker:
            await self._free(connection, self.taker)
            await self._take(connection, self.taker, began)
        else:
            await connection.execute(select(1))
        self._seen, self._is_well = began, True
        async with self._changed:
            self._changed.notify_all()

    async def _take(self, connection: AsyncConnection, taker: Taker, began: float) -> None:
        """Lock lanes where something waits, then read what waits in ours: what others did there before is seen so."""
        room = taker.room()
        known = list(taker.known())
        if room.lanes > 0:
            for lane in (await connection.scalars(free_lanes(list(self._lanes), room.lanes))).all():
                self._lanes[lane] = monotonic()
        if room.updates <= 0 or not self._lanes:
            await connection.execute(select(1))  # who says nothing is taken for gone
            return
        rows = (await connection.execute(waiting(list(self._lanes), known, room.updates))).all()
        for row in rows:
            self._lanes[row.lane] = monotonic()
            self._lanes.move_to_end(row.lane)
        self._seen = began
        await taker.give([Incoming(row.update_id, row.lane, row.body, from_number(row.received_at)) for row in rows])

    async def _free(self, connection: AsyncConnection, taker: Taker) -> None:
        """Give back lanes where nothing happened for long, and those that are too many."""
        now, busy = monotonic(), taker.busy()
        surplus = len(self._lanes) - self._tempo.most
        idle = [lane for lane, at in self._lanes.items() if lane not in busy]
        gone = [
            lane for number, lane in enumerate(idle) if number < surplus or now - self._lanes[lane] > self._tempo.stays
        ]
        if gone:
            for lane in gone:
                del self._lanes[lane]
            await connection.execute(select(func.pg_advisory_unlock(func.unnest(numbers(gone)))))

    async def _rest(self) -> None:
        with suppress(TimeoutError):  # `wait_for` may swallow that this is given up
            async with asyncio.timeout(self._tempo.look):
                await self._wake.wait()
        self._wake.clear()

    async def _lose(self) -> None:
        self._lanes.clear()
        self._duties.clear()
        async with self._changed:
            self._changed.notify_all()

    async def _until(self, is_so: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
        async with self._changed:
            while not is_so():
                await self._changed.wait()
                if self._is_well:
                    meanwhile()
