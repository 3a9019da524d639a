"""Posts for channels from the private chat: who may, how they look, and that they go out once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.faces.simulator import Chat, Message, Person, Press, Status
from bot.faces.telegram.post_payload import decode, encode
from bot.house import House
from bot.model.post_buttons import (
    AskWhen,
    ChooseChannel,
    DropDraft,
    DropPlan,
    PausePlan,
    PostButton,
    Publish,
    ResumePlan,
)
from bot.model.schedule import State, read_timing
from bot.pipeline import Pipeline
from bot.reply import posting
from bot.store import Store
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage, open_stage
from tests.web import Web


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A channel of Ann's where the bot may post, and a stranger."""

    stage: Stage
    store: Store
    channel: Chat
    ann: Person
    eve: Person

    async def asked(self, person: Person, text: str, count: int = 1) -> list[Message]:
        """Say something in private and return the messages that come of it."""
        before = len(self.stage.telegram.sent_by_bot(person.private))
        person.say(person.private, text)
        return (await self.stage.said(person.private, before + count))[before:]

    async def pressed(self, person: Person, message: Message, what: str) -> Press:
        """Press a button and wait until all that comes of it is there."""
        press = person.press(message, what)
        await self.stage.telegram.wait_for(lambda: press.answer is not None)
        await self.stage.rested()
        return press

    def posts(self) -> list[Message]:
        return self.stage.telegram.sent_by_bot(self.channel)

    def last(self, person: Person) -> Message:
        return self.stage.telegram.sent_by_bot(person.private)[-1]


@pytest.fixture
async def newsroom(pipeline: Pipeline, web: Web, house: House, store: Store) -> AsyncIterator[Newsroom]:
    async with open_stage(pipeline, web, house=house, store=store) as stage:
        ann, eve = stage.person("Ann"), stage.person("Eve")
        channel = stage.telegram.channel("News", owner=ann, bot=Status.LEFT)
        ann.promote_bot(channel)
        await stage.rested()
        yield Newsroom(stage, store, channel, ann, eve)


def shape(message: Message) -> tuple[object, ...]:
    """Return everything that is seen of a message."""
    return message.html, message.entities, message.upload, message.raw.get("reply_markup")


@pytest.mark.parametrize("what", ["fees", "price", "compare fork history", "card", "chart price 7d", "compare"])
async def test_what_is_published_is_what_was_shown(newsroom: Newsroom, what: str) -> None:
    """The channel gets the preview, to the last button and pixel, although numbers have moved since."""
    ann = newsroom.ann
    *preview, control = await newsroom.asked(ann, f"/post {what}", 2)
    assert [one.label for row in control.buttons for one in row] == ["Publish", "Schedule", "Cancel"]
    assert newsroom.posts() == []

    newsroom.stage.web.fail("500")
    await newsroom.pressed(ann, control, "Publish")

    assert [shape(one) for one in newsroom.posts()] == [shape(one) for one in preview]
    assert control.text == posting.PUBLISHED
    assert not control.buttons


async def test_two_presses_publish_once(newsroom: Newsroom) -> None:
    """A second press, of an old screen or of a hurried finger, does nothing more."""
    _, control = await newsroom.asked(newsroom.ann, "/post fees", 2)
    payload = control.button("Publish").data

    presses = [newsroom.ann.forge(control, payload) for _ in range(3)]
    await newsroom.stage.rested()

    assert len(newsroom.posts()) == 1
    assert sorted(press.answer["text"] for press in presses if press.answer) == ["", *[posting.OLD_DRAFT] * 2]


async def test_one_of_several_channels_is_chosen(newsroom: Newsroom) -> None:
    """Only channels where both may post are offered."""
    ann, stage = newsroom.ann, newsroom.stage
    second = stage.telegram.channel("Second", owner=ann, bot=Status.LEFT)
    hers = stage.telegram.channel("Hers", [ann], owner=newsroom.eve, bot=Status.LEFT)
    mute = stage.telegram.channel("Mute", owner=ann, bot=Status.LEFT)
    mute.cannot_post.add(stage.telegram.bot.id)
    for channel in (second, hers, mute):
        ann.promote_bot(channel)
    await stage.rested()

    (chooser,) = await newsroom.asked(ann, "/post price")
    assert {one.label for row in chooser.buttons for one in row} == {"News", "Second", "Cancel"}
    await newsroom.pressed(ann, chooser, "Second")
    await newsroom.pressed(ann, newsroom.last(ann), "Publish")

    assert len(stage.telegram.sent_by_bot(second)) == 1
    assert newsroom.posts() == []


async def test_a_stranger_cannot_post(newsroom: Newsroom) -> None:
    """Neither by command nor by buttons of somebody else's draft, nor by choosing another channel for one's own."""
    eve, ann, stage = newsroom.eve, newsroom.ann, newsroom.stage
    (answer,) = await newsroom.asked(eve, "/post fees")
    assert answer.text == posting.NO_CHANNEL
    _, control = await newsroom.asked(ann, "/post fees", 2)
    hers = stage.telegram.channel("Hers", owner=eve, bot=Status.LEFT)
    eve.promote_bot(hers)
    other = stage.telegram.channel("Other", owner=eve, bot=Status.LEFT)
    eve.promote_bot(other)
    await stage.rested()
    (chooser,) = await newsroom.asked(eve, "/post fees")
    own = decode(chooser.button("Cancel").data)
    assert isinstance(own, DropDraft)

    theirs = decode(control.button("Publish").data)
    assert isinstance(theirs, Publish)
    for button in (theirs, AskWhen(theirs.draft), ChooseChannel(newsroom.channel.id, own.draft), Publish(own.draft)):
        eve.forge(chooser, encode(button))
    eve.forge(chooser, encode(DropDraft(theirs.draft)))
    await stage.rested()

    assert newsroom.posts() == []
    assert stage.telegram.sent_by_bot(hers) == []
    await newsroom.pressed(ann, control, "Publish")
    assert len(newsroom.posts()) == 1


@pytest.mark.parametrize("how", ["demoted", "without the right"])
async def test_a_former_admin_cannot_publish(newsroom: Newsroom, how: str) -> None:
    """Rights are looked at when the button is pressed, and nothing of an earlier answer counts."""
    ann, channel = newsroom.ann, newsroom.channel
    _, control = await newsroom.asked(ann, "/post fees", 2)
    if how == "demoted":
        channel.members[ann.id] = Status.MEMBER
    else:
        channel.members[ann.id] = Status.ADMINISTRATOR
        channel.cannot_post.add(ann.id)

    press = await newsroom.pressed(ann, control, "Publish")

    assert press.answer
    assert press.answer["text"] == posting.MAY_NOT
    assert newsroom.posts() == []


async def test_the_bot_was_put_out_meanwhile(newsroom: Newsroom) -> None:
    """A channel that is lost is said to be, and is not offered again."""
    ann = newsroom.ann
    _, control = await newsroom.asked(ann, "/post fees", 2)
    ann.remove_bot(newsroom.channel)

    press = await newsroom.pressed(ann, control, "Publish")
    (answer,) = await newsroom.asked(ann, "/post fees")

    assert press.answer
    assert press.answer["text"] == posting.LOST_PLACE
    assert answer.text == posting.NO_CHANNEL


OUTCOMES = {
    "unknown": (500, "Internal Server Error", posting.PERHAPS),
    "refused": (400, "Bad Request: not enough rights", posting.NOT_SENT),
}


@pytest.mark.parametrize(("code", "words", "told"), OUTCOMES.values(), ids=OUTCOMES)
async def test_what_became_of_it_is_told(newsroom: Newsroom, code: int, words: str, told: str) -> None:
    """What Telegram refuses is not there, and what it does not answer for may be."""
    _, control = await newsroom.asked(newsroom.ann, "/post fees", 2)
    newsroom.stage.telegram.fail_next("sendMessage", code, words)

    newsroom.ann.press(control, "Publish")
    await newsroom.stage.telegram.wait_for(lambda: not control.buttons)

    assert control.text == told


@pytest.mark.parametrize("how", ["Cancel", "an hour later"])
async def test_a_draft_is_given_up(newsroom: Newsroom, clock: StandingClock, how: str) -> None:
    """By Cancel at once, by itself after an hour, for then its numbers are old."""
    _, control = await newsroom.asked(newsroom.ann, "/post fees", 2)
    publish = control.button("Publish").data
    if how == "Cancel":
        await newsroom.pressed(newsroom.ann, control, "Cancel")
        assert control.text == posting.DROPPED
    else:
        clock.pass_by(timedelta(hours=1, seconds=1))

    press = newsroom.ann.forge(control, publish)
    await newsroom.stage.telegram.wait_for(lambda: press.answer)

    assert press.answer
    assert press.answer["text"] == posting.OLD_DRAFT
    assert newsroom.posts() == []


NOT_POSTED = {
    "nothing": ("/post", posting.NO_SUCH),
    "something else": ("/post my thoughts", posting.NO_SUCH),
    "too long": (f"/post compare {'x' * 100}", posting.NO_SUCH),
    "no topic": ("/post compare bananas with oranges", posting.NOT_MADE),
    "no such chart": ("/post chart bananas", posting.NOT_MADE),
}


@pytest.mark.parametrize(("text", "told"), NOT_POSTED.values(), ids=NOT_POSTED)
async def test_what_cannot_be_posted_is_said(newsroom: Newsroom, text: str, told: str) -> None:
    """There is no draft of it."""
    (answer,) = await newsroom.asked(newsroom.ann, text)

    assert answer.text == told


async def test_a_plan_is_made_paused_and_deleted(newsroom: Newsroom) -> None:
    """Schedule asks for times; the list shows the plan, and its buttons stop it, go on with it and delete it."""
    ann, stage = newsroom.ann, newsroom.stage
    _, control = await newsroom.asked(ann, "/post fees", 2)
    await newsroom.pressed(ann, control, "Schedule")
    question = newsroom.last(ann)
    ann.say(ann.private, "every day", reply_to=question)
    (wrong,) = (await stage.said(ann.private, 4))[3:]
    assert "expected when" in wrong.text
    ann.say(ann.private, "daily 09:00 Europe/Berlin", reply_to=question)
    (planned,) = (await stage.said(ann.private, 5))[4:]
    assert "First at 2026-11-24, 08:00 UTC" in planned.text

    (listed,) = await newsroom.asked(ann, "/posts")
    assert "1. fees to “News”, daily 09:00 Europe/Berlin; next 2026-11-24, 08:00 UTC" in listed.text
    (plan,) = await newsroom.store.schedules.of(ann.id)
    (hers,) = await newsroom.asked(newsroom.eve, "/posts")
    for button in (PausePlan(plan.id), DropPlan(plan.id), ResumePlan(plan.id)):
        newsroom.eve.forge(hers, encode(button))
    await stage.rested()
    assert await newsroom.store.schedules.of(ann.id) == (plan,)

    await newsroom.pressed(ann, listed, "Pause 1")
    assert "; paused" in listed.text
    await newsroom.pressed(ann, listed, "Go on with 1")
    assert [one.state for one in await newsroom.store.schedules.of(ann.id)] == [State.ACTIVE]
    await newsroom.pressed(ann, listed, "Delete 1")
    assert listed.text == posting.NO_PLANS


async def test_a_former_admin_plans_nothing(newsroom: Newsroom) -> None:
    """Neither with the times for an old draft nor by going on with a plan."""
    ann, channel, stage = newsroom.ann, newsroom.channel, newsroom.stage
    schedules = newsroom.store.schedules
    _, control = await newsroom.asked(ann, "/post fees", 2)
    await newsroom.pressed(ann, control, "Schedule")
    question = newsroom.last(ann)
    channel.members[ann.id] = Status.MEMBER
    ann.say(ann.private, "daily 09:00 UTC", reply_to=question)
    assert (await stage.said(ann.private, 4))[-1].text == posting.MAY_NOT
    assert await schedules.of(ann.id) == ()

    channel.members[ann.id] = Status.OWNER
    ann.say(ann.private, "daily 09:00 UTC", reply_to=question)
    await stage.said(ann.private, 5)
    (listed,) = await newsroom.asked(ann, "/posts")
    await newsroom.pressed(ann, listed, "Pause 1")
    channel.members[ann.id] = Status.MEMBER
    press = await newsroom.pressed(ann, listed, "Go on with 1")

    assert press.answer
    assert press.answer["text"] == posting.MAY_NOT
    assert [one.state for one in await schedules.of(ann.id)] == [State.PAUSED]


async def test_nobody_has_more_plans_than_there_may_be(newsroom: Newsroom) -> None:
    """The eleventh is refused."""
    made = [await newsroom.store.schedules.add(1, -1, "fees", read_timing("daily 9:00", "UTC")) for _ in range(11)]

    assert [plan is None for plan in made] == [*[False] * 10, True]


BUTTONS: tuple[PostButton, ...] = (
    ChooseChannel(-1_009_999_999_999, 999_999_999),
    *(kind(7) for kind in (Publish, AskWhen, DropDraft, PausePlan, ResumePlan, DropPlan)),
)


@pytest.mark.parametrize("button", BUTTONS, ids=lambda button: type(button).__name__)
def test_a_button_comes_back_as_it_went(button: PostButton) -> None:
    """And fits what Telegram takes."""
    assert decode(encode(button)) == button
    assert len(encode(button)) <= 64


@pytest.mark.parametrize("data", [None, "", "1!", "1!p", "1!p1:2", "1!c1", "1!q1", "2!p1", "1!p-", "1!p1 ", "1!p١"])
def test_a_forged_button_is_none(data: str | None) -> None:
    """Nothing else is read."""
    assert decode(data) is None


async def test_a_comment_is_answered_in_the_thread_of_its_post(newsroom: Newsroom) -> None:
    """Under the post that was commented on; what Telegram copies there is no question."""
    stage, ann, eve = newsroom.stage, newsroom.ann, newsroom.eve
    room = newsroom.channel.discussion = stage.telegram.supergroup("Talk", [eve], owner=ann)
    first = ann.post(newsroom.channel, "@duel_bot why did bch fork")
    ann.post(newsroom.channel, "another post")
    assert await stage.is_silent(room)

    asked = eve.comment(first, "@duel_bot why did bch fork")
    (answer,) = await stage.said(room)
    _, control = await newsroom.asked(ann, "/post fees", 2)
    await newsroom.pressed(ann, control, "Publish")

    copy = asked.raw["reply_to_message"]
    assert copy["is_automatic_forward"]
    assert answer.reply_to == asked.id
    assert answer.raw["message_thread_id"] == copy["message_id"]
    assert len(stage.telegram.sent_by_bot(room)) == 1
    assert len([one for one in room.messages if one.raw.get("is_automatic_forward")]) == 3


async def test_a_post_is_checked_where_it_is_commented_on(newsroom: Newsroom) -> None:
    """ "Is this true?" under a post answers the post, in its thread."""
    stage, eve = newsroom.stage, newsroom.eve
    room = newsroom.channel.discussion = stage.telegram.supergroup("Talk", [eve], owner=newsroom.ann)
    post = newsroom.ann.post(newsroom.channel, "why did bch fork")

    asked = eve.comment(post, "@duel_bot is this true?")
    (answer,) = await stage.said(room)

    assert answer.reply_to == answer.raw["message_thread_id"] == asked.raw["reply_to_message"]["message_id"]
