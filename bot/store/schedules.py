"""Plans of posts that come again, and the posts themselves, each noted before it is sent so that none comes twice."""

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.model.clock import Clock
from bot.model.schedule import Plan, Posted, Slot, State, Timing
from bot.store.engine import begun
from bot.store.moment import from_number, to_number
from bot.store.tables import PLANS, POSTS

MOST_PLANS = 10  # of one person
KEPT = timedelta(days=90)  # posts of the past
EVERY_DAY = -1
NEVER = ""


class Schedules:
    """Reads and writes; each call is one transaction, and raises `StoreError` where the database fails."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._insert = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert

    async def add(self, person: int, channel: int, what: str, timing: Timing) -> Plan | None:
        """Keep a new plan; None if its person has as many as there may be."""
        weekday = EVERY_DAY if timing.weekday is None else timing.weekday
        values = {
            "person": person,
            "channel": channel,
            "what": what,
            "time": f"{timing.at:%H:%M}",
            "zone": timing.zone,
            "weekday": weekday,
            "started_at": to_number(self._clock()),
            "state": State.ACTIVE.value,
            "last_day": NEVER,
        }
        count = select(func.count()).select_from(PLANS).where(PLANS.c.person == person)
        async with begun(self._engine) as connection:
            if (await connection.execute(count)).scalar_one() >= MOST_PLANS:
                return None
            return _plan((await connection.execute(insert(PLANS).values(values).returning(*PLANS.c))).one())

    async def of(self, person: int) -> tuple[Plan, ...]:
        """Return somebody's plans, oldest first."""
        return await self._plans(select(PLANS).where(PLANS.c.person == person))

    async def active(self) -> tuple[Plan, ...]:
        """Return the plans that are carried out, oldest first."""
        return await self._plans(select(PLANS).where(PLANS.c.state == State.ACTIVE.value))

    async def pause(self, number: int, person: int) -> None:
        """Stop somebody's own plan for a while."""
        async with begun(self._engine) as connection:
            stop = update(PLANS).where(PLANS.c.id == number, PLANS.c.person == person)
            await connection.execute(stop.values(state=State.PAUSED.value))

    async def resume(self, number: int, person: int) -> None:
        """Go on with somebody's own plan; what was not posted meanwhile is not missed."""
        async with begun(self._engine) as connection:
            again = update(PLANS).where(PLANS.c.id == number, PLANS.c.person == person)
            again = again.where(PLANS.c.state != State.ACTIVE.value)
            await connection.execute(again.values(state=State.ACTIVE.value, started_at=to_number(self._clock())))

    async def lose(self, channel: int, person: int) -> bool:
        """Stop somebody's plans for a channel that is lost to them; return whether any was active until now."""
        stop = update(PLANS).where(PLANS.c.channel == channel, PLANS.c.person == person)
        stop = stop.where(PLANS.c.state == State.ACTIVE.value).values(state=State.LOST.value)
        async with begun(self._engine) as connection:
            return bool((await connection.execute(stop)).rowcount)

    async def drop(self, number: int, person: int) -> None:
        """Forget somebody's own plan and its posts."""
        async with begun(self._engine) as connection:
            await connection.execute(delete(PLANS).where(PLANS.c.id == number, PLANS.c.person == person))

    async def taken(self, plan: int) -> frozenset[date]:
        """Return the days whose posts were begun."""
        async with begun(self._engine) as connection:
            rows = await connection.execute(select(POSTS.c.day).where(POSTS.c.plan == plan))
            return frozenset(date.fromisoformat(row.day) for row in rows)

    async def claim(self, plan: int, slot: Slot) -> bool:
        """Note that the post of a slot is begun; False, noting nothing, if it was, or the plan is not active any more.

        Of all programs that ask, at once or one after the other, one is told that it may.
        """
        row = {"plan": plan, "day": slot.day.isoformat(), "at": to_number(slot.at)}
        row |= {"messages": "[]", "numbers": "{}", "mend_until": 0}
        begun_now = self._insert(POSTS).values(row).on_conflict_do_nothing().returning(POSTS.c.plan)
        current = update(PLANS).where(PLANS.c.id == plan, PLANS.c.state == State.ACTIVE.value)
        async with begun(self._engine) as connection:
            # The update comes first: it locks the plan, so that whoever pauses it comes before or after, never between.
            if not (await connection.execute(current.values(last_day=slot.day.isoformat()))).rowcount:
                return False
            is_ours = (await connection.execute(begun_now)).first() is not None
            old = to_number(slot.at - KEPT)
            await connection.execute(delete(POSTS).where(POSTS.c.plan == plan, POSTS.c.at < old))
            return is_ours

    async def release(self, plan: int, slot: Slot) -> None:
        """Note that a post was certainly not sent, so that it is due again."""
        async with begun(self._engine) as connection:
            await connection.execute(delete(POSTS).where(*_spot(plan, slot)))
            await connection.execute(update(PLANS).where(PLANS.c.id == plan).values(last_day=NEVER))

    async def settle(self, posted: Posted, mend_until: datetime | None) -> None:
        """Note what became of a post, and until when it may be mended, if it has to be."""
        values = {
            "messages": json.dumps(list(posted.messages)),
            "numbers": json.dumps(posted.numbers),
            "mend_until": to_number(mend_until) if mend_until else 0,
        }
        async with begun(self._engine) as connection:
            await connection.execute(update(POSTS).where(*_spot(posted.plan, posted.slot)).values(values))

    async def before(self, plan: int, slot: Slot) -> Posted | None:
        """Return the last post with numbers before a slot."""
        earlier = select(POSTS).where(POSTS.c.plan == plan, POSTS.c.at < to_number(slot.at), POSTS.c.numbers != "{}")
        async with begun(self._engine) as connection:
            row = (await connection.execute(earlier.order_by(POSTS.c.at.desc()).limit(1))).first()
            return None if row is None else _posted(row)

    async def to_mend(self) -> tuple[tuple[Plan, Posted, datetime], ...]:
        """Return the posts whose numbers were not all there, with their plans, and until when they may be mended."""
        open_posts = select(POSTS).where(POSTS.c.mend_until > to_number(self._clock()))
        async with begun(self._engine) as connection:
            rows = (await connection.execute(open_posts)).all()
            plans = await _found(connection, select(PLANS).where(PLANS.c.id.in_({row.plan for row in rows})))
        by_id = {plan.id: plan for plan in plans if plan.state is State.ACTIVE}
        return tuple((by_id[row.plan], _posted(row), from_number(row.mend_until)) for row in rows if row.plan in by_id)

    async def _plans(self, wanted: Select[Any]) -> tuple[Plan, ...]:
        async with begun(self._engine) as connection:
            return await _found(connection, wanted)


async def _found(connection: AsyncConnection, wanted: Select[Any]) -> tuple[Plan, ...]:
    return tuple(map(_plan, await connection.execute(wanted.order_by(PLANS.c.id))))


def _spot(plan: int, slot: Slot) -> tuple[Any, ...]:
    return POSTS.c.plan == plan, POSTS.c.day == slot.day.isoformat()


def _plan(row: Any) -> Plan:
    timing = Timing(time.fromisoformat(row.time), row.zone, None if row.weekday == EVERY_DAY else row.weekday)
    last_day = date.fromisoformat(row.last_day) if row.last_day else None
    started = from_number(row.started_at)
    return Plan(row.id, row.person, row.channel, row.what, timing, started, State(row.state), last_day)


def _posted(row: Any) -> Posted:
    slot = Slot(date.fromisoformat(row.day), from_number(row.at))
    return Posted(row.plan, slot, tuple(json.loads(row.messages)), json.loads(row.numbers))
