"""Alerts, kept until somebody deletes them; what is told is claimed here first, so that nobody is told twice."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.model.alert import Alert, Crossing, Room, Wish
from bot.model.clock import Clock
from bot.model.quote import Coin
from bot.store.engine import begun
from bot.store.moment import from_number, to_number
from bot.store.tables import ALERTS

MOST_IN_CHAT = 20
MOST_OF_ASKER = 20
CARD_FOR = timedelta(days=1)  # that a card waits to be confirmed

_T = ALERTS.c


class Alerts:
    """Reads and writes; each call is one transaction, and raises `StoreError` where the database fails."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    async def propose(self, wish: Wish, room: Room, asker: int, *, is_armed: bool) -> int | None:
        """Keep an alert that waits to be confirmed, in place of the asker's last one here; return its id.

        None where the chat or the asker has as many alerts as one may have.
        """
        now = self._clock()
        values = {
            "chat": room.chat,
            "thread": room.thread,
            "asker": asker,
            "stat": wish.stat,
            "coin": wish.coin.value,
            "crossing": wish.crossing or "",
            "amount": wish.amount,
            "span": wish.span // timedelta(seconds=1),
            "is_confirmed": False,
            "is_armed": is_armed,
            "created_at": to_number(now),
        }
        theirs = (_T.chat == room.chat) & (_T.asker == asker)
        is_old = theirs | (_T.created_at < to_number(now - CARD_FOR))
        async with begun(self._engine) as connection:
            await connection.execute(delete(ALERTS).where(~_T.is_confirmed, is_old))
            if not await _has_space(connection, room.chat, asker):
                return None
            number: int | None = await connection.scalar(insert(ALERTS).values(values).returning(_T.id))
        return number

    async def confirm(self, number: int, chat: int) -> Alert | None:
        """Begin to watch; None where there is no such card in the chat any more, or no space."""
        is_it = (_T.id == number) & (_T.chat == chat)
        async with begun(self._engine) as connection:
            row = (await connection.execute(select(ALERTS).where(is_it))).one_or_none()
            if row is None or not (row.is_confirmed or await _has_space(connection, chat, row.asker)):
                return None
            await connection.execute(update(ALERTS).where(is_it).values(is_confirmed=True))
        return _alert(row)

    async def find(self, number: int, chat: int) -> Alert | None:
        """Return an alert or a card of a chat."""
        async with begun(self._engine) as connection:
            row = (await connection.execute(select(ALERTS).where(_T.id == number, _T.chat == chat))).one_or_none()
        return _alert(row) if row else None

    async def of_chat(self, chat: int) -> tuple[Alert, ...]:
        """Return the alerts of a chat, oldest first."""
        return await self._all(_T.chat == chat)

    async def watched(self) -> tuple[Alert, ...]:
        """Return all alerts, oldest first."""
        return await self._all(_T.id > 0)

    async def delete(self, number: int, chat: int) -> bool:
        """Delete an alert or a card of a chat; tell whether it was there."""
        async with begun(self._engine) as connection:
            gone = await connection.execute(delete(ALERTS).where(_T.id == number, _T.chat == chat))
        return gone.rowcount > 0

    async def arm(self, numbers: Collection[int]) -> None:
        """Make alerts ready for the next crossing."""
        if numbers:
            async with begun(self._engine) as connection:
                await connection.execute(update(ALERTS).where(_T.id.in_(numbers)).values(is_armed=True))

    async def claim(self, alert: Alert) -> bool:
        """Note that a crossing is told now; False where somebody else tells it, or the alert is gone.

        It is claimed before it is sent: a bot that is killed in between rather tells too little than twice.
        """
        before = _T.fired_at.is_(None) if alert.fired_at is None else _T.fired_at == to_number(alert.fired_at)
        claimed = update(ALERTS).where(_T.id == alert.id, _T.is_confirmed, _T.is_armed, before)
        done = claimed.values(is_armed=False, fired_at=to_number(self._clock())).returning(_T.id)
        async with begun(self._engine) as connection:
            return (await connection.execute(done)).first() is not None

    async def gone(self, chat: int) -> None:
        """Delete the alerts of a chat."""
        async with begun(self._engine) as connection:
            await connection.execute(delete(ALERTS).where(_T.chat == chat))

    async def moved(self, old: int, new: int) -> None:
        """Take the alerts of a group to the supergroup it became; topics are others there."""
        async with begun(self._engine) as connection:
            await connection.execute(update(ALERTS).where(_T.chat == old).values(chat=new, thread=None))

    async def _all(self, which: ColumnElement[bool]) -> tuple[Alert, ...]:
        async with begun(self._engine) as connection:
            rows = await connection.execute(select(ALERTS).where(which, _T.is_confirmed).order_by(_T.id))
            return tuple(_alert(row) for row in rows)


async def _has_space(connection: AsyncConnection, chat: int, asker: int) -> bool:
    for column, whose, most in ((_T.chat, chat, MOST_IN_CHAT), (_T.asker, asker, MOST_OF_ASKER)):
        there = select(func.count()).select_from(ALERTS).where(column == whose, _T.is_confirmed)
        if (await connection.scalar(there) or 0) >= most:
            return False
    return True


def _alert(row: Row[tuple[object, ...]]) -> Alert:
    wish = Wish(row.stat, Coin(row.coin), Crossing(row.crossing), row.amount, timedelta(seconds=row.span))
    fired = None if row.fired_at is None else from_number(row.fired_at)
    room = Room(row.chat, row.thread)
    return Alert(row.id, wish, room, row.asker, from_number(row.created_at), row.is_armed, fired)
