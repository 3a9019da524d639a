"""Who is answered where: one row for each place, message and setting, with the reaction it gets."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import pytest
import pytest_asyncio

from bot.edition import Edition, Shelf
from bot.faces.simulator import Chat, Message, Person, Status
from bot.faces.simulator.chat import Topic
from bot.gallery import Gallery, NoHistory
from bot.house import House
from bot.match import Matcher
from bot.model.knowledge import Library
from bot.model.manners import Written
from bot.pipeline import Pipeline
from bot.reply.picture.painter import Painter
from bot.stack import Stack
from bot.stats import open_desk
from bot.store import open_store
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage, open_stage
from tests.web import open_web

FORK = "why did bch fork from bitcoin"
SURE = "what is the difference between btc and bch?"  # word for word what the knowledge knows
TO_BOT = f"@duel_bot {FORK}"
PRIVATE, GROUP, SUPERGROUP, FORUM, CHANNEL = "private", "group", "supergroup", "forum", "channel"
LISTENING: Mapping[str, Written] = {"mode": "listening"}
COMMANDS: Mapping[str, Written] = {"mode": "commands"}
NOON: Mapping[str, Written] = {"quiet": "11:00-13:00"}  # the clock of the tests stands at noon, UTC
NOON_ELSEWHERE: Mapping[str, Written] = {"quiet": "11:00-13:00", "zone": "Asia/Tokyo"}


class Reaction(Enum):
    """What becomes of a message."""

    SILENCE = auto()
    ANSWER = auto()  # where it was said, in groups as a reply to it
    CLAIM = auto()  # as a reply to the message that it replies to
    REPLACED = auto()  # the answer that was there is another one now


SILENCE, ANSWER, CLAIM, REPLACED = Reaction


@dataclass(slots=True)
class Scene:
    """A chat with people and a bot in it; what is said comes from Ann unless it is said otherwise."""

    stage: Stage
    chat: Chat
    ann: Person
    bob: Person
    topic: Topic | None = None
    asked: Message | None = None
    before: list[Message] = field(default_factory=list)

    def say(self, text: str, **how: Any) -> Message:
        return self.ann.say(self.chat, text, thread=self.topic, **how)

    def bob_says(self, text: str) -> Message:
        return self.bob.say(self.chat, text, thread=self.topic)

    async def answered(self) -> Message:
        """Let the bot say something, and return it."""
        self.bob.say(self.chat, "/fees")
        (answer,) = await self.stage.said(self.chat)
        self.before.append(answer)
        return answer


Act = Callable[[Scene], Message]


@dataclass(frozen=True, slots=True)
class Row:
    """One case; `prior` is a message of the bot that the act is about."""

    name: str
    place: str
    act: Callable[..., Message]
    reaction: Reaction
    settings: Mapping[str, Written] = field(default_factory=dict)
    privacy: bool = True
    bot: Status = Status.MEMBER
    prior: bool = False
    in_topic: bool = False


def says(text: str, **how: Any) -> Act:
    return lambda scene: scene.say(text, **how)


def replies(text: str, claim: str = "bch has bigger blocks than btc") -> Act:
    return lambda scene: scene.say(text, reply_to=scene.bob_says(claim))


def forwards(text: str) -> Act:
    return lambda scene: scene.ann.forward(scene.chat, text)


def robot(text: str) -> Act:
    """Another bot says it."""
    return lambda scene: Person(scene.stage.telegram, 555_001, "Robot", "other_bot", is_bot=True).say(scene.chat, text)


def anonymous(text: str) -> Act:
    return lambda scene: scene.ann.say(scene.chat, text, as_chat=scene.chat)


def as_channel(text: str) -> Act:
    def act(scene: Scene) -> Message:
        channel = scene.stage.telegram.channel("Elsewhere", owner=scene.ann)
        return scene.ann.say(scene.chat, text, as_chat=channel)

    return act


def copied(text: str) -> Act:
    """A post of the linked channel, as Telegram copies it into its discussion group."""

    def act(scene: Scene) -> Message:
        channel = scene.stage.telegram.channel("News", owner=scene.ann)
        telegram = Person(scene.stage.telegram, 777000, "Telegram")
        return telegram.say(scene.chat, text, sender_chat=channel.raw, is_automatic_forward=True)

    return act


def inline(text: str) -> Act:
    return lambda scene: scene.say(text, via_bot=scene.stage.telegram.bot.raw)


def edited(text: str, into: str) -> Act:
    return lambda scene: scene.ann.edit(scene.say(text), into)


def to_bot(text: str) -> Callable[[Scene, Message], Message]:
    return lambda scene, prior: scene.say(text, reply_to=prior)


ROWS = (
    Row("a question", PRIVATE, says(FORK), ANSWER),
    Row("a command", PRIVATE, says("/fees"), ANSWER),
    Row("a forwarded question", PRIVATE, forwards(FORK), ANSWER),
    Row("a caption", PRIVATE, lambda scene: scene.ann.photo(scene.chat, FORK), ANSWER),
    Row("a sticker", PRIVATE, lambda scene: scene.ann.sticker(scene.chat), ANSWER),
    Row("its own inline result", PRIVATE, inline(FORK), SILENCE),
    Row("in quiet hours", PRIVATE, says(FORK), ANSWER, NOON),
    Row("where commands were asked for", PRIVATE, says(FORK), ANSWER, COMMANDS),
    Row("a question to nobody", GROUP, says(FORK), SILENCE, privacy=False),
    Row("a mention", GROUP, says(TO_BOT), ANSWER),
    Row("a command", GROUP, says("/fees"), ANSWER),
    Row("a command to the bot", GROUP, says("/fees@duel_bot"), ANSWER),
    Row("a command to another bot", GROUP, says("/fees@other_bot"), SILENCE, privacy=False),
    Row("a question to nobody", SUPERGROUP, says(FORK), SILENCE, privacy=False),
    Row("a question to nobody, bot an admin", SUPERGROUP, says(FORK), SILENCE, bot=Status.ADMINISTRATOR),
    Row("a question that does not arrive", SUPERGROUP, says(FORK), SILENCE),
    Row("chatter", SUPERGROUP, says("lol moon soon"), SILENCE, privacy=False),
    Row("a mention", SUPERGROUP, says(TO_BOT), ANSWER),
    Row("a mention in capitals", SUPERGROUP, says(f"@Duel_BOT {FORK}"), ANSWER),
    Row("a mention at the end", SUPERGROUP, says(f"{FORK} @duel_bot"), ANSWER),
    Row("a mention behind emoji", SUPERGROUP, says(f"{'🤔' * 100} {TO_BOT}"), ANSWER),
    Row("a mention of somebody else", SUPERGROUP, says(f"@other_bot {FORK}"), SILENCE, privacy=False),
    Row("a mention and nothing else", SUPERGROUP, says("@duel_bot"), SILENCE),
    Row("a mention in a caption", SUPERGROUP, lambda scene: scene.ann.photo(scene.chat, TO_BOT), ANSWER),
    Row("a mention in a forward", SUPERGROUP, forwards(TO_BOT), ANSWER),
    Row("a reply to the bot", SUPERGROUP, to_bot(FORK), ANSWER, prior=True),
    Row("chatter in reply to the bot", SUPERGROUP, to_bot("lol same"), SILENCE, prior=True),
    Row("a reply to somebody else", SUPERGROUP, replies(FORK), SILENCE, privacy=False),
    Row("is this true", SUPERGROUP, replies("@duel_bot is this true?"), CLAIM),
    Row("true, for short", SUPERGROUP, replies("true? @duel_bot"), CLAIM),
    Row("a mention in reply to a claim", SUPERGROUP, replies("@duel_bot"), CLAIM),
    Row("can you check that", SUPERGROUP, replies("hey @duel_bot can you check that please"), CLAIM),
    Row("a question of its own in reply to a claim", SUPERGROUP, replies(TO_BOT), ANSWER),
    Row("is this true, of nothing", SUPERGROUP, says("@duel_bot is this true?"), SILENCE),
    Row("is this true, of chatter", SUPERGROUP, replies("@duel_bot is this true?", "lol same"), SILENCE),
    Row("a bare /ask in reply to a claim", SUPERGROUP, replies("/ask", FORK), ANSWER),
    Row("an anonymous admin", SUPERGROUP, anonymous(TO_BOT), ANSWER),
    Row("an anonymous admin to nobody", SUPERGROUP, anonymous(FORK), SILENCE, privacy=False),
    Row("a member on behalf of a channel", SUPERGROUP, as_channel(TO_BOT), ANSWER),
    Row("a post copied from the linked channel", SUPERGROUP, copied(TO_BOT), SILENCE, privacy=False),
    Row("its own inline result", SUPERGROUP, inline(TO_BOT), SILENCE),
    Row("another bot that mentions it", SUPERGROUP, robot(TO_BOT), SILENCE, privacy=False),
    Row("another bot with a command", SUPERGROUP, robot("/fees"), SILENCE, privacy=False),
    Row("edited into a question to it", SUPERGROUP, edited("hello all", TO_BOT), SILENCE, privacy=False),
    Row("an answered question, edited", SUPERGROUP, edited(TO_BOT, "@duel_bot which has bigger blocks"), REPLACED),
    Row("a sticker", SUPERGROUP, lambda scene: scene.ann.sticker(scene.chat), SILENCE, privacy=False),
    Row("a mention, commands only", SUPERGROUP, says(TO_BOT), SILENCE, COMMANDS),
    Row("a reply to the bot, commands only", SUPERGROUP, to_bot(FORK), SILENCE, COMMANDS, prior=True),
    Row("is this true, commands only", SUPERGROUP, replies("@duel_bot is this true?"), SILENCE, COMMANDS),
    Row("a command, commands only", SUPERGROUP, says("/fees"), ANSWER, COMMANDS),
    Row("a mention in quiet hours", SUPERGROUP, says(TO_BOT), SILENCE, NOON),
    Row("a command in quiet hours", SUPERGROUP, says("/fees"), ANSWER, NOON),
    Row("a mention in quiet hours elsewhere", SUPERGROUP, says(TO_BOT), ANSWER, NOON_ELSEWHERE),
    Row("a sure question, listening", SUPERGROUP, says(SURE), ANSWER, LISTENING, privacy=False),
    Row("a sure question, listening, as an admin", GROUP, says(SURE), ANSWER, LISTENING, bot=Status.ADMINISTRATOR),
    Row("a sure question, listening, deaf", SUPERGROUP, says(SURE), SILENCE, LISTENING),
    Row("chatter, listening", SUPERGROUP, says("bitcoin cash is cheaper lol"), SILENCE, LISTENING, privacy=False),
    Row("a vague question, listening", SUPERGROUP, says("what happens now?"), SILENCE, LISTENING, privacy=False),
    Row("a sure question to somebody, listening", SUPERGROUP, replies(SURE), SILENCE, LISTENING, privacy=False),
    Row(
        "a forward, listening",
        SUPERGROUP,
        forwards(SURE),
        SILENCE,
        LISTENING,
        privacy=False,
    ),
    Row("another bot, listening", SUPERGROUP, robot(SURE), SILENCE, LISTENING, privacy=False),
    Row("edited into a question, listening", SUPERGROUP, edited("hi all", SURE), SILENCE, LISTENING, privacy=False),
    Row(
        "listening in quiet hours",
        SUPERGROUP,
        says(SURE),
        SILENCE,
        {**LISTENING, **NOON},
        privacy=False,
    ),
    Row("a mention, listening", SUPERGROUP, says(TO_BOT), ANSWER, LISTENING),
    Row("a mention in General", FORUM, says(TO_BOT), ANSWER),
    Row("a mention in a topic", FORUM, says(TO_BOT), ANSWER, in_topic=True),
    Row("the first words of a topic", FORUM, says(FORK), SILENCE, in_topic=True, privacy=False),
    Row("a command in a topic", FORUM, says("/fees"), ANSWER, in_topic=True),
    Row("is this true in a topic", FORUM, replies("@duel_bot is this true?"), CLAIM, in_topic=True),
    Row("General, where only it is allowed", FORUM, says(TO_BOT), ANSWER, {"topics": ("1",)}),
    Row("a topic, where only General is allowed", FORUM, says(TO_BOT), SILENCE, {"topics": ("1",)}, in_topic=True),
    Row("a command, where only General is allowed", FORUM, says("/fees"), SILENCE, {"topics": ("1",)}, in_topic=True),
    Row("General, where only a topic is allowed", FORUM, says(TO_BOT), SILENCE, {"topics": ("99",)}),
    Row("a sure question in a topic, listening", FORUM, says(SURE), ANSWER, LISTENING, in_topic=True, privacy=False),
    Row("a command in a post", CHANNEL, says("/fees"), ANSWER, bot=Status.ADMINISTRATOR),
    Row("a post", CHANNEL, says(FORK), SILENCE, bot=Status.ADMINISTRATOR),
    Row("a post, listening", CHANNEL, says(SURE), SILENCE, LISTENING, bot=Status.ADMINISTRATOR),
)


def made(row: Row, stage: Stage) -> Scene:
    """Return the scene of a row."""
    telegram = stage.telegram
    telegram.privacy = row.privacy
    ann, bob = stage.person("Ann"), stage.person("Bob")
    if row.place == PRIVATE:
        return Scene(stage, ann.private, ann, bob)
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
        Painter() as painter,
        open_store(f"sqlite+aiosqlite:///{file}", clock) as store,
    ):
        desk, shelf = open_desk(web.providers(), clock), Shelf(Edition(library, matcher, clock()))
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
    assert len(answers) == (row.reaction is not SILENCE)
    for answer in answers:
        quoted = asked.raw["reply_to_message"]["message_id"] if row.reaction is CLAIM else asked.id
        assert answer.reply_to == (None if row.place in {PRIVATE, CHANNEL} else quoted)
        assert answer.thread == (scene.topic.id if scene.topic else None)
        assert answer.edited is (row.reaction is REPLACED)
    assert [call for call in everywhere.telegram.calls if call.refused] == []
    assert "1" not in [call.parameters.get("message_thread_id") for call in everywhere.telegram.calls]
