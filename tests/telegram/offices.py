"""A bot whose owners edit a small knowledge folder: the real Application, real files, a real database."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.config import KnowledgeSection, Settings
from bot.edition import Edition, Shelf
from bot.faces.simulator import Chat, LocalRequest, LocalTelegram, Message, Person
from bot.faces.simulator.people import Press
from bot.faces.telegram import make_application
from bot.faces.telegram.app import App
from bot.faces.telegram.pace import Pace
from bot.faces.telegram.quota import Quota
from bot.faces.telegram.reception import Reception
from bot.gallery import Gallery, NoHistory
from bot.journal import open_journal
from bot.library import load_library
from bot.match import make_matcher
from bot.pipeline import Pipeline
from bot.reply.picture.painter import Painter
from bot.stats import STATS, open_desk
from bot.store import open_store
from bot.wiring import make_workshop, open_press
from tests.conftest import StandingClock
from tests.patiently import LONG
from tests.telegram.conftest import SCHEMA, hearing
from tests.telegram.second_opinion import objections

KEPT = timedelta(days=90)
PACK = """\
title: Cats
sources:
  vet-guide: {title: The vet's guide, url: "https://example.org/vet"}
exam_floor: 0.5
"""
FOOD = """\
# what cats eat  (kept as it is)
fish:
  title: Do cats eat fish
  ask:
    - do cats eat fish
    - is fish good for my cat
  verdict: Yes, cooked and now and then.
  sources: [vet-guide]
  as_of: 2026-01-01

milk:
  title: Do cats drink milk
  ask: [do cats drink milk, milk for a kitten]
  verdict: "No: most of them do not digest it."
"""
NIGHT = """\
night-walk:
  title: Why cats walk at night
  ask:
    - why do cats walk at night
  verdict: They hunt at dusk and dawn.

naps:
  ask: how long do cats sleep
  verdict: Half of the day.
"""
REFUSALS = """\
dogs:
  title: Questions about dogs
  ask: [what do dogs eat, does my dog need a coat]
  say: I know cats only.
"""
EXAM = """\
answer:
  fish: [may a cat have fish, tuna fish for the cat]
  milk: [can kittens have milk]
  night-walk: [cat walks around at night]
refuse:
  dogs: [which coat for the dog]
"""
FILES = {"pack": PACK, "food": FOOD, "night": NIGHT, "refusals": REFUSALS, "exam": EXAM}


def write_cats(folder: Path) -> Path:
    """Write the knowledge into a folder and return where its files are."""
    home = folder / "cats"
    home.mkdir(parents=True)
    for name, text in FILES.items():
        (home / f"{name}.yml").write_bytes(text.encode())
    return home


@dataclass(frozen=True, slots=True)
class Office:
    """The bot with its owners Olga and Otto, and what its knowledge folder holds."""

    telegram: LocalTelegram
    app: App
    pipeline: Pipeline
    clock: StandingClock
    home: Path
    olga: Person
    otto: Person
    reception: Reception

    def read(self, file: str) -> str:
        return (self.home / f"{file}.yml").read_bytes().decode()

    def holds(self) -> dict[str, str]:
        return {file: self.read(file) for file in FILES}

    def last(self, person: Person) -> Message:
        return self.telegram.sent_by_bot(person.private)[-1]

    async def after(self, act: Callable[[], object], chat: Chat, count: int = 1) -> list[Message]:
        """Do something and return what the bot then writes: so many messages."""
        before = len(self.telegram.sent_by_bot(chat))
        act()
        await self.telegram.written(chat, before + count)
        await self.settled()
        return self.telegram.sent_by_bot(chat)[before:]

    async def say(self, person: Person, text: str, count: int = 1) -> list[Message]:
        return await self.after(lambda: person.say(person.private, text), person.private, count)

    async def press(self, person: Person, message: Message, what: str) -> Press:
        return await self.answered(person.press(message, what))

    async def forge(self, person: Person, message: Message, data: str) -> Press:
        return await self.answered(person.forge(message, data))

    async def answered(self, press: Press) -> Press:
        await self.telegram.wait_for(lambda: press.answer is not None)
        await self.settled()
        return press

    async def settled(self) -> None:
        """Wait until everything that was sent has been handled."""
        await self.telegram.taken()
        await self.reception.lanes.idle()

    async def ask(self, text: str) -> str:
        """Return what the bot answers somebody."""
        ann = self.telegram.person("Ann")
        (answer,) = await self.after(lambda: ann.say(ann.private, text), ann.private)
        return answer.text


@asynccontextmanager
async def opened(
    telegram: LocalTelegram, home: Path, clock: StandingClock, people: tuple[Person, Person], *, owners: Sequence[int]
) -> AsyncIterator[Office]:
    """Run the bot over a knowledge folder and the database beside it, as a start of the program does."""
    place = home.parent.parent
    settings = Settings(knowledge=KnowledgeSection(path=home.parent, packs=["cats"], cache=place / "cache"))
    library = load_library(home.parent, ["cats"], STATS)
    shelf = Shelf(Edition(library, make_matcher(library, {}), clock()))
    desk = open_desk({}, clock, offline=True)
    url = f"sqlite+aiosqlite:///{place}/bot.db"
    async with Painter(deadline=LONG) as painter, open_store(url, clock) as store, AsyncExitStack() as stack:
        press = await open_press(settings, store, clock=clock)
        pipeline = Pipeline(shelf, desk, clock, Gallery(desk, clock, painter, NoHistory(clock)))
        records = await store.records()
        journal = await stack.enter_async_context(open_journal(records, lambda: pipeline.meanings, KEPT))
        app = make_application(
            pipeline,
            telegram.token,
            owners=owners,
            journal=journal,
            workshop=make_workshop(settings, pipeline, press, journal),
            request=lambda: LocalRequest(telegram),
            pace=Pace(limits=lambda _: Quota()),  # who edits in a test types faster than anybody
        )
        async with hearing(app, lambda: LocalRequest(telegram)) as reception:
            yield Office(telegram, app, pipeline, clock, home, *people, reception)
        assert telegram.misfits + objections(telegram.calls) == []


def start() -> tuple[LocalTelegram, tuple[Person, Person]]:
    """Return a Telegram, and Olga and Otto in it."""
    telegram = LocalTelegram("cats_bot", schema=SCHEMA)
    return telegram, (telegram.person("Olga"), telegram.person("Otto"))
