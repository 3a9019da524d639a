"""Who is answered where: one row of `places` for each place, message and setting, with the reaction it gets."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.edition import Edition, Shelf
from bot.faces.simulator import Status
from bot.faces.simulator.inline import Query
from bot.gallery import Gallery, NoHistory
from bot.house import House
from bot.match import Matcher
from bot.model.knowledge import Library
from bot.pipeline import Pipeline
from bot.reply.picture.painter import Painter
from bot.stack import Stack
from bot.store import open_store
from tests.conftest import StandingClock
from tests.patiently import LONG
from tests.telegram.conftest import Stage, open_stage
from tests.telegram.places import ABSENT, CHANNEL, FORUM, GROUP, PRIVATE, ROWS, SUPERGROUP, Reaction, Row, Scene
from tests.web import open_web

WRITTEN = {Reaction.ANSWER, Reaction.CLAIM, Reaction.REPLACED, Reaction.GUEST}  # reactions that are messages of the bot


def made(row: Row, stage: Stage) -> Scene:
    """Return the scene of a row."""
    telegram = stage.telegram
    telegram.privacy = row.privacy
    ann, bob = stage.person("Ann"), stage.person("Bob")
    if row.place == PRIVATE:
        return Scene(stage, ann.private, ann, bob)
    if row.place == ABSENT:
        return Scene(stage, telegram.supergroup("Elsewhere", [ann, bob], bot=Status.LEFT), ann, bob)
    make = {GROUP: telegram.group, SUPERGROUP: telegram.supergroup, FORUM: telegram.forum, CHANNEL: telegram.channel}
    chat = make[row.place]("Club", [ann, bob], bot=row.bot)
    return Scene(stage, chat, ann, bob, chat.topic("Fees", by=bob) if row.in_topic else None)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everywhere(
    library: Library, matcher: Matcher, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """One stage for all rows: each has people and a chat of its own."""
    clock, file = StandingClock(), tmp_path_factory.mktemp("places") / "bot.db"
    async with (
        open_web(clock.now) as web,
        Painter(deadline=LONG) as painter,
        open_store(f"sqlite+aiosqlite:///{file}", clock) as store,
    ):
        desk, shelf = web.desk(clock), Shelf(Edition(library, matcher, clock()))
        pipeline = Pipeline(shelf, desk, clock, Gallery(desk, clock, painter, NoHistory(clock)))
        house = House(pipeline, Stack(shelf, ("btc-vs-bch",)), store.chats)
        async with open_stage(pipeline, web, house=house) as stage:
            yield stage
        await desk.aclose()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.place}: {row.name}" for row in ROWS])
@pytest.mark.asyncio(loop_scope="module")
async def test_who_is_answered_where(row: Row, everywhere: Stage) -> None:
    """A message gets the reaction of its row: one answer in its place, or none."""
    scene = made(row, everywhere)
    assert everywhere.house
    assert everywhere.house.chats
    await everywhere.house.chats.change(scene.chat.id, row.settings)

    asked = row.act(scene, await scene.answered()) if row.prior else row.act(scene)
    await everywhere.rested()

    answers = [one for one in everywhere.telegram.sent_by_bot(scene.chat) if one not in scene.before]
    assert len(answers) == (row.reaction in WRITTEN)
    if isinstance(asked, Query):
        assert (asked.answer is not None) is (row.reaction in {Reaction.OFFER, Reaction.GUEST})
        assert bool(asked.message) is (row.reaction is not Reaction.OFFER)
    else:
        for answer in answers:
            quoted = asked.raw["reply_to_message"]["message_id"] if row.reaction is Reaction.CLAIM else asked.id
            assert answer.reply_to == (None if row.place in {PRIVATE, CHANNEL} else quoted)
            assert answer.thread == (scene.topic.id if scene.topic else None)
            assert answer.edited is (row.reaction is Reaction.REPLACED)
    assert [call for call in everywhere.telegram.calls if call.refused] == []
    assert "1" not in [call.parameters.get("message_thread_id") for call in everywhere.telegram.calls]


def test_there_are_many_cases() -> None:
    """Each with a name of its own."""
    assert len({(row.place, row.name) for row in ROWS}) == len(ROWS) >= 120
