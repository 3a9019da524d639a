"""The store: opened once, asked by whoever needs what was kept."""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StoreError
from bot.model.clock import Clock, utc_now
from bot.model.quote import Coin, Quality, Quote, Snapshot, Stat
from bot.model.series import Point, Series
from bot.store import rolling
from bot.store.alerts import Alerts
from bot.store.allowance import Allowance
from bot.store.chats import Chats
from bot.store.crew import Crew, Solo
from bot.store.drafts import Drafts
from bot.store.engine import begun, is_failure, is_shared, is_there, make_engine, touch
from bot.store.hashing import Hasher
from bot.store.inbox import Inbox
from bot.store.moment import from_number, to_number
from bot.store.records import Records
from bot.store.rolling import DAY, HOUR, RAW
from bot.store.schedules import Schedules
from bot.store.schema import upgrade
from bot.store.tables import DIGESTS, KNOWN_NUMBERS, POINTS, SALTS
from bot.store.versions import Versions

MOST_POINTS = 400  # of a side; more than a picture has columns for
SALT_BYTES = 32
SPANS = ((timedelta(days=2), RAW), (timedelta(days=60), HOUR))  # up to which span which points are read; days beyond


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """The last number of a metric, by its name, for one coin."""

    metric: str
    coin: Coin
    quote: Quote


class Store:
    """Reads and writes; each call is one transaction, and raises `StoreError` where the database fails.

    `versions` keeps what the knowledge files were, `inbox` the updates until they are handled, `chats` the settings of
    chats, `alerts` what is watched, `drafts` and `schedules` what goes to channels. `crew` are the programs that share
    the database, `allowance` is what they may send together; a SQLite is one program's own.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self.versions = Versions(engine)
        self.chats = Chats(engine, clock)
        self.inbox = Inbox(engine, clock)
        self.alerts = Alerts(engine, clock)
        self.drafts = Drafts(engine, clock)
        self.schedules = Schedules(engine, clock)
        self.crew = Crew(engine, clock) if is_shared(engine) else Solo()
        self.allowance = Allowance(engine) if is_shared(engine) else None
        self._insert = postgresql.insert if is_shared(engine) else sqlite.insert

    async def remember(self, numbers: Sequence[KnownNumber]) -> None:
        """Keep numbers as the last known ones, where they are not older than what is known."""
        rows = [
            {
                "metric": one.metric,
                "coin": one.coin.value,
                "value": one.quote.value,
                "source": one.quote.source,
                "observed_at": to_number(one.quote.observed_at),
                "fetched_at": to_number(one.quote.fetched_at),
            }
            for one in numbers
        ]
        if not rows:
            return
        put = self._insert(KNOWN_NUMBERS)
        new = put.excluded
        changes = {name: new[name] for name in ("value", "source", "observed_at", "fetched_at")}
        put = put.on_conflict_do_update(
            index_elements=["metric", "coin"],
            set_=changes,
            where=new.observed_at >= KNOWN_NUMBERS.c.observed_at,
        )
        async with begun(self._engine) as connection:
            await connection.execute(put, rows)

    async def known(self) -> tuple[KnownNumber, ...]:
        """Return the last known numbers."""
        async with begun(self._engine) as connection:
            rows = (await connection.execute(select(KNOWN_NUMBERS))).all()
        return tuple(
            KnownNumber(
                row.metric,
                Coin(row.coin),
                Quote(
                    row.value,
                    row.source,
                    from_number(row.observed_at),
                    from_number(row.fetched_at),
                    Quality.LAST_KNOWN,
                ),
            )
            for row in rows
        )

    async def record(self, snapshots: Sequence[Snapshot]) -> None:
        """Keep each number of the snapshots that is of today and undisputed; one that is there already is left."""
        rows = [
            {
                "stat": snapshot.stat.key,
                "coin": coin.value,
                "width": RAW,
                "at": to_number(side.observed_at),
                "count": 1,
                "mean": side.value,
                "low": side.value,
                "high": side.value,
                "source": side.source,
            }
            for snapshot in snapshots
            for coin, side in snapshot.sides.items()
            if isinstance(side, Quote) and side.quality not in {Quality.LAST_KNOWN, Quality.DISPUTED}
        ]
        if rows:
            async with begun(self._engine) as connection:
                await connection.execute(self._insert(POINTS).on_conflict_do_nothing(), rows)

    async def series(self, stat: Stat, span: timedelta) -> Series:
        """Return what is recorded of a statistic: single values for two days, means over hours or days beyond."""
        now = self._clock()
        width = next((width for limit, width in SPANS if span <= limit), DAY)
        async with begun(self._engine) as connection:
            rows = (await connection.execute(_since(stat, width, to_number(now - span)))).all()
            first = await connection.scalar(select(func.min(POINTS.c.at)).where(POINTS.c.stat == stat.key))
        sides = {coin: [Point(from_number(row.at), row.mean) for row in rows if row.coin == coin] for coin in Coin}
        names = (name for row in rows for name in row.source.split(" + "))
        return Series(
            stat,
            {coin: _thinned(points) for coin, points in sides.items()},
            tuple(dict.fromkeys(names)),
            None if first is None else from_number(first),
            now,
            span,
        )

    async def roll_up(self) -> None:
        """Join old values into means over hours, those into means over days, and forget what is too old."""
        now = self._clock()
        async with begun(self._engine) as connection:
            for step in rolling.STEPS:
                end = to_number(rolling.start_of(now - step.after, step.into))
                old = (await connection.execute(rolling.joined(step, end))).mappings().all()
                if old:
                    await connection.execute(self._insert(POINTS).on_conflict_do_nothing(), [dict(row) for row in old])
                gone = to_number(now - step.kept)
                await connection.execute(delete(POINTS).where(POINTS.c.width == step.of, POINTS.c.at < min(gone, end)))
            await connection.execute(
                delete(POINTS).where(POINTS.c.width == DAY, POINTS.c.at < to_number(now - rolling.LONGEST))
            )

    async def begin_digest(self, owner: int, every: timedelta) -> bool:
        """Note that an owner is sent a digest now; return False, noting nothing, if the last was less than that ago."""
        now = self._clock()
        put = self._insert(DIGESTS).values(owner=owner, sent_at=to_number(now))
        put = put.on_conflict_do_update(
            index_elements=["owner"],
            set_={"sent_at": put.excluded.sent_at},
            where=DIGESTS.c.sent_at <= to_number(now - every),
        )
        async with begun(self._engine) as connection:
            return (await connection.execute(put.returning(DIGESTS.c.owner))).first() is not None

    async def forget_digest(self, owner: int) -> None:
        """Note that an owner was not sent a digest after all."""
        async with begun(self._engine) as connection:
            await connection.execute(delete(DIGESTS).where(DIGESTS.c.owner == owner))

    async def records(self, salt: str = "") -> Records:
        """Return the records of questions; ids are hashed with `salt`, or with the one made here once."""
        if not salt:
            made = self._insert(SALTS).values(id=1, salt=token_hex(SALT_BYTES)).on_conflict_do_nothing()
            async with begun(self._engine) as connection:
                await connection.execute(made)
                salt = (await connection.execute(select(SALTS.c.salt))).scalar_one()
        return Records(self._engine, self._clock, Hasher(salt))


def _since(stat: Stat, width: int, start: int) -> Select[tuple[str, int, float, str]]:
    """Return the points of a width, and the finer ones after the last of those."""
    table = POINTS.c
    of_stat = select(table.coin, table.at, table.mean, table.source).where(table.stat == stat.key, table.at >= start)
    if width == RAW:
        return of_stat.where(table.width == RAW).order_by(table.at)
    ends = select(func.max(table.at) + width * 1_000_000).where(table.stat == stat.key, table.width == width)
    is_newer = table.at >= func.coalesce(ends.scalar_subquery(), 0)
    return of_stat.where((table.width == width) | ((table.width < width) & is_newer)).order_by(table.at)


def _thinned(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return every n-th point, and the last one, so that there are not too many."""
    step = -(-len(points) // MOST_POINTS) or 1
    return tuple(points[len(points) - 1 :: -step][::-1]) if points else ()


@asynccontextmanager
async def open_store(url: str, clock: Clock) -> AsyncIterator[Store]:
    """Open a database, bring its tables up to date, and close it afterwards.

    Raises:
        StoreError: the URL is none, the database cannot be opened or written, or it was made by a newer program.
    """
    engine = make_engine(url)
    try:
        try:
            touch(engine)
            async with engine.begin() as connection:
                await connection.run_sync(upgrade)
        except Exception as error:
            if not isinstance(error, sqlite3.Error) and not is_failure(error):
                raise
            shown = make_url(url).render_as_string(hide_password=True)
            reason = str(getattr(error, "orig", error)).partition("\n")[0]
            raise StoreError(
                f"database.url: cannot use {shown} ({reason}); mend the path, its rights or the URL"
            ) from error
        yield Store(engine, clock)
    finally:
        await engine.dispose()


async def known_in(url: str) -> tuple[KnownNumber, ...]:
    """Return the last known numbers of a database, which stays as it is; none where there is none.

    Raises:
        StoreError: the URL is none, or the database cannot be read.
    """
    engine = make_engine(url)
    try:
        if not is_there(engine):
            return ()
        touch(engine)
        return await Store(engine, utc_now).known()
    except (sqlite3.Error, OSError) as error:
        raise StoreError("the database cannot be opened") from error
    finally:
        await engine.dispose()
