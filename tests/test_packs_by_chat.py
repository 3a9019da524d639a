"""Each chat is answered from the packs it has switched on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.config import Settings, load_settings
from bot.edition import Edition, Shelf
from bot.errors import KnowledgeError
from bot.faces.telegram.panel_payload import encode
from bot.gallery import Gallery, NoHistory
from bot.house import House
from bot.match import Matcher
from bot.model.chat_buttons import SetTo
from bot.model.knowledge import Library
from bot.model.manners import Manners
from bot.pipeline import Pipeline
from bot.reply.picture.painter import Painter
from bot.stack import HELD, Packs, Stack
from bot.store import open_store
from bot.wiring import index, make_house, open_library
from tests.conftest import StandingClock
from tests.patiently import LONG
from tests.telegram.conftest import Stage, open_stage
from tests.web import Web

DOGS = "bark:\n  ask: [why do dogs bark, what makes a dog bark]\n  verdict: Dogs bark to talk.\n"
CATS = "purr:\n  ask: [why do cats purr, what makes a cat purr]\n  verdict: Cats purr when content.\n"


@dataclass(slots=True)
class Binder:
    """Makes editions at once, each another one, and counts them; `gate` holds it up, `broken` makes it fail."""

    edition: Edition
    made: list[Packs] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    broken: bool = False

    async def bind(self, packs: Packs) -> Edition:
        await self.gate.wait()
        self.made.append(packs)
        if self.broken:
            raise KnowledgeError(["dogs.yml:1: wrong"])
        return replace(self.edition)


@pytest.fixture
def binder(library: Library, matcher: Matcher, clock: StandingClock) -> Binder:
    binder = Binder(Edition(library, matcher, clock()))
    binder.gate.set()
    return binder


@pytest.fixture
def stack(binder: Binder) -> Stack:
    return Stack(Shelf(binder.edition), ("a",), ("b", "c", "d"), binder.bind)


async def test_the_usual_packs_are_those_on_the_shelf(stack: Stack, binder: Binder) -> None:
    """Nobody makes an edition for a chat that chose nothing, the usual packs, or packs that are not offered."""
    for wanted in ((), ("a",), ("unknown",)):
        assert await stack.edition(wanted) is stack.shelf.current
    assert binder.made == []


async def test_an_edition_is_made_once(stack: Stack, binder: Binder) -> None:
    """Whoever asks meanwhile waits for the same; the order of the packs is no matter."""
    binder.gate.clear()
    asked = [asyncio.create_task(stack.edition(wanted)) for wanted in (("a", "b"), ("b", "a"))]
    await asyncio.sleep(0)
    binder.gate.set()

    first, second = await asyncio.gather(*asked)

    assert first is second is await stack.edition(("b", "a"))
    assert binder.made == [("a", "b")]


async def test_few_editions_are_held(stack: Stack, binder: Binder) -> None:
    """The one that was not asked for longest goes."""
    for wanted in (("b",), ("c",), ("b",), ("d",), ("b",), ("c",)):
        await stack.edition(wanted)

    assert HELD == 2
    assert binder.made == [("b",), ("c",), ("d",), ("c",)]


async def test_an_edition_follows_the_files(stack: Stack, binder: Binder) -> None:
    """After a change the old one serves until the new one is there."""
    old = await stack.edition(("b",))
    stack.shelf.current = replace(binder.edition, library=replace(binder.edition.library, version="later"))
    binder.gate.clear()

    assert await stack.edition(("b",)) is old
    binder.gate.set()
    for _ in range(3):
        await asyncio.sleep(0)

    assert await stack.edition(("b",)) is not old
    assert len(binder.made) == 2


async def test_broken_packs_leave_the_usual_ones(stack: Stack, binder: Binder) -> None:
    """A chat whose packs cannot be read is answered from those that can, and it is tried again."""
    binder.broken = True
    assert await stack.edition(("b",)) is stack.shelf.current

    binder.broken = False

    assert await stack.edition(("b",)) is not stack.shelf.current


@pytest.fixture
def kennel(tmp_path: Path) -> Settings:
    """A bot for dogs that offers cats."""
    for name, text in (("dogs", DOGS), ("cats", CATS)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "answers.yml").write_text(text, "utf-8")
        (tmp_path / name / "pack.yml").write_text(f"title: {name.title()}\nnames: [{name}, {name[:-1]}]\n", "utf-8")
    names = {"PATH": tmp_path, "PACKS": "dogs", "OFFERED": "cats", "CACHE": tmp_path / "cache"}
    return load_settings(None, {f"BOT__KNOWLEDGE__{name}": str(value) for name, value in names.items()})


@pytest.fixture
async def house(kennel: Settings, clock: StandingClock, web: Web, tmp_path: Path) -> AsyncIterator[House]:
    library = open_library(kennel)
    shelf, desk = Shelf(Edition(library, index(library, kennel), clock())), web.desk(clock)
    async with Painter(deadline=LONG) as painter, open_store(f"sqlite+aiosqlite:///{tmp_path}/bot.db", clock) as store:
        pipeline = Pipeline(shelf, desk, clock, Gallery(desk, clock, painter, NoHistory(clock)))
        yield make_house(kennel, pipeline, store)
    await desk.aclose()


@pytest.fixture
async def stage(house: House, web: Web) -> AsyncIterator[Stage]:
    async with open_stage(house.pipeline, web, house=house) as stage:
        yield stage


async def test_a_group_switches_a_pack_on(stage: Stage) -> None:
    """Before, the question belongs to a pack that is off; then it is answered there, and only there."""
    ann = stage.person()
    one, two = (stage.telegram.supergroup(name, owner=ann) for name in ("One", "Two"))
    question = "@duel_bot why do cats purr"
    ann.say(one, question)
    (refused,) = await stage.said(one)
    assert "Cats, which is not switched on here" in refused.text

    ann.say(ann.private, f"/start g_{one.id}")
    (panel,) = await stage.said(ann.private)
    assert "Subjects: dogs" in [button.label for row in panel.buttons for button in row]
    ann.forge(panel, encode(SetTo(one.id, 0, "packs", "1")))
    ann.forge(panel, encode(SetTo(one.id, 0, "packs", "0")))
    last = ann.forge(panel, encode(SetTo(one.id, 0, "packs", "1")))
    await stage.telegram.wait_for(lambda: last.answer)
    for chat in (one, two):
        stage.person("Bob").say(chat, question)
    answer = (await stage.telegram.written(one, 2))[-1]
    (still_off,) = await stage.said(two)

    assert last.answer
    assert last.answer["text"] == "One subject has to stay on."
    assert "Cats purr when content." in answer.text
    assert "not switched on" in still_off.text


async def test_a_link_from_a_group_shows_what_is_off_in_private(stage: Stage) -> None:
    """Who presses More where cats are on gets the cats' answer, without having them on."""
    ann = stage.person()

    ann.say(ann.private, "/start a_purr")

    (answer,) = await stage.telegram.written(ann.private)
    assert "Cats purr when content." in answer.text


async def test_only_what_a_chat_wants_is_made(house: House) -> None:
    """The usual manners are answered by the pipeline itself."""
    assert await house.line_in(Manners()) is house.pipeline
