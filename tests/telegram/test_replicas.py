"""Two real applications on one PostgreSQL: one answer to each update, in order, whichever of them gets it or goes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from telegram import Update
from telegram.ext import ApplicationBuilder, TypeHandler

from bot.faces.simulator import LocalRequest, LocalTelegram
from bot.faces.telegram import UPDATES, Bulletin, Pace, Registration, Sender
from bot.faces.telegram.app import App
from bot.faces.telegram.face import Context
from bot.faces.telegram.hearing import Ear, Hearing
from bot.faces.telegram.reception import Reception
from bot.model.clock import utc_now
from bot.model.news import Mended
from bot.model.trouble import Alarm, Trouble, Troubles
from bot.model.vitals import Organ, Vitals
from bot.store import Crew, Store
from bot.store.crew import Tempo
from bot.watchdog import Receives
from tests.bases import Base
from tests.crews import DEAF, QUICK, open_crew
from tests.postgres import Cluster
from tests.telegram.test_reception import text

PATIENCE = 60  # seconds a test waits for what comes in a moment
END = "select pg_terminate_backend(pid, 60000) from pg_stat_activity where application_name = 'btc-bch-bot crew'"


@pytest.fixture
def base(postgres: Cluster) -> Base:
    return Base(postgres.new_database())


@dataclass
class Notes:
    """A handler that notes what it begins and what it has done; a text that is held waits until it is let go."""

    begun: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    held: set[int] = field(default_factory=set)

    async def __call__(self, update: Update, _: Context) -> None:
        await self._note(lambda: self.begun.append(update.update_id))
        async with self.changed:
            await self.changed.wait_for(lambda: update.update_id not in self.held)
        await self._note(lambda: self.done.append(update.update_id))

    async def let_go(self, number: int) -> None:
        await self._note(lambda: self.held.discard(number))

    async def _note(self, change: Callable[[], None]) -> None:
        async with self.changed:
            change()
            self.changed.notify_all()

    async def until(self, is_so: Callable[["Notes"], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(lambda: is_so(self))


class Pulse(Vitals):
    """Vitals that say when they first hear of polling."""

    def __init__(self) -> None:
        super().__init__()
        self.is_polling = asyncio.Event()

    def beat(self, organ: Organ) -> None:
        super().beat(organ)
        if organ is Organ.POLL:
            self.is_polling.set()


@dataclass
class Replica:
    """One of several programs; `reception` takes what Telegram brings it."""

    store: Store
    crew: Crew
    notes: Notes
    app: App
    vitals: Pulse = field(default_factory=Pulse)
    ear: Ear | None = None

    @property
    def reception(self) -> Reception:
        assert self.ear
        return self.ear.reception

    async def receive(self, *raws: dict[str, Any]) -> None:
        await self.reception.receive(raws)


@asynccontextmanager
async def no_door(_app: App, _receives: Receives) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def replicas(
    base: Base, tempo: Callable[[int], Tempo] = lambda _: QUICK, count: int = 2
) -> AsyncIterator[list[Replica]]:
    """Give programs whose hearing is up to the test."""
    tg, made = LocalTelegram("duel_bot"), []
    async with open_crew(base.url, count, tempo=tempo) as crew:
        for store, one in crew:
            notes = Notes()
            builder = ApplicationBuilder().token(tg.token).updater(None)
            app = builder.request(LocalRequest(tg)).get_updates_request(LocalRequest(tg)).build()
            app.add_handler(TypeHandler(Update, notes))
            await app.initialize()
            await app.start()
            made.append(Replica(store, one, notes, app))
        yield made
        for replica in made:
            await replica.app.stop()
            await replica.app.shutdown()


@asynccontextmanager
async def hearing(replica: Replica) -> AsyncIterator[None]:
    """Let a replica be called meanwhile."""
    hears = Hearing(replica.store.inbox, replica.vitals, door=no_door, crew=replica.crew)
    async with hears.open(replica.app, UPDATES) as replica.ear:
        yield


async def everything_done(base: Base) -> bool:
    return await base.rows("select update_id from inbox where finished_at is null") == []


async def test_an_update_that_comes_twice_is_answered_once(base: Base) -> None:
    """Two programs get the same updates at the same moment, as when Telegram repeats them: one handles each."""
    async with replicas(base) as (one, two), hearing(one), hearing(two):
        batch = [text(number, chat=number % 4 + 1) for number in range(1, 41)]
        await asyncio.gather(*(replica.receive(raw) for raw in batch for replica in (one, two)))
        both = one.notes.done, two.notes.done
        while sum(map(len, both)) < len(batch):
            waits = [asyncio.create_task(each.notes.until(_has_more(each.notes))) for each in (one, two)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    assert sorted(both[0] + both[1]) == list(range(1, 41))
    assert await everything_done(base)
    for chat in range(4):
        for done in both:
            mine = [number for number in done if number % 4 == chat]
            assert mine == sorted(mine)


def _has_more(notes: Notes) -> Callable[[Notes], bool]:
    before = len(notes.done)
    return lambda now: len(now.done) > before


async def test_a_chat_stays_with_one_program(base: Base) -> None:
    """What the other one gets for a chat is handled where the chat was spoken with, after what came before."""
    async with replicas(base, lambda _: DEAF) as (one, two), hearing(one):
        one.notes.held.add(1)
        await one.receive(text(1))
        await one.notes.until(lambda notes: notes.begun == [1])
        async with hearing(two):
            await two.receive(text(2))
            await one.receive(text(3))
            await one.notes.let_go(1)
            await one.notes.until(lambda notes: len(notes.done) == 3)

    assert one.notes.done == [1, 2, 3]
    assert two.notes.begun == []


async def test_another_takes_over_from_one_that_is_gone(base: Base) -> None:
    """What it had begun is done again, what waited is done in order, and nothing twice by itself when it comes back."""
    tempos = [DEAF, QUICK]
    async with replicas(base, lambda number: tempos[number]) as (one, two), hearing(one):
        one.notes.held.add(2)
        await one.receive(text(1), text(2), text(3))
        await one.notes.until(lambda notes: notes.begun == [1, 2])
        async with hearing(two):
            await base.run(END.replace("where", "where pid <> pg_backend_pid() and"))
            one.crew.wake()
            await two.notes.until(lambda notes: notes.done == [2, 3])
            await one.notes.let_go(2)
            await one.notes.until(lambda notes: 2 in notes.done)
            await one.reception.lanes.idle()

        assert one.notes.begun == [1, 2]
        assert await everything_done(base)


async def test_who_is_stopped_leaves_the_rest(base: Base) -> None:
    """What was begun is finished, what was not another does."""
    async with replicas(base) as (one, two):
        async with hearing(one):
            one.notes.held.add(1)
            await one.receive(text(1), text(2))
            await one.notes.until(lambda notes: notes.begun == [1])
            stopping = asyncio.create_task(one.reception.stop())
            await one.receive(text(3))
            await one.notes.let_go(1)
            await stopping
        async with hearing(two):
            await two.notes.until(lambda notes: notes.done == [2, 3])

    assert one.notes.done == [1]


async def test_an_end_that_was_not_noted_is_not_repeated(base: Base) -> None:
    """While the database takes nothing, what is done stays done for the program that did it."""
    async with replicas(base, count=1) as (one,), hearing(one):
        one.notes.held.add(1)
        await one.receive(text(1))
        await one.notes.until(lambda notes: notes.begun == [1])
        await base.run("alter table inbox add constraint open check (finished_at is null) not valid")
        with structlog.testing.capture_logs() as logs:
            await one.notes.let_go(1)
            await one.reception.lanes.idle()
        await base.run("alter table inbox drop constraint open")
        await one.receive(text(2))
        await one.notes.until(lambda notes: 2 in notes.done)

    assert one.notes.begun == [1, 2]
    assert [log["event"] for log in logs] == ["telegram.end_not_noted"]
    assert await everything_done(base)


async def test_one_polls_and_another_stands_by(base: Base) -> None:
    """Only one asks for updates; when it is gone, the other does, and has been well all the time."""
    tg, asked = LocalTelegram("duel_bot"), []

    def line(number: int) -> Callable[[], LocalRequest]:
        class Line(LocalRequest):
            async def do_request(self, url: str, *args: Any, **how: Any) -> tuple[int, bytes]:
                asked.append(number)
                return await LocalRequest.do_request(self, url, *args, **how)

        return lambda: Line(tg)

    ann = tg.person("Ann")
    async with replicas(base) as both, asyncio.timeout(PATIENCE):
        running = []
        for number, replica in enumerate(both):
            stop = asyncio.Event()
            running.append((asyncio.create_task(_poll(replica, stop, line(number))), stop))
            await replica.vitals.is_polling.wait()
        by_one = set(asked)
        running[0][1].set()
        await running[0][0]
        ann.say(ann.private, "fees?")
        await both[1].notes.until(lambda notes: len(notes.done) == 1)
        running[1][1].set()
        await running[1][0]

    assert by_one == {0}
    assert asked[-1] == 1


async def _poll(replica: Replica, stop: asyncio.Event, line: Callable[[], LocalRequest]) -> None:
    hears = Hearing(replica.store.inbox, replica.vitals, transport=line, crew=replica.crew)
    async with hears.open(replica.app, UPDATES) as ear:
        await ear.hear(stop)


async def test_owners_are_told_by_one(base: Base) -> None:
    """News and trouble are told once, whoever sees them; what reached nobody may be told by another."""
    tg = LocalTelegram("duel_bot")
    olga, away = tg.person("Olga"), tg.person("Al")
    olga.start()
    alarm = Alarm(Trouble.SOURCES)
    async with _bot(tg) as bot, open_crew(base.url) as crew:
        lost = [await Bulletin(Sender(bot), (away.id,), one).alert(alarm) for _, one in crew]
        told = [await Bulletin(Sender(bot), (olga.id,), one).alert(alarm) for _, one in crew]
        for _, one in crew:
            await Bulletin(Sender(bot), (olga.id,), one).tell(Mended("0123456789ab"))
        await base.run("drop table notices")
        late = [await Bulletin(Sender(bot), (person,), crew[0][1]).alert(alarm) for person in (olga.id, away.id)]

    assert (lost, told, late) == ([False, False], [True, True], [True, False])
    assert len(tg.sent_by_bot(olga.private)) == 3


@asynccontextmanager
async def _bot(tg: LocalTelegram) -> AsyncIterator[Any]:
    builder = ApplicationBuilder().token(tg.token).updater(None).rate_limiter(Pace())
    app = builder.request(LocalRequest(tg)).get_updates_request(LocalRequest(tg)).build()
    async with app:
        yield app.bot


async def test_one_sets_the_webhook(base: Base) -> None:
    """Of those that start together one sets it, the others only look; a new secret is set once more."""
    tg = LocalTelegram("duel_bot")
    async with _bot(tg) as bot, open_crew(base.url) as crew:
        for secret in ("a" * 32, "b" * 32):
            for _, one in crew:
                url = "https://bot.example/telegram"
                assert await Registration(bot, url, secret, UPDATES, Troubles(), utc_now, crew=one).open()
        await base.run("drop table notices")
        assert await Registration(bot, url, "b" * 32, UPDATES, Troubles(), utc_now, crew=crew[0][1]).open()

    assert [call.parameters["secret_token"][0] for call in tg.calls_of("setWebhook")] == ["a", "b", "b"]
