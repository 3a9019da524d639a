"""Several programs on one PostgreSQL: what is whose, and what becomes of it when one is gone."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import event, text

from bot.model.clock import utc_now
from bot.model.incoming import Incoming
from bot.store import Crew, Duty, Room, Solo, Store, open_store
from bot.store.crew import Tempo
from bot.store.engine import make_session_engine
from tests.bases import Base
from tests.conftest import StandingClock
from tests.crews import DEAF, QUICK, open_crew
from tests.postgres import Cluster

PATIENCE = 60  # seconds a test waits for what comes in a moment
SESSIONS = "select pid from pg_stat_activity where application_name = 'btc-bch-bot crew'"
NONE = Room(0, 0)


@pytest.fixture
def base(postgres: Cluster) -> Base:
    return Base(postgres.new_database())


@dataclass
class Hands:
    """Takes what it is given, and does none of it."""

    space: Room = field(default_factory=lambda: Room(10, 10))
    given: list[Incoming] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def room(self) -> Room:
        lanes = len(self.busy())
        return Room(self.space.lanes - lanes, self.space.updates - len(self.given))

    def known(self) -> Collection[int]:
        return [one.update_id for one in self.given]

    def busy(self) -> Collection[int]:
        return {one.lane for one in self.given}

    async def give(self, batch: Sequence[Incoming]) -> None:
        self.given += batch
        async with self.changed:
            self.changed.notify_all()

    @property
    def numbers(self) -> list[int]:
        return [one.update_id for one in self.given]

    async def has(self, count: int) -> None:
        """Wait until so many were given."""
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(lambda: len(self.given) >= count)


@dataclass
class Program:
    """One of several programs."""

    store: Store
    crew: Crew
    hands: Hands = field(default_factory=Hands)
    serving: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.crew.taker = self.hands
        self.serving = asyncio.create_task(self.crew.serve())

    async def end(self) -> None:
        """Vanish, as far as the database sees."""
        if self.serving:
            self.serving.cancel()
            await asyncio.gather(self.serving, return_exceptions=True)

    async def allow(self, space: Room) -> None:
        """Change how much it takes, and wait until it goes by that: a look that is under way goes by what was."""
        self.hands.space = space
        await self._looked()
        await self._looked()

    async def _looked(self) -> None:
        """Let it look, and wait for the end of a look."""
        before = self.crew._seen
        self.crew.wake()
        async with asyncio.timeout(PATIENCE), self.crew._changed:
            await self.crew._changed.wait_for(lambda: self.crew._seen > before)

    async def keep(self, *numbers: int, lane: int = 7) -> None:
        """Keep updates, and look at once."""
        await self.store.inbox.keep([Incoming(number, lane, b"{}", utc_now()) for number in numbers])
        self.crew.wake()


@asynccontextmanager
async def programs(base: Base, count: int = 2, tempo: Tempo = QUICK) -> AsyncIterator[list[Program]]:
    async with open_crew(base.url, count, tempo=lambda _: tempo) as crew:
        made = [Program(*one) for one in crew]
        for program in made:
            program.start()
        try:
            yield made
        finally:
            for program in made:
                await program.end()


async def test_programs_that_start_at_once_make_the_tables_once(base: Base) -> None:
    """Each waits for the one that is at it, and all of them can be used."""

    async def start() -> bytes:
        async with open_store(base.url, utc_now) as store:
            return (await store.records())._hasher.salt.encode()

    salts = await asyncio.gather(*(start() for _ in range(3)))

    assert len(set(salts)) == 1


async def test_a_lane_is_one_programs(base: Base) -> None:
    """Whoever keeps an update of a lane, it goes to the program that has the lane, told and not found out."""
    async with programs(base, tempo=DEAF) as (one, two):
        await two.allow(NONE)
        await one.keep(1)
        await one.hands.has(1)
        two.hands.space = Room(10, 10)
        await two.keep(2)
        await one.hands.has(2)
        await one.allow(Room(0, 10))
        await two.keep(3, lane=-8)
        await two.hands.has(1)
        given = one.hands.numbers, two.hands.numbers  # one that ends leaves its lanes to the other

    assert given == ([1, 2], [3])


async def test_an_update_brought_to_two_is_one(base: Base) -> None:
    """The same update, kept by both at once, is given once."""
    async with programs(base) as (one, two):
        await asyncio.gather(*(program.keep(*range(20)) for program in (one, two)))
        await asyncio.wait(
            [asyncio.create_task(one.hands.has(10)), asyncio.create_task(two.hands.has(10))],
            return_when=asyncio.FIRST_COMPLETED,
        )
        await one.keep(100)
        given = one.hands.numbers, two.hands.numbers  # one that ends leaves its lanes to the other

    assert sorted(given) == [[], list(range(10))]


async def test_what_one_leaves_another_takes_in_order(base: Base) -> None:
    """When a program is gone, its lanes and all that waits in them are another's."""
    async with programs(base) as (one, two):
        await two.allow(NONE)
        await one.keep(1, 2)
        await one.hands.has(2)
        two.hands.space = Room(10, 10)
        await two.keep(3)
        await one.hands.has(3)
        await one.store.inbox.finish([1])
        await one.end()
        await two.hands.has(2)

    assert two.hands.numbers == [2, 3]


async def test_who_has_no_room_leaves_lanes_to_others(base: Base) -> None:
    """A program takes as many lanes and updates as it can do with, those first that have waited longest."""
    async with programs(base, tempo=DEAF) as (one, two):
        await one.allow(NONE)
        await two.allow(NONE)
        for number in range(4):
            await one.store.inbox.keep([Incoming(number * 10 + more, number, b"", utc_now()) for more in range(2)])
        one.hands.space = Room(2, 3)
        one.crew.wake()
        await one.hands.has(3)
        two.hands.space = Room(10, 10)
        two.crew.wake()
        await two.hands.has(4)
        given = one.hands.numbers, two.hands.numbers  # one that ends leaves its lanes to the other

    assert given == ([0, 1, 10], [20, 21, 30, 31])


async def test_a_lane_that_rests_goes_back(base: Base) -> None:
    """After a while, or when there are too many, a program lets go of lanes where it has nothing to do."""
    async with programs(base, tempo=Tempo(look=0.02, most=1)) as (one, two):
        await two.allow(NONE)
        await one.keep(1, lane=1)
        await one.keep(2, lane=2)
        await one.hands.has(2)
        await one.store.inbox.finish([1, 2])
        one.hands.given.clear()
        await one.allow(NONE)
        two.hands.space = Room(10, 10)
        await two.keep(3, lane=1)
        await two.hands.has(1)

        assert one.crew.holds(2)
        assert two.hands.numbers == [3]


async def test_a_broken_line_costs_everything_and_is_mended(base: Base) -> None:
    """What was a program's is not while it is out of touch, which is said once; then it takes what is free."""
    async with programs(base, 1) as (one,):
        await one.keep(1)
        await one.hands.has(1)
        held = one.crew.holds(7)
        with structlog.testing.capture_logs() as logs:
            pids = await base.rows(SESSIONS)
            await base.run(*(f"select pg_terminate_backend({pid}, {1000 * PATIENCE})" for (pid,) in pids))
            one.hands.given.clear()
            await one.hands.has(1)

        assert held
        assert one.crew.holds(7)
    assert one.hands.numbers == [1]
    assert [log["event"] for log in logs if log["log_level"] == "warning"] == ["crew.out_of_touch"]


async def test_nothing_is_sure_for_long(base: Base) -> None:
    """A program that did not look for some time counts nothing as its own, for another may have it."""
    async with programs(base, 1, tempo=Tempo(look=3600, sure=0.0)) as (one,):
        await one.keep(1)
        await one.hands.has(1)

        assert not one.crew.holds(7)


async def test_the_server_gives_up_who_says_nothing(base: Base) -> None:
    """A program that hangs, with its connection open, loses what it locked."""
    async with programs(base) as (one, two):
        await one.end()
        frozen = make_session_engine(one.store._engine, idle=PATIENCE, answer=PATIENCE)
        async with frozen.connect() as connection:
            idle = await connection.scalar(text("show idle_session_timeout"))
            # sooner only now: whoever is slow to connect would be given up before he holds anything
            await connection.exec_driver_sql(
                "select set_config('idle_session_timeout', '50', false), pg_advisory_lock(7)"
            )
            await one.keep(1)
            await two.hands.has(1)
            await connection.invalidate()
        await frozen.dispose()

    assert idle == f"{PATIENCE // 60}min"
    assert two.hands.numbers == [1]


async def test_who_can_take_nothing_still_says_something(base: Base) -> None:
    """Each look says a word to the server, or it would take a busy program for gone."""
    looks, words = asyncio.Semaphore(0), []

    class Full(Hands):
        def room(self) -> Room:
            looks.release()
            words.append("look")
            return NONE

    async with asyncio.timeout(PATIENCE), open_crew(base.url, 1) as ((store, crew),):
        program = Program(store, crew, Full())
        event.listen(crew._session.sync_engine, "before_cursor_execute", lambda *_: words.append("word"))
        program.start()
        for _ in range(3):
            await looks.acquire()
        await program.end()

    assert "look look" not in " ".join(words)


class Job:
    """Work that goes on until it is told how to end."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.was_given_up = asyncio.Event()

    async def __call__(self) -> None:
        self.begun.set()
        try:
            await asyncio.shield(self.end)
        except asyncio.CancelledError:
            self.was_given_up.set()
            raise


async def test_a_duty_is_done_by_one_and_taken_over(base: Base) -> None:
    """While one is at it the other stands by, and hears that all is well; when it is gone the other begins."""
    relieved = asyncio.Event()
    first, second = Job(), Job()
    async with asyncio.timeout(PATIENCE), programs(base) as (one, two):
        doing = asyncio.create_task(one.crew.on_duty(Duty.SCHEDULES, first))
        await first.begun.wait()
        waiting = asyncio.create_task(two.crew.on_duty(Duty.SCHEDULES, second, relieved.set))
        await relieved.wait()
        other = asyncio.create_task(two.crew.on_duty(Duty.POLLING, Job()))
        begun_early = second.begun.is_set()
        await one.end()
        await first.was_given_up.wait()
        await second.begun.wait()
        second.end.set_result(None)
        await waiting
        for task in (doing, other):
            task.cancel()
        await asyncio.gather(doing, other, return_exceptions=True)

    assert not begun_early


async def test_a_duty_that_fails_says_so(base: Base) -> None:
    """What the work raises, whoever gave it hears."""
    async with asyncio.timeout(PATIENCE), programs(base, 1) as (one,):
        job = Job()
        job.end.set_exception(ValueError("no"))

        with pytest.raises(ValueError, match="no"):
            await one.crew.on_duty(Duty.POLLING, job)


async def test_one_is_first(base: Base, clock: StandingClock) -> None:
    """What one does for all, no other does within its time, unless it was not done after all."""
    minute = timedelta(minutes=1)
    async with open_crew(base.url, clock=clock) as ((_, one), (_, two)):
        firsts = [await crew.is_first("news", minute) for crew in (one, two)]
        other = await two.is_first("more news", minute)
        await one.forget("news")
        again = await two.is_first("news", minute)
        clock.pass_by(minute)
        later = await one.is_first("news", minute)

    assert (firsts, other, again, later) == ([True, False], True, True, True)


async def test_what_was_told_is_forgotten_after_a_day(base: Base, clock: StandingClock) -> None:
    """Then anybody may be the first again; cleaning goes on where the database fails."""
    async with open_crew(base.url, 1, clock) as ((_, crew),):
        await crew.is_first("news", timedelta(minutes=1))
        clock.pass_by(timedelta(days=1, seconds=1))
        await crew.expire()
        left = await base.rows("select * from notices")
        await base.run("drop table notices")
        with structlog.testing.capture_logs() as logs:
            cleaning = asyncio.create_task(crew.keep_clean())
            async with asyncio.timeout(PATIENCE):
                while not logs:  # noqa: ASYNC110 - nothing tells of a line in the log
                    await asyncio.sleep(0)
            cleaning.cancel()
            await asyncio.gather(cleaning, return_exceptions=True)

    assert left == []
    assert [log["event"] for log in logs] == ["crew.not_cleaned"]


async def test_who_is_alone_does_everything() -> None:
    """On a SQLite there is nobody to share with."""
    solo, job = Solo(), Job()
    job.end.set_result(None)

    await solo.serve()
    await solo.keep_clean()
    await solo.on_duty(Duty.POLLING, job)
    await solo.forget("news")

    assert job.begun.is_set()
    assert await solo.is_first("news", timedelta(days=1))
    assert await solo.is_first("news", timedelta(days=1))
