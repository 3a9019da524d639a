"""Alerts from the first word to the last message: through the local Telegram, over restarts, for a week."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.faces.simulator import Chat, LocalRequest, LocalTelegram, Message, Person, Status
from bot.faces.telegram import AlertChats, Sender, Watchman, make_application
from bot.faces.telegram.app import App
from bot.faces.telegram.face import STALE
from bot.faces.telegram.payload import decode, encode
from bot.lookout import Lookout
from bot.model.alert import Alert, Crossing, Room, Wish
from bot.model.crossing import COOL_DOWN
from bot.model.mark import AlertButton, AlertDeed
from bot.model.quote import Coin
from bot.pipeline import Pipeline
from bot.reply import alerts as say
from bot.store import Alerts, Store, open_store
from bot.store.alerts import MOST_IN_CHAT
from tests.bases import Base
from tests.conftest import StandingClock
from tests.telegram.conftest import SCHEMA, Stage, hearing
from tests.web import Web

FEES = "/mempool_space/api/v1/fees/precise"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
YES, NO, DELETE, AGAIN = "Yes, tell me", "Cancel", "Delete", "Again in 1 h if still so"


@dataclass(frozen=True, slots=True)
class Post:
    """A stage with its watchman; `fee` sets what BTC costs from now on."""

    stage: Stage
    watchman: Watchman
    alerts: Alerts
    clock: StandingClock

    @property
    def telegram(self) -> LocalTelegram:
        return self.stage.telegram

    def fee(self, rate: float) -> None:
        self.stage.web.answers[FEES]["fastestFee"] = rate
        self.stage.web.answers["/blockstream/api/fee-estimates"]["1"] = rate

    async def look(self, time: timedelta = MINUTE) -> None:
        """Let time pass, and look."""
        self.clock.pass_by(time)
        await self.watchman.once()

    async def asked(self, person: Person, text: str, chat: Chat | None = None) -> Message:
        chat = chat or person.private
        before = len(self.telegram.sent_by_bot(chat))
        person.say(chat, text)
        return (await self.stage.said(chat, before + 1))[-1]

    async def pressed(self, person: Person, message: Message, what: str) -> dict[str, Any]:
        press = person.press(message, what)
        await self.telegram.wait_for(lambda: press.answer)
        await self.stage.reception.lanes.idle()
        assert press.answer
        return press.answer

    async def set(self, person: Person, text: str = "/alert btc fee < 2", chat: Chat | None = None) -> Message:
        """Set an alert and return its message."""
        card = await self.asked(person, text, chat)
        await self.pressed(person, card, YES)
        return card

    def news(self, chat: Chat) -> list[Message]:
        return [one for one in self.telegram.sent_by_bot(chat) if "🔔" in one.text]


def make_watchman(app: App, alerts: Alerts, pipeline: Pipeline) -> Watchman:
    sender = Sender(app.bot, AlertChats(alerts))
    return Watchman(alerts, Lookout(pipeline.desk, pipeline.gallery.history, pipeline.clock), sender)


@pytest.fixture
async def post(pipeline: Pipeline, web: Web, store: Store, clock: StandingClock) -> AsyncIterator[Post]:
    telegram = LocalTelegram("duel_bot", schema=SCHEMA)
    pipeline = replace(pipeline, gallery=replace(pipeline.gallery, history=store))
    app = make_application(pipeline, telegram.token, request=lambda: LocalRequest(telegram), store=store)
    async with hearing(app, lambda: LocalRequest(telegram)) as reception:
        stage = Stage(telegram, app, web, telegram.person("Olga"), reception)
        post = Post(stage, make_watchman(app, store.alerts, pipeline), store.alerts, clock)
        post.fee(2.5)  # whichever source comes first
        yield post


async def test_an_alert_is_asked_for_confirmed_and_told(post: Post) -> None:
    """The card shows what and where it is now; the news comes once, with value, source and age."""
    ann = post.stage.person()

    card = await post.asked(ann, "/alert btc fee < 2")
    assert "Shall I watch this?\nNext-block fee, BTC: below 2 sat/vB" in card.text
    assert "Now: 2.5 sat/vB (" in card.text
    assert await post.alerts.watched() == ()
    await post.pressed(ann, card, YES)
    assert card.text.startswith("I watch: Next-block fee, BTC: below 2 sat/vB")
    await post.look()
    assert post.news(ann.private) == []

    post.fee(1.5)
    await post.look()
    await post.look()

    (news,) = post.news(ann.private)
    assert "🔔 Next-block fee, BTC: below 2 sat/vB\n\nNow: 1.5 sat/vB (" in news.text
    assert "UTC)" in news.text
    assert [button.label for row in news.buttons for button in row] == [AGAIN, DELETE]
    assert not [call for call in post.telegram.calls if call.refused]


async def test_a_sentence_is_a_wish_as_well(post: Post) -> None:
    """`tell me when …` gets the card, in private and where the bot is addressed; else it is silent or answers."""
    ann = post.stage.person()
    group = post.telegram.supergroup("Club", [ann])

    assert "BTC: below 2 sat/vB" in (await post.asked(ann, "tell me when btc fees drop under 2 sat")).text
    assert "BCH: at least $500" in (await post.asked(ann, "@duel_bot ping me if bch hits 500", group)).text
    assert "Shall I watch" not in (await post.asked(ann, "tell me when bitcoin cash forked in 2017")).text
    ann.say(group, "tell me when btc fees drop under 2 sat")
    assert await post.stage.is_silent(group, before=1)


async def test_a_number_is_reached_from_where_it_is(post: Post) -> None:
    """`hits 400` means down to it while BCH costs 450."""
    ann = post.stage.person()

    assert "Price, BCH: at most $400" in (await post.asked(ann, "ping me if bch hits 400")).text


REFUSED = {
    "/alert btc sentiment > 5": "I do not know the number “sentiment”",
    "/alert btc fee < 0": "above zero",
    "/alert": "Which number shall I watch?",
    "tell me when btc fees are not under 3 sat": "without a “not”",
}


@pytest.mark.parametrize(("text", "words"), REFUSED.items(), ids=REFUSED)
async def test_what_cannot_be_watched_is_refused(text: str, words: str, post: Post) -> None:
    """A sentence says why, and no card is kept."""
    ann = post.stage.person()

    said = await post.asked(ann, text)

    assert words in said.text
    assert said.buttons == []


async def test_no_alert_is_set_on_a_disputed_number(post: Post) -> None:
    """Where sources differ nobody knows on which side the number is."""
    post.stage.web.fail("500")
    post.stage.web.fail("tenfold", "kraken")
    post.stage.web.fault.pop("coinbase")
    post.clock.pass_by(10 * MINUTE)

    said = await post.asked(post.stage.person(), "/alert bch price > 500")

    assert said.text == say.DISPUTED


async def test_without_a_number_it_must_say_above_or_below(post: Post) -> None:
    """With all sources gone, `hits` has no side; a line with a side can be set, and waits."""
    ann = post.stage.person()
    post.stage.web.fail("500")
    post.clock.pass_by(timedelta(days=3))

    assert (await post.asked(ann, "ping me if bch hits 500")).text == say.NO_SIDE
    card = await post.asked(ann, "/alert bch price > 500")
    assert "no source gives it just now. I stay silent until that changes." in card.text


async def test_a_card_can_be_cancelled_and_grows_old(post: Post) -> None:
    """Nothing is watched then, and its buttons say so."""
    ann = post.stage.person()
    card = await post.asked(ann, "/alert btc fee < 2")
    newer = await post.asked(ann, "/alert btc fee < 1")

    old = await post.pressed(ann, card, YES)
    await post.pressed(ann, newer, NO)

    assert (old["text"], old["show_alert"]) == (say.EXPIRED, True)
    assert newer.text == say.CANCELLED
    assert newer.buttons == []
    assert await post.alerts.watched() == ()


async def test_what_is_so_already_is_told_the_next_time(post: Post) -> None:
    """The card says so; the news comes after the number was away."""
    ann = post.stage.person()
    post.fee(1)
    post.clock.pass_by(MINUTE)
    card = await post.asked(ann, "/alert btc fee < 2")
    assert "It is so already: I tell you the next time." in card.text
    await post.pressed(ann, card, YES)

    told = []
    for rate in (1, 2.01, 1, 3, 1):
        post.fee(rate)
        await post.look()
        told.append(len(post.news(ann.private)))

    assert told == [0, 0, 0, 0, 1]


async def test_one_crossing_is_told_once_and_the_next_after_the_cool_down(post: Post) -> None:
    """What trembles at the line is one crossing; two in an hour are told with an hour between."""
    ann = post.stage.person()
    await post.set(ann)

    told = []
    for rate, time in (
        (1.9, MINUTE),
        (2.01, MINUTE),
        (1.9, HOUR),
        (3, MINUTE),
        (1.9, MINUTE),
        (3, MINUTE),
        (1, MINUTE),
    ):
        post.fee(rate)
        await post.look(time)
        told.append(len(post.news(ann.private)))
    await post.look(HOUR)
    told.append(len(post.news(ann.private)))

    assert told == [1, 1, 1, 1, 2, 2, 2, 3]


@pytest.mark.parametrize("fault", ["500", "html", "zero", "nan"])
async def test_an_alert_is_silent_while_its_source_is(fault: str, post: Post) -> None:
    """When it comes back, what happened meanwhile is told."""
    ann = post.stage.person()
    await post.set(ann)
    post.fee(1.5)
    post.stage.web.fail(fault)
    for _ in range(3):
        await post.look()
    assert post.news(ann.private) == []

    post.stage.web.heal()
    post.stage.web.fault.clear()
    await post.look(5 * MINUTE)
    await post.look()

    assert len(post.news(ann.private)) == 1


async def test_a_restart_loses_no_crossing_and_repeats_none(
    post: Post, pipeline: Pipeline, file: Path, clock: StandingClock
) -> None:
    """What crossed while nobody looked is told by the next program, and by that one alone."""
    ann = post.stage.person()
    await post.set(ann)
    post.fee(1.5)
    clock.pass_by(HOUR)

    for _ in range(3):
        async with open_store(f"sqlite+aiosqlite:///{file}", clock) as store:
            again = make_watchman(post.stage.app, store.alerts, pipeline)
            await asyncio.gather(again.once(), post.watchman.once(), again.once())

    assert len(post.news(ann.private)) == 1


async def test_a_kill_between_claim_and_message_tells_nothing_twice(post: Post) -> None:
    """Who is killed after the claim has told too little; the next crossing is told."""
    ann = post.stage.person()
    await post.set(ann)
    post.fee(1.5)
    gate = post.telegram.hold_next("sendMessage", acts=False)
    post.clock.pass_by(MINUTE)
    looking = asyncio.create_task(post.watchman.once())
    await gate.arrived.wait()
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    gate.open()

    await post.look(HOUR)
    assert post.news(ann.private) == []
    for rate in (3, 1.5):
        post.fee(rate)
        await post.look(HOUR)

    assert len(post.news(ann.private)) == 1


async def test_a_message_that_is_refused_is_tried_again_in_an_hour(post: Post) -> None:
    """A chat where nobody may write is not knocked at every minute."""
    ann = post.stage.person()
    group = post.telegram.supergroup("Club", [ann])
    await post.set(ann, "/alert@duel_bot btc fee < 2", group)
    post.fee(1.5)
    group.bot_may_write = False

    for _ in range(5):
        await post.look()
    refused = [call for call in post.telegram.calls_of("sendMessage") if call.refused]
    group.bot_may_write = True
    await post.look(COOL_DOWN)

    assert len(refused) == 1
    assert len(post.news(group)) == 1


async def test_a_chat_that_is_gone_loses_its_alerts(post: Post) -> None:
    """Who blocks the bot hears nothing any more, and nobody else notices."""
    ann, bob = post.stage.person(), post.stage.person("Bob")
    await post.set(ann)
    await post.set(bob)
    ann.block()
    post.fee(1.5)

    await post.look()

    assert [one.asker for one in await post.alerts.watched()] == [bob.id]
    assert len(post.news(bob.private)) == 1


async def test_a_group_that_moved_is_told_where_it_is(post: Post) -> None:
    """The alert follows to the supergroup."""
    ann = post.stage.person()
    group = post.telegram.group("Club", [ann])
    await post.set(ann, "/alert@duel_bot btc fee < 2", group)
    new = group.upgrade(ann)
    post.fee(1.5)

    await post.look()

    assert len(post.news(new)) == 1
    assert [one.room for one in await post.alerts.watched()] == [Room(new.id)]


async def test_news_come_into_the_topic_they_were_asked_for_in(post: Post) -> None:
    """In a forum the topic counts."""
    ann = post.stage.person()
    forum = post.telegram.forum("Forum", [ann])
    topic = forum.topic("Fees", ann)
    ann.say(forum, "/alert@duel_bot btc fee < 2", thread=topic)
    (card,) = await post.stage.said(forum)
    await post.pressed(ann, card, YES)
    post.fee(1.5)

    await post.look()

    assert [one.thread for one in post.news(forum)] == [topic.id]


async def test_again_tells_in_an_hour_if_it_is_still_so(post: Post) -> None:
    """The button does without the number having been away, not without the hour."""
    ann = post.stage.person()
    await post.set(ann)
    post.fee(1.5)
    await post.look()
    (news,) = post.news(ann.private)

    said = await post.pressed(ann, news, AGAIN)
    await post.look()
    early = len(post.news(ann.private))
    await post.look(COOL_DOWN)

    assert said["text"] == say.REARMED
    assert (early, len(post.news(ann.private))) == (1, 2)


async def test_alerts_are_listed_and_deleted_by_buttons(post: Post) -> None:
    """Each has a button; what is deleted elsewhere meanwhile is said."""
    ann = post.stage.person()
    assert (await post.asked(ann, "/alerts")).text == say.NONE
    first = await post.set(ann)
    await post.set(ann, "/alert bch price ± 10% 24h")
    shown = await post.asked(ann, "/alerts")
    assert "I watch here, 2 of 20:" in shown.text
    assert "2. Price, BCH: up or down 10 % within 24 hours" in shown.text
    assert [row[0].label for row in shown.buttons] == [
        "✕ 1. Next-block fee, BTC < 2 sat/vB",
        "✕ 2. Price, BCH ±10 %",
    ]

    await post.pressed(ann, first, DELETE)
    gone = await post.pressed(ann, shown, "✕ 1. Next-block fee, BTC < 2 sat/vB")
    assert gone["text"] == say.GONE
    assert [row[0].label for row in shown.buttons] == ["✕ 1. Price, BCH ±10 %"]
    await post.pressed(ann, shown, "✕ 1. Price, BCH ±10 %")

    assert first.text == say.DELETED
    assert shown.text == say.NONE


@pytest.mark.parametrize("status", [Status.MEMBER, Status.ADMINISTRATOR, Status.OWNER])
async def test_in_a_group_the_asker_and_admins_may(status: Status, post: Post) -> None:
    """Confirming and deleting somebody else's alert takes an admin's rights, at that moment."""
    ann, bob = post.stage.person(), post.stage.person("Bob")
    group = post.telegram.supergroup("Club", [ann, bob])
    group.members[bob.id] = status
    card = await post.asked(ann, "/alert@duel_bot btc fee < 2", group)

    said = await post.pressed(bob, card, YES)
    is_set = len(await post.alerts.watched()) == 1
    if not is_set:
        await post.pressed(ann, card, YES)
    shown = await post.asked(ann, "/alerts@duel_bot", group)
    await post.pressed(bob, shown, shown.buttons[0][0].label)

    may = status is not Status.MEMBER
    assert is_set is may
    assert said["text"] == ("" if may else say.NOT_YOURS)
    assert len(await post.alerts.watched()) == (0 if may else 1)


async def test_who_cannot_be_looked_up_may_not(post: Post) -> None:
    """Where Telegram does not say who runs the chat, nobody but the asker does."""
    ann, bob = post.stage.person(), post.stage.person("Bob")
    group = post.telegram.supergroup("Club", [ann, bob])
    group.members[bob.id] = Status.OWNER
    card = await post.asked(ann, "/alert@duel_bot btc fee < 2", group)
    post.telegram.fail_next("getChatMember", 400, "Bad Request: user not found")

    assert (await post.pressed(bob, card, YES))["text"] == say.NOT_YOURS


async def test_an_anonymous_admin_sets_alerts_for_the_chat(post: Post) -> None:
    """Who speaks as the group confirms as an admin of it."""
    ann = post.stage.person()
    group = post.telegram.supergroup("Club", [ann], owner=ann)
    ann.say(group, "/alert@duel_bot btc fee < 2", as_chat=group)
    (card,) = await post.stage.said(group)

    await post.pressed(ann, card, YES)

    assert [one.asker for one in await post.alerts.watched()] == [group.id]


async def test_a_full_chat_is_told_so(post: Post) -> None:
    """Beyond the limit no card comes, and none that was there can be confirmed."""
    ann, bob = post.stage.person(), post.stage.person("Bob")
    group = post.telegram.supergroup("Club", [ann, bob])
    card = await post.asked(bob, "/alert@duel_bot btc fee < 2", group)
    for asker in range(MOST_IN_CHAT):
        wish = Wish("fee", Coin.BTC, Crossing.BELOW, asker + 1)
        number = await post.alerts.propose(wish, Room(group.id), 1000 + asker, is_armed=True)
        await post.alerts.confirm(number or 0, group.id)

    assert (await post.pressed(bob, card, YES))["text"] == say.FULL
    assert (await post.asked(ann, "/alert@duel_bot btc fee < 2", group)).text == say.FULL
    assert len((await post.asked(ann, "/alerts@duel_bot", group)).buttons) == MOST_IN_CHAT


async def test_a_forged_button_does_nothing_elsewhere(post: Post) -> None:
    """The number of another chat's alert is no key to it."""
    ann, eve = post.stage.person(), post.stage.person("Eve")
    await post.set(ann)
    (alert,) = await post.alerts.watched()
    hers = await post.asked(eve, "/alerts")

    presses = [eve.forge(hers, encode(AlertButton(deed, alert.id))) for deed in AlertDeed]
    await post.telegram.wait_for(lambda: all(press.answer for press in presses))

    assert await post.alerts.watched() == (alert,)


def test_buttons_of_alerts_are_read_back() -> None:
    """Each deed comes back from its bytes, and nothing else does."""
    for deed in AlertDeed:
        assert decode(encode(AlertButton(deed, 10**9))) == AlertButton(deed, 10**9)
    for data in ("1k", "1ky", "1kz5", "1ky-5", "1kyfive", "1ky" + "9" * 13):
        assert decode(data) is None


async def test_without_a_store_there_are_no_alerts(stage: Stage) -> None:
    """Commands and old buttons say so; sentences are questions."""
    ann = stage.person()
    ann.say(ann.private, "/alert btc fee < 2")
    ann.say(ann.private, "/alerts")
    said = await stage.said(ann.private, 2)
    press = ann.forge(said[0], encode(AlertButton(AlertDeed.CONFIRM, 1)))
    await stage.telegram.wait_for(lambda: press.answer)
    ann.say(ann.private, "tell me when btc fees drop under 2 sat")

    assert [one.text for one in said] == [say.NOT_KEPT] * 2
    assert press.answer
    assert press.answer["text"] == STALE
    assert "Shall I watch" not in (await stage.said(ann.private, 3))[2].text


async def test_a_database_that_fails_is_no_end(post: Post, file: Path) -> None:
    """Commands, buttons and looks say so or wait; nothing is lost."""
    ann = post.stage.person()
    card = await post.asked(ann, "/alert btc fee < 2")
    await Base(f"sqlite+aiosqlite:///{file}").run("alter table alerts rename to gone")

    assert (await post.asked(ann, "/alerts")).text == say.NOT_KEPT
    assert (await post.pressed(ann, card, YES))["text"] == say.NOT_KEPT
    await post.watchman._round()
    await AlertChats(post.alerts).gone(ann.id)


async def test_a_week(post: Post, pipeline: Pipeline, file: Path) -> None:
    """Two dips a day are told once each, whatever trembles at the line, and though the program starts anew each day."""
    ann = post.stage.person()
    await post.set(ann)
    for _ in range(7):
        async with open_store(f"sqlite+aiosqlite:///{file}", post.clock) as store:
            watchman = make_watchman(post.stage.app, store.alerts, pipeline)
            for rate in (2.6, 1.97, 2.01, 1.9, 2.6, 2.01) * 2:
                post.fee(rate)
                post.clock.pass_by(2 * HOUR)
                await watchman.once()

    assert len(post.news(ann.private)) == 14


async def test_a_change_is_told_with_where_it_began(post: Post, pipeline: Pipeline) -> None:
    """The news says from what to what, over which time."""
    ann = post.stage.person()
    card = await post.asked(ann, "/alert bch price ± 50% 24h")
    await post.pressed(ann, card, YES)
    (alert,) = await post.alerts.watched()
    for provider in ("kraken", "coinbase", "bitstamp"):
        post.stage.web.fail("tenfold", provider)
    post.stage.web.fail("500", "coingecko", "coinpaprika", "mempool_space", "blockchair")

    await post.look(5 * MINUTE)
    await post.look()

    assert isinstance(alert, Alert)
    (news,) = post.news(ann.private)
    assert "🔔 Price, BCH: up or down 50 % within 24 hours" in news.text
    assert " % from $" in news.text


async def test_the_watchman_looks_until_he_is_sent_away(post: Post) -> None:
    """The first look comes at once, and a round that fails does not end the watch."""
    ann = post.stage.person()
    await post.set(ann)
    post.fee(1.5)
    post.clock.pass_by(MINUTE)

    watch = asyncio.create_task(post.watchman.run())
    await post.telegram.wait_for(lambda: post.news(ann.private))
    watch.cancel()
    (ended,) = await asyncio.gather(watch, return_exceptions=True)

    assert isinstance(ended, asyncio.CancelledError)
