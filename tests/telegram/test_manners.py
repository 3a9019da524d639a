"""Manners in groups: short answers, no repetition, no flood, nothing left lying about."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.faces.simulator import Chat, Message, Person, Status
from bot.faces.telegram import Sender, Sweep
from bot.faces.telegram.earshot import LONGEST_OVERHEARD
from bot.match import Matcher, decide
from bot.model.manners import Written
from bot.model.question import Place, Question
from bot.model.verdict import Answer
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage

FORK = "@duel_bot why did bch fork from bitcoin"
SURE = "what is the difference between btc and bch?"
FLOOD = 60


def group(stage: Stage, *people: Person, bot: Status = Status.MEMBER) -> Chat:
    return stage.telegram.supergroup("Club", people, bot=bot)


async def set_up(stage: Stage, chat: Chat, **settings: Written) -> None:
    assert stage.house
    assert stage.house.chats
    await stage.house.chats.change(chat.id, settings)


def rows(message: Message) -> int:
    """Return how many rows of a comparison a message shows."""
    return message.text.count("\nBTC: ")


async def test_a_group_gets_the_short_answer_and_a_way_to_the_rest(homely: Stage) -> None:
    """The verdict and three rows at most; "More" opens the private chat with the whole answer."""
    ann = homely.person()
    chat = group(homely, ann)
    ann.say(chat, FORK)
    (short,) = await homely.said(chat)
    (more,) = [one for row in short.buttons for one in row if one.label == "More ›"]
    assert 1 <= rows(short) <= 3

    assert more.url.startswith("https://t.me/duel_bot?start=a_")
    ann.say(ann.private, f"/start {more.url.partition('=')[2]}")
    (whole,) = await homely.said(ann.private)

    assert short.text.splitlines()[0] == whole.text.splitlines()[0]
    assert len(whole.text) > len(short.text)
    assert "As of 20" in whole.text
    assert "As of 20" not in short.text


async def test_a_group_that_wants_all_gets_all(homely: Stage) -> None:
    ann = homely.person()
    chat = group(homely, ann)
    await set_up(homely, chat, detail="full")

    ann.say(chat, FORK)

    assert "As of 20" in (await homely.said(chat))[0].text


async def test_a_link_to_an_answer_that_is_gone_says_so(homely: Stage) -> None:
    """An entry that was retired since is not silently something else; a link of somebody else's is a welcome."""
    ann = homely.person()

    ann.say(ann.private, "/start a_no-such-entry")
    ann.say(ann.private, "/start ref12345")
    gone, welcome = await homely.said(ann.private, 2)

    assert "no longer there" in gone.text
    assert "Ask in your own words" in welcome.text


async def test_the_same_question_gets_a_link_to_its_answer(homely: Stage, clock: StandingClock) -> None:
    """Within ten minutes, in other words and from others too; later it is answered anew."""
    ann, bob = homely.person("Ann"), homely.person("Bob")
    chat = group(homely, ann, bob)
    ann.say(chat, FORK)
    (answer,) = await homely.said(chat)

    again = bob.say(chat, "@duel_bot y did bch fork from btc")
    pointer = (await homely.said(chat, 2))[-1]
    assert pointer.reply_to == again.id
    assert pointer.buttons[0][0].url == f"https://t.me/c/{str(chat.id)[4:]}/{answer.id}"
    assert "2017" not in pointer.text

    clock.pass_by(timedelta(minutes=10))
    bob.say(chat, FORK)
    assert (await homely.said(chat, 3))[-1].text == answer.text


async def test_a_group_without_links_is_shown_the_answer_by_a_reply(homely: Stage) -> None:
    """In a basic group messages have no addresses, so the hint is a reply to the answer itself."""
    ann = homely.person()
    chat = homely.telegram.group("Club", [ann])
    ann.say(chat, FORK)
    (answer,) = await homely.said(chat)

    ann.say(chat, FORK)

    assert (await homely.said(chat, 2))[-1].reply_to == answer.id


async def test_topics_do_not_share_answers(homely: Stage) -> None:
    """What was answered in one topic is answered in another; a link in a topic leads into it."""
    ann = homely.person()
    forum = homely.telegram.forum("Forum", [ann])
    one, two = forum.topic("One", by=ann), forum.topic("Two", by=ann)
    ann.say(forum, FORK, thread=one)
    (first,) = await homely.said(forum)

    ann.say(forum, FORK, thread=two)
    second = (await homely.said(forum, 2))[-1]
    ann.say(forum, FORK, thread=one)
    pointer = (await homely.said(forum, 3))[-1]

    assert second.text == first.text
    assert pointer.buttons[0][0].url.endswith(f"/{one.id}/{first.id}")


async def test_who_asks_too_often_is_told_once(homely: Stage, clock: StandingClock) -> None:
    """Three answers within the cooldown, one notice, then silence; others are served, and so is the asker later."""
    ann, bob = homely.person("Ann"), homely.person("Bob")
    chat = group(homely, ann, bob)
    for command in ("/fees", "/price", "/card", "/fees", "/price"):
        ann.say(chat, command)
    await homely.rested()
    *_, notice = sent = await homely.said(chat, 4)
    assert len(sent) == 4
    assert "moment" in notice.text

    bob.say(chat, "/fees")
    await homely.said(chat, 5)
    clock.pass_by(timedelta(seconds=30))
    ann.say(chat, "/fees")

    assert "sat/vB" in (await homely.said(chat, 6))[-1].text


async def test_a_raid_gets_less_than_telegram_would_take(homely: Stage) -> None:
    """Many askers at once: never twenty messages in a minute, whoever asks; other chats do not notice."""
    chat = group(homely)
    for number in range(FLOOD):
        homely.person(f"Raider {number}").say(chat, "/fees" if number % 2 else FORK)
    await homely.rested()

    assert len(homely.telegram.sent_by_bot(chat)) < 20


async def test_overheard_questions_are_answered_now_and_then(homely: Stage, clock: StandingClock) -> None:
    """One in so many minutes at most, as the group wants it, and without a word to those who wait."""
    ann = homely.person()
    chat = group(homely, ann, bot=Status.ADMINISTRATOR)
    await set_up(homely, chat, mode="listening", listen_every="15")

    ann.say(chat, SURE)
    await homely.said(chat)
    clock.pass_by(timedelta(minutes=14))
    ann.say(chat, "what is bitcoin cash?")
    assert await homely.is_silent(chat, 1)

    clock.pass_by(timedelta(minutes=1))
    ann.say(chat, "what is bitcoin cash?")
    assert len(await homely.said(chat, 2)) == 2


async def test_a_story_that_ends_in_a_question_is_none(homely: Stage) -> None:
    """What is longer than a question is not overheard, whatever it ends in."""
    ann = homely.person()
    chat = group(homely, ann, bot=Status.ADMINISTRATOR)
    await set_up(homely, chat, mode="listening")

    ann.say(chat, f"{SURE} " * (LONGEST_OVERHEARD // len(SURE) + 1))

    assert await homely.is_silent(chat)


@pytest.mark.parametrize("bot", [Status.ADMINISTRATOR, Status.MEMBER], ids=["with the right", "without"])
async def test_answers_and_commands_are_deleted_when_they_had_their_time(
    homely: Stage, clock: StandingClock, bot: Status
) -> None:
    """A command goes too where the bot may delete it; a question stays, for it is somebody's message."""
    ann = homely.person()
    chat = group(homely, ann, bot=bot)
    assert homely.house
    await set_up(homely, chat, delete_after="5")
    command, question = ann.say(chat, "/fees"), ann.say(chat, FORK)
    answers = await homely.said(chat, 2)
    await homely.rested()
    sweep = Sweep(homely.house, Sender(homely.app.bot))

    await sweep.once()
    assert not any(one.deleted for one in answers)
    clock.pass_by(timedelta(minutes=5))
    await sweep.once()
    calls = len(homely.telegram.calls_of("deleteMessage"))
    await sweep.once()

    assert all(one.deleted for one in answers)
    assert command.deleted is (bot is Status.ADMINISTRATOR)
    assert not question.deleted
    assert len(homely.telegram.calls_of("deleteMessage")) == calls == 3


async def test_without_the_setting_everything_stays(homely: Stage, clock: StandingClock) -> None:
    ann = homely.person()
    chat = group(homely, ann)
    ann.say(chat, "/fees")
    (answer,) = await homely.said(chat)
    assert homely.house
    clock.pass_by(timedelta(days=1))

    await Sweep(homely.house, Sender(homely.app.bot)).once()

    assert not answer.deleted


async def test_a_button_answers_as_the_group_wants_it(homely: Stage) -> None:
    """What a press brings is as short as what a question brings."""
    ann = homely.person()
    chat = group(homely, ann)
    ann.say(chat, "/topics")
    (page,) = await homely.said(chat)

    ann.press(page, page.buttons[0][0].label)

    assert "As of 20" not in (await homely.said(chat, 2))[-1].text


def oos(shared: Path, kind: str) -> list[str]:
    lines = (shared / "questions" / "out-of-scope.jsonl").read_text("utf-8").splitlines()
    return [one["text"] for one in map(json.loads, lines) if one["kind"].startswith(kind)]


def test_group_chatter_is_next_to_never_answered(shared: Path, matcher: Matcher, clock: StandingClock) -> None:
    """Of what people say to each other at most 0.5 % is answered by a bot that listens, whatever is left of it."""
    texts = oos(shared, "group")

    def answered(place: Place) -> list[str]:
        asked = [(text, decide(matcher.rank(Question(text, clock(), place)))) for text in texts]
        return [text for text, verdict in asked if isinstance(verdict, Answer)]

    assert len(texts) > 50
    assert answered(Place.GROUP) == []
    assert len(answered(Place.OVERHEARD)) <= len(texts) * 0.005


@pytest.mark.parametrize(("mode", "share"), [("addressed", 0.0), ("listening", 0.005)])
async def test_group_chatter_passes_the_bot_by(
    homely: Stage, shared: Path, clock: StandingClock, *, mode: str, share: float
) -> None:
    """The same in the real application, where every message reaches the bot and none has to wait for another."""
    ann = homely.person()
    chat = group(homely, ann, bot=Status.ADMINISTRATOR)
    await set_up(homely, chat, mode=mode, cooldown="0")
    texts = oos(shared, "group")

    for text in texts:
        clock.pass_by(timedelta(hours=1))
        ann.say(chat, text)
    await homely.rested()

    assert len(homely.telegram.sent_by_bot(chat)) <= len(texts) * share
