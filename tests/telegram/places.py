"""The cases of who is answered where: places, what is said there, settings, and the reaction each gets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from bot.faces.simulator import Chat, Message, Person, Status
from bot.faces.simulator.chat import Topic
from bot.faces.simulator.inline import Query
from bot.model.manners import Written
from tests.telegram.conftest import Stage

FORK = "why did bch fork from bitcoin"
SURE = "what is the difference between btc and bch?"  # word for word what the knowledge knows
TO_BOT = f"@duel_bot {FORK}"
BLOCKS = "@duel_bot which has bigger blocks"
BIGGER = "bch has bigger blocks than btc"
PRIVATE, GROUP, SUPERGROUP, FORUM, CHANNEL = "private", "group", "supergroup", "forum", "channel"
ABSENT = "a chat without it"
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
    OFFER = auto()  # results to insert
    GUEST = auto()  # an answer in a chat it is not in


SILENCE, ANSWER, CLAIM, REPLACED, OFFER, GUEST = Reaction


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


Act = Callable[[Scene], Message | Query]


@dataclass(frozen=True, slots=True)
class Row:
    """One case; `prior` is a message of the bot that the act is about."""

    name: str
    place: str
    act: Callable[..., Message | Query]
    reaction: Reaction
    settings: Mapping[str, Written] = field(default_factory=dict)
    privacy: bool = True
    bot: Status = Status.MEMBER
    prior: bool = False
    in_topic: bool = False


def says(text: str, **how: Any) -> Act:
    return lambda scene: scene.say(text, **how)


def replies(text: str, claim: str = BIGGER) -> Act:
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


def comments(text: str) -> Act:
    """Somebody writes under a post of the linked channel."""

    def act(scene: Scene) -> Message:
        post = copied(BIGGER)(scene)
        assert isinstance(post, Message)
        return scene.say(text, reply_to=post, message_thread_id=post.id)

    return act


def moved(text: str) -> Act:
    """The group becomes a supergroup, and there it is said."""

    def act(scene: Scene) -> Message:
        scene.chat = scene.chat.upgrade(by=scene.ann)
        return scene.say(text)

    return act


def put_out(text: str) -> Act:
    """The bot is removed, and then it is said."""

    def act(scene: Scene) -> Message:
        scene.bob.remove_bot(scene.chat)
        return scene.say(text)

    return act


def types(text: str, chat_type: str = "supergroup") -> Act:
    return lambda scene: scene.ann.inquire(text, chat_type=chat_type)


def summons(text: str, claim: str = "") -> Act:
    return lambda scene: scene.ann.summon(scene.chat, text, scene.bob_says(claim) if claim else None)


def robot_summons(text: str) -> Act:
    return lambda scene: Person(scene.stage.telegram, 555_002, "Robot", "third_bot", is_bot=True).summon(
        scene.chat, text
    )


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
    Row("an answered question, edited", SUPERGROUP, edited(TO_BOT, BLOCKS), REPLACED),
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
    Row("a greeting", PRIVATE, says("hi there"), ANSWER),
    Row("/start", PRIVATE, says("/start"), ANSWER),
    Row("a link to an answer", PRIVATE, says("/start a_fork-reason"), ANSWER),
    Row("a link to nothing", PRIVATE, says("/start x_1"), ANSWER),
    Row("a command that is not there", PRIVATE, says("/nonsense"), ANSWER),
    Row("an owner's command by somebody else", PRIVATE, says("/undo"), ANSWER),
    Row("a command with words", PRIVATE, says("/price eur"), ANSWER),
    Row("a command in a caption", PRIVATE, lambda scene: scene.ann.photo(scene.chat, "/fees"), ANSWER),
    Row("a seed phrase", PRIVATE, says("abandon " * 11 + "about"), ANSWER),
    Row("a question, edited", PRIVATE, edited(FORK, "which has bigger blocks"), REPLACED),
    Row("another bot", PRIVATE, robot(FORK), SILENCE),
    Row("settings", PRIVATE, says("/settings"), ANSWER),
    Row("a reply to the bot", GROUP, to_bot(FORK), ANSWER, prior=True),
    Row("is this true", GROUP, replies("@duel_bot is this true?"), CLAIM),
    Row("a mention, edited", GROUP, edited(TO_BOT, BLOCKS), REPLACED),
    Row("a mention, commands only", GROUP, says(TO_BOT), SILENCE, COMMANDS),
    Row("a mention in quiet hours", GROUP, says(TO_BOT), SILENCE, NOON),
    Row("another bot", GROUP, robot(TO_BOT), SILENCE, privacy=False),
    Row("a caption that mentions it", GROUP, lambda scene: scene.ann.photo(scene.chat, TO_BOT), ANSWER),
    Row("a sticker", GROUP, lambda scene: scene.ann.sticker(scene.chat), SILENCE, privacy=False),
    Row("a mention after the move", GROUP, moved(TO_BOT), ANSWER),
    Row("a mention after the move, commands only", GROUP, moved(TO_BOT), SILENCE, COMMANDS),
    Row("a command after the move, commands only", GROUP, moved("/fees"), ANSWER, COMMANDS),
    Row("a question to nobody after the move", GROUP, moved(FORK), SILENCE, privacy=False),
    Row("a mention after it was put out", GROUP, put_out(TO_BOT), SILENCE),
    Row("a mention after it was put out", SUPERGROUP, put_out(TO_BOT), SILENCE),
    Row("a command after it was put out", SUPERGROUP, put_out("/fees"), SILENCE),
    Row("a command that is not there", SUPERGROUP, says("/nonsense"), SILENCE, privacy=False),
    Row("a command that is not there, to it", SUPERGROUP, says("/nonsense@duel_bot"), SILENCE),
    Row("an owner's command", SUPERGROUP, says("/undo"), SILENCE, privacy=False),
    Row("an owner's command, to it", SUPERGROUP, says("/undo@duel_bot"), SILENCE),
    Row("/help", SUPERGROUP, says("/help"), ANSWER),
    Row("/ask with words", SUPERGROUP, says(f"/ask {FORK}"), ANSWER),
    Row("/compare with words", SUPERGROUP, says("/compare fees"), ANSWER),
    Row("/convert with words", SUPERGROUP, says("/convert 100 EUR BCH"), ANSWER),
    Row("/settings by a member", SUPERGROUP, says("/settings"), ANSWER),
    Row("/settings by an anonymous admin", SUPERGROUP, anonymous("/settings"), ANSWER),
    Row("a command by an anonymous admin", SUPERGROUP, anonymous("/fees"), ANSWER),
    Row("a command on behalf of a channel", SUPERGROUP, as_channel("/fees"), ANSWER),
    Row("a post copied from the linked channel, to nobody", SUPERGROUP, copied(FORK), SILENCE, privacy=False),
    Row("a copied post, listening", SUPERGROUP, copied(SURE), SILENCE, LISTENING, privacy=False),
    Row("a comment that mentions it", SUPERGROUP, comments(TO_BOT), ANSWER),
    Row("a comment to nobody", SUPERGROUP, comments(FORK), SILENCE, privacy=False),
    Row("a command in a comment", SUPERGROUP, comments("/fees"), ANSWER),
    Row("is this true, of a post", SUPERGROUP, comments("@duel_bot is this true?"), CLAIM),
    Row("a mention in a topic, edited", FORUM, edited(TO_BOT, BLOCKS), REPLACED, in_topic=True),
    Row("a mention in a topic in quiet hours", FORUM, says(TO_BOT), SILENCE, NOON, in_topic=True),
    Row("another bot in a topic", FORUM, robot(TO_BOT), SILENCE, privacy=False),
    Row("a mention in a post", CHANNEL, says(TO_BOT), SILENCE, bot=Status.ADMINISTRATOR),
    Row("a command to it in a post", CHANNEL, says("/fees@duel_bot"), ANSWER, bot=Status.ADMINISTRATOR),
    Row("a command to another bot in a post", CHANNEL, says("/fees@other_bot"), SILENCE, bot=Status.ADMINISTRATOR),
    Row("/ask in a post", CHANNEL, says(f"/ask {FORK}"), ANSWER, bot=Status.ADMINISTRATOR),
    Row("fees typed inline", ABSENT, types("fees"), OFFER),
    Row("nothing typed inline", ABSENT, types(""), OFFER),
    Row("an id typed inline", ABSENT, types("#fork-reason"), OFFER),
    Row("a question typed inline, in private", ABSENT, types(FORK, "private"), OFFER),
    Row("a question typed inline, in a channel", ABSENT, types(FORK, "channel"), OFFER),
    Row("something else typed inline", ABSENT, types("will btc go up tomorrow"), OFFER),
    Row("a seed phrase typed inline", ABSENT, types("abandon " * 11 + "about"), OFFER),
    Row("a guest is asked", ABSENT, summons(TO_BOT), GUEST),
    Row(
        "a guest is asked whether it is true",
        ABSENT,
        summons("@duel_bot is this true?", "bch has bigger blocks"),
        GUEST,
    ),
    Row("a guest is called by another bot", ABSENT, robot_summons(TO_BOT), SILENCE),
    Row("a message where it is no guest", ABSENT, says(TO_BOT), SILENCE),
)
