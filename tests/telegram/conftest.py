"""The real Application, polling a local Telegram, with the shipped knowledge."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.faces.simulator import Chat, LocalRequest, LocalTelegram, Message, Person
from bot.faces.telegram import make_application
from bot.faces.telegram.app import UPDATES, App, publish_commands
from bot.faces.telegram.editing import Editing
from bot.faces.telegram.hearing import Hearing
from bot.faces.telegram.poll import Transport
from bot.faces.telegram.reception import Reception
from bot.house import House
from bot.journal import Journal, open_journal
from bot.meters import Meters
from bot.model.clock import Clock, utc_now
from bot.pipeline import Pipeline
from bot.stack import Stack
from bot.store import Store, open_store
from tests.conftest import SHARED, StandingClock
from tests.inboxes import open_inbox
from tests.telegram.second_opinion import objections
from tests.web import Web

API = SHARED / "botapi" / "botapi-10.3.json"
SCHEMA: Any = json.loads(API.read_text("utf-8")) if API.is_file() else None


@dataclass(frozen=True, slots=True)
class Stage:
    """A local Telegram with the bot running in it; `owner` may edit the knowledge."""

    telegram: LocalTelegram
    app: App
    web: Web
    owner: Person
    reception: Reception
    house: House | None = None

    async def said(self, chat: Chat, count: int = 1) -> list[Message]:
        """Wait for so many messages of the bot in a chat."""
        return await self.telegram.written(chat, count)

    async def is_silent(self, chat: Chat, before: int = 0) -> bool:
        """Tell whether the bot said nothing more in a chat, once everything that was queued has been handled."""
        await self.rested()
        return len(self.telegram.sent_by_bot(chat)) == before

    async def rested(self) -> None:
        """Wait until everything that was queued has been handled."""
        await self.telegram.taken()
        witness = self.telegram.person("Witness")
        witness.say(witness.private, "/help")
        await self.telegram.written(witness.private)
        await self.reception.lanes.idle()

    def person(self, name: str = "Ann") -> Person:
        return self.telegram.person(name)


@asynccontextmanager
async def hearing(app: App, transport: Transport, clock: Clock = utc_now) -> AsyncIterator[Reception]:
    """Let an application hear, as `serve` does, and hand over what takes the updates."""
    stop = asyncio.Event()
    async with app, open_inbox() as inbox:
        await app.start()
        async with Hearing(inbox, transport=transport, clock=clock).open(app, UPDATES) as ear:
            running = asyncio.create_task(ear.hear(stop))
            try:
                yield ear.reception
            finally:
                stop.set()
                await running
        await app.stop()


@asynccontextmanager
async def open_stage(  # noqa: PLR0913 - each by name
    pipeline: Pipeline,
    web: Web,
    journal: Journal | None = None,
    editing: Editing | None = None,
    *,
    house: House | None = None,
    meters: Meters | None = None,
    store: Store | None = None,
    clock: Clock = utc_now,
) -> AsyncIterator[Stage]:
    telegram = LocalTelegram("duel_bot", schema=SCHEMA, clock=clock)
    owner = telegram.person("Olga")
    app = make_application(
        pipeline,
        telegram.token,
        owners=(owner.id,),
        journal=journal,
        editing=editing,
        house=house,
        meters=meters,
        store=store,
        request=lambda: LocalRequest(telegram),
    )
    async with hearing(app, lambda: LocalRequest(telegram), clock) as reception:
        await publish_commands(app)
        yield Stage(telegram, app, web, owner, reception, house)
    assert telegram.misfits + objections(telegram.calls) == []


@pytest.fixture
async def stage(pipeline: Pipeline, web: Web) -> AsyncIterator[Stage]:
    async with open_stage(pipeline, web) as stage:
        yield stage


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
async def store(file: Path, clock: StandingClock) -> AsyncIterator[Store]:
    async with open_store(f"sqlite+aiosqlite:///{file}", clock) as store:
        yield store


@pytest.fixture
async def journal(pipeline: Pipeline, store: Store) -> AsyncIterator[Journal]:
    """A journal into a real file."""
    async with open_journal(await store.records("pepper"), lambda: pipeline.meanings, timedelta(days=90)) as journal:
        yield journal


@pytest.fixture
def house(pipeline: Pipeline, store: Store) -> House:
    """The manners of each chat, kept in a real file."""
    return House(pipeline, Stack(pipeline.shelf, ("btc-vs-bch",)), store.chats)


@pytest.fixture
async def homely(pipeline: Pipeline, web: Web, house: House) -> AsyncIterator[Stage]:
    """The stage where chats can be set up."""
    async with open_stage(pipeline, web, house=house) as stage:
        yield stage


@pytest.fixture
async def kept(pipeline: Pipeline, web: Web, journal: Journal) -> AsyncIterator[Stage]:
    """The stage where questions are kept."""
    async with open_stage(pipeline, web, journal) as stage:
        yield stage
