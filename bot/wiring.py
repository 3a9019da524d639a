"""Builds everything once: settings, library, matcher, desk, pipeline; decides nothing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.bindery.binding import bind
from bot.bindery.worker import Order
from bot.config import Settings
from bot.edition import Edition, Shelf
from bot.gallery import Gallery, NoHistory
from bot.house import House
from bot.journal import Journal, open_journal
from bot.library import load_library
from bot.match import Matcher, make_matcher, open_encoder, seed_lists
from bot.match.encoder import Encoder
from bot.model.clock import Clock, utc_now
from bot.model.knowledge import Library
from bot.model.manners import Manners
from bot.pipeline import Pipeline
from bot.press import Folder, Ledger, Press
from bot.prover import Prover
from bot.publisher import Reloader
from bot.recorder import Recorder, known_needs, known_numbers
from bot.reply.picture.painter import Painter
from bot.stack import Packs, Stack
from bot.stats import STATS
from bot.store import Duty, Store
from bot.study import open_study
from bot.supply import open_numbers
from bot.workshop import Workshop


def open_library(settings: Settings) -> Library:
    """Load the knowledge; raises `KnowledgeError` if anything in it is wrong."""
    return load_library(settings.knowledge.path, settings.knowledge.packs, STATS)


def statistics_phrasings() -> dict[str, list[str]]:
    """Return the phrasings the statistics bring, by the topic whose entry they join."""
    extra: dict[str, list[str]] = {}
    for stat in STATS.values():
        extra.setdefault(stat.topic, []).extend(stat.ask)
    return extra


def index(library: Library, settings: Settings) -> Matcher:
    """Build the matcher of a library, with the statistics' phrasings beside the entries'."""
    return make_matcher(library, statistics_phrasings(), open_encoder(), settings.knowledge.cache)


async def open_press(settings: Settings, store: Store, *, clock: Clock = utc_now) -> Press:
    """Give the press of the knowledge, which has finished what a killed program left."""
    given = settings.knowledge
    ledger = Ledger(Folder(given.path, tuple(given.packs), STATS), store.versions, clock, given.commit)
    press = Press(ledger)
    await press.recover()
    return press


def order(settings: Settings) -> Order:
    """Return what a bindery is to read, so that its editions are those that a start would give."""
    knowledge, phrasings = settings.knowledge, statistics_phrasings()
    extra = {topic: tuple(found) for topic, found in phrasings.items()}
    return Order(knowledge.path, tuple(knowledge.packs), tuple(STATS), extra, knowledge.cache)


def make_workshop(settings: Settings, pipeline: Pipeline, press: Press, journal: Journal) -> Workshop:
    """Return the place where owners edit the knowledge that a pipeline answers from."""
    encoder = pipeline.shelf.current.matcher.reader.encoder  # every edition shares it
    read = partial(read_edition, settings, pipeline.clock, encoder)
    return Workshop(pipeline, press, Prover(pipeline.shelf, read), Reloader(pipeline.shelf, read), journal)


def make_house(settings: Settings, pipeline: Pipeline, store: Store | None) -> House:
    """Return what knows the manners of each chat; other packs than the usual ones are read beside."""
    usual, groups = tuple(pipeline.library.packs), settings.groups
    wanted = order(settings)

    async def bound(packs: Packs) -> Edition:
        ordered = replace(wanted, packs=packs, cache=wanted.cache / "+".join(packs))
        return await bind(ordered, pipeline.shelf, pipeline.clock)

    stack = Stack(pipeline.shelf, usual, tuple(settings.knowledge.offered), bound)
    private = Manners(currency=settings.answers.currency)
    group = replace(private, mode=groups.mode, detail=groups.detail, cooldown=groups.cooldown)
    return House(pipeline, stack, store.chats if store else None, private, group)


def read_edition(settings: Settings, clock: Clock, encoder: Encoder | None, drafts: Mapping[str, bytes]) -> Edition:
    """Read the knowledge as it would be if some files, named relative to its folder, held other bytes.

    Raises:
        KnowledgeError: something in it is wrong.
    """
    given, read_at = settings.knowledge, clock()
    changed = {given.path / file: content for file, content in drafts.items()}
    library = load_library(given.path, given.packs, STATS, changed)
    return Edition(library, make_matcher(library, statistics_phrasings(), encoder, given.cache), read_at)


@asynccontextmanager
async def open_pipeline(
    settings: Settings, *, offline: bool = False, store: Store | None = None, clock: Clock = utc_now
) -> AsyncIterator[Pipeline]:
    """Give a pipeline, and close its connections afterwards; with a store it knows the past."""
    shelf = Shelf(read_edition(settings, clock, open_encoder(), {}))
    seed_lists()  # now rather than in the first answer
    known = known_needs(await store.known()) if store else None
    async with open_numbers(settings, offline=offline, clock=clock, known=known) as desk, Painter() as painter:
        gallery = Gallery(desk, clock, painter, store or NoHistory(clock))
        with open_study() as study:
            yield Pipeline(shelf, desk, clock, gallery, settings.answers.currency, study=study)


@asynccontextmanager
async def recording(pipeline: Pipeline, store: Store) -> AsyncIterator[None]:
    """Record live numbers meanwhile, one of those that share the store, and what is known at the end."""
    recorder = Recorder(pipeline.desk, store)
    task = asyncio.create_task(store.crew.on_duty(Duty.SCHEDULES, recorder.run))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await store.remember(known_numbers(pipeline.desk.known))


async def together(*works: Callable[[], Coroutine[None, None, None]]) -> None:
    """Do several things at the same time until all are done; one that fails is no end of the others."""
    await asyncio.gather(*(work() for work in works), return_exceptions=True)


@asynccontextmanager
async def journaling(pipeline: Pipeline, store: Store, settings: Settings, salt: str) -> AsyncIterator[Journal]:
    """Give a journal of questions, whose ids are hashed with `salt` or one that the store keeps."""
    keep = timedelta(days=settings.privacy.question_days)
    async with open_journal(await store.records(salt), lambda: pipeline.meanings, keep) as journal:
        yield journal
