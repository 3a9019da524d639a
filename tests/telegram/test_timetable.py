"""Planned posts through the local Telegram: each once, over restarts, replicas, failures and changes of the clock."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram.ext import BaseRateLimiter, ExtBot

from bot.faces.simulator import Chat, LocalRequest, LocalTelegram, Message, Person, Status
from bot.faces.telegram import Columnist, Rights, Sender, Timetable
from bot.faces.telegram.pace import Pace, Urgency
from bot.faces.telegram.quota import Quota
from bot.house import House
from bot.model.schedule import Plan, State, read_timing
from bot.pipeline import Pipeline
from bot.stack import Stack
from bot.store import Store, open_store
from tests.bases import Base
from tests.conftest import StandingClock
from tests.telegram.conftest import SCHEMA
from tests.telegram.second_opinion import objections
from tests.web import Web, answers

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """A channel of Ann's, and everything a program needs that posts there."""

    telegram: LocalTelegram
    channel: Chat
    ann: Person
    pipeline: Pipeline
    clock: StandingClock
    web: Web
    url: str

    @asynccontextmanager
    async def program(self, limiter: BaseRateLimiter[Any] | None = None) -> AsyncIterator[tuple[Timetable, Store]]:
        """Run a program: its own database connection, its own connection to Telegram."""
        calls, limiter = LocalRequest(self.telegram), limiter or Pace(limits=lambda _: Quota())
        async with (
            open_store(self.url, self.clock) as store,
            ExtBot(self.telegram.token, request=calls, get_updates_request=calls, rate_limiter=limiter) as bot,
        ):
            house = House(self.pipeline, Stack(self.pipeline.shelf), store.chats)
            columnist = Columnist(house, Sender(bot, house))
            yield Timetable(columnist, Rights(bot, self.clock), store.schedules), store

    def pass_to(self, moment: str) -> None:
        """Let it be a moment, with numbers of then."""
        self.clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        self.web.answers = answers(self.clock.now)

    def posts(self) -> list[Message]:
        return self.telegram.sent_by_bot(self.channel)

    def told(self) -> list[str]:
        return [message.text for message in self.telegram.sent_by_bot(self.ann.private)]

    async def plan(self, store: Store, what: str = "fees", when: str = "daily 09:00 UTC") -> Plan:
        plan = await store.schedules.add(self.ann.id, self.channel.id, what, read_timing(when, "UTC"))
        assert plan
        return plan


@pytest.fixture
async def desk(pipeline: Pipeline, clock: StandingClock, web: Web, tmp_path: Path) -> AsyncIterator[Desk]:
    telegram = LocalTelegram("duel_bot", clock=clock, schema=SCHEMA)
    ann = telegram.person("Ann")
    ann.start()
    channel = telegram.channel("News", owner=ann)
    yield Desk(telegram, channel, ann, pipeline, clock, web, f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    assert telegram.misfits + objections(telegram.calls) == []


async def test_a_week_with_restarts_and_two_programs(desk: Desk) -> None:
    """Each day's post is there once and in time, on both sides of a change of the clock; so is the weekly one."""
    desk.pass_to("2026-10-22T12:00")
    async with desk.program() as (_, store):
        await desk.plan(store, "price", "daily 09:00 Europe/Berlin")
        await desk.plan(store, "fees", "weekly sun 18:30 America/New_York")

    for _ in range(7):
        async with desk.program() as (one, _), desk.program() as (other, _):
            for _ in range(24):
                desk.pass_to((desk.clock.now + timedelta(hours=1)).replace(tzinfo=None).isoformat())
                await asyncio.gather(one.once(), other.once())

    moments = [datetime.fromtimestamp(post.raw["date"], UTC) for post in desk.posts()]
    assert [f"{at:%a %H}" for at in moments] == [
        *("Fri 07", "Sat 07", "Sun 08", "Sun 23", "Mon 08", "Tue 08", "Wed 08", "Thu 08"),
    ]
    assert desk.told() == []


async def test_what_was_begun_before_a_kill_counts_as_sent(desk: Desk) -> None:
    """Between the note and the sending there is no telling, so the post does not come again."""
    async with desk.program() as (timetable, store):
        plan = await desk.plan(store)
        desk.pass_to("2026-11-24T09:00")
        assert await store.schedules.claim(plan.id, plan.timing.latest(desk.clock.now))

    async with desk.program() as (timetable, _):
        await timetable.once()

    assert desk.posts() == []


async def test_one_of_two_programs_that_post_at_once_does(desk: Desk) -> None:
    """Both see that it is due, and one sends."""
    async with desk.program() as (one, store), desk.program() as (other, _):
        await desk.plan(store)
        for day in range(24, 30):
            desk.pass_to(f"2026-11-{day}T09:00")
            await asyncio.gather(one.once(), other.once(), one.once())
            assert len(desk.posts()) == day - 23


async def test_an_unknown_outcome_counts_as_sent(desk: Desk) -> None:
    """Telegram may have posted what it did not answer for."""
    async with desk.program() as (timetable, store):
        await desk.plan(store)
        desk.pass_to("2026-11-24T09:00")
        desk.telegram.garble_next("sendMessage", b"", 500, acts=True)

        await timetable.once()
        await timetable.once()

    assert len(desk.posts()) == 1


async def test_what_certainly_never_left_is_sent_at_the_next_look(desk: Desk) -> None:
    """A flood that is longer than a post may wait."""
    async with desk.program() as (timetable, store):
        await desk.plan(store)
        desk.pass_to("2026-11-24T09:00")
        desk.telegram.fail_next("sendMessage", 429, "Too Many Requests: retry after 4000", 4000)

        await timetable.once()
        assert desk.posts() == []

    async with desk.program() as (timetable, _):
        await timetable.once()

    assert len(desk.posts()) == 1


LATE = {
    "a little late": ("2026-11-24T11:30", 1, ""),
    "too late": ("2026-11-24T12:30", 0, "left out one post"),
    "after days": ("2026-11-27T23:00", 0, "left out 4 posts"),
    "after days and a little late": ("2026-11-27T10:00", 1, "left out 3 posts"),
}


@pytest.mark.parametrize(("back_at", "posts", "told"), LATE.values(), ids=LATE)
async def test_what_was_missed_is_caught_up_or_told(desk: Desk, back_at: str, posts: int, told: str) -> None:
    """After a time in which no program ran, the last post still comes if it is of use; else its person hears of it."""
    async with desk.program() as (_, store):
        await desk.plan(store)
    desk.pass_to(back_at)

    async with desk.program() as (one, _), desk.program() as (other, _):
        await asyncio.gather(one.once(), other.once())
        await one.once()

    assert len(desk.posts()) == posts
    assert [told in text for text in desk.told()] == ([True] if told else [])


async def test_a_clock_that_goes_back_repeats_nothing(desk: Desk) -> None:
    """Nor does one that leapt ahead for a moment end the plan."""
    async with desk.program() as (timetable, store):
        await desk.plan(store)
        for moment in ("24T09:00", "24T10:00", "24T08:59", "24T09:00", "26T09:30", "24T09:05", "25T09:00", "26T09:00"):
            desk.pass_to(f"2026-11-{moment}")
            await timetable.once()

    days = [datetime.fromtimestamp(post.raw["date"], UTC).day for post in desk.posts()]
    assert days == [24, 26, 25]


async def test_a_later_post_says_what_changed(desk: Desk) -> None:
    """The numbers of the last post stand beside those of this one."""
    async with desk.program() as (timetable, store):
        await desk.plan(store, "price")
        desk.pass_to("2026-11-24T09:00")
        await timetable.once()
        desk.pass_to("2026-11-25T09:00")
        for provider in ("bitstamp", "coinbase", "coingecko", "coinpaprika", "kraken"):
            desk.web.fault[provider] = "tenfold"
        await timetable.once()

    first, second = desk.posts()
    assert "Since" not in first.text
    assert "Since 2026-11-24, 09:00 UTC: " in second.text
    assert "Price BTC $" in second.text
    assert " → " in second.text.partition("Since")[2]


@pytest.mark.parametrize(("healed_after", "is_mended"), [(10, True), (70, False)], ids=["in time", "too late"])
async def test_a_post_is_mended_when_its_sources_are_back(desk: Desk, healed_after: int, is_mended: bool) -> None:
    """Within the hour it is edited in place, once; nothing new is posted."""
    async with desk.program() as (timetable, store):
        await desk.plan(store)
        desk.pass_to("2026-11-24T09:00")
        desk.web.fail("500")
        await timetable.once()
        (post,) = desk.posts()
        before = post.text
        assert "No live number for" in before

        desk.clock.pass_by(timedelta(minutes=healed_after))
        desk.web.heal()
        desk.web.answers = answers(desk.clock.now)
        await timetable.once()
        await timetable.once()

    assert desk.posts() == [post]
    assert ("No live number for" not in post.text) is is_mended
    assert len(desk.telegram.calls_of("editMessageText")) == is_mended


async def test_a_post_that_cannot_be_edited_is_left(desk: Desk) -> None:
    """Somebody deleted it: it is tried once."""
    async with desk.program() as (timetable, store):
        await desk.plan(store)
        desk.pass_to("2026-11-24T09:00")
        desk.web.fail("500")
        await timetable.once()
        desk.ann.delete(desk.posts()[0])

        desk.clock.pass_by(timedelta(minutes=10))
        desk.web.heal()
        desk.web.answers = answers(desk.clock.now)
        await timetable.once()
        await timetable.once()

    assert len(desk.telegram.calls_of("editMessageText")) == 1


def demoted(desk: Desk) -> None:
    desk.channel.members[desk.ann.id] = Status.MEMBER


def left(desk: Desk) -> None:
    desk.channel.members[desk.ann.id] = Status.LEFT


def put_out(desk: Desk) -> None:
    desk.channel.members[desk.telegram.bot.id] = Status.KICKED


def bot_demoted(desk: Desk) -> None:
    desk.channel.members[desk.telegram.bot.id] = Status.MEMBER


def muted(desk: Desk) -> None:
    desk.channel.cannot_post.add(desk.telegram.bot.id)


LOST: dict[str, tuple[Callable[[Desk], None], str]] = {
    "a former admin": (demoted, "You are no administrator"),
    "somebody who left": (left, "You are no administrator"),
    "the bot was put out": (put_out, "I am no administrator"),
    "the bot is no admin any more": (bot_demoted, "I am no administrator"),
    "the bot may not post any more": (muted, "I am no administrator"),
}


@pytest.mark.parametrize(("happened", "told"), LOST.values(), ids=LOST)
async def test_a_lost_channel_is_told_once(desk: Desk, happened: Callable[[Desk], None], told: str) -> None:
    """All plans for it stop; mended and gone on with, they post again, without what was missed."""
    async with desk.program() as (timetable, store), desk.program() as (other, _):
        plans = [await desk.plan(store), await desk.plan(store, "price")]
        desk.pass_to("2026-11-24T09:00")
        members = dict(desk.channel.members)
        happened(desk)

        await asyncio.gather(timetable.once(), other.once())
        desk.pass_to("2026-11-25T09:00")
        await asyncio.gather(timetable.once(), other.once())
        assert desk.posts() == []
        assert [told in text for text in desk.told()] == [True]
        assert {plan.state for plan in await store.schedules.of(desk.ann.id)} == {State.LOST}

        desk.channel.members |= members
        desk.channel.cannot_post.clear()
        for plan in plans:
            await store.schedules.resume(plan.id, desk.ann.id)
        await timetable.once()
        assert desk.posts() == []
        desk.pass_to("2026-11-26T09:00")
        await timetable.once()

    assert len(desk.posts()) == 2
    assert len(desk.told()) == 1


async def test_rights_that_cannot_be_asked_for_are_asked_for_again(desk: Desk) -> None:
    """A failure of Telegram stops no plan."""
    async with desk.program() as (timetable, store):
        await desk.plan(store)
        desk.pass_to("2026-11-24T09:00")
        desk.telegram.fail_next("getChatMember", 500, "Internal Server Error")
        await timetable.once()
        assert desk.posts() == []
        await timetable.once()

    assert len(desk.posts()) == 1


async def test_what_cannot_be_made_is_left_out_and_told(desk: Desk) -> None:
    """A topic that is gone from the knowledge is tried until it is too late."""
    async with desk.program() as (timetable, store):
        await desk.plan(store, "compare bananas with oranges")
        for moment in ("24T09:00", "24T11:00", "24T12:01", "24T12:02"):
            desk.pass_to(f"2026-11-{moment}")
            await timetable.once()

    assert desk.posts() == []
    assert len(desk.told()) == 1


async def test_a_paused_plan_posts_nothing(desk: Desk) -> None:
    """Also if it is paused while the post is made."""
    async with desk.program() as (timetable, store):
        plan = await desk.plan(store)
        desk.pass_to("2026-11-24T09:00")
        gate = desk.telegram.hold_next("getChatMember")
        looking = asyncio.create_task(timetable.once())
        await gate.arrived.wait()
        await store.schedules.pause(plan.id, desk.ann.id)
        gate.open()
        await looking

    assert desk.posts() == []


async def test_a_database_that_fails_costs_no_more_than_a_look(desk: Desk) -> None:
    """The next look posts."""
    async with desk.program() as (timetable, store):
        await desk.plan(store)
        desk.pass_to("2026-11-24T09:00")
        await Base(desk.url).run("alter table plans rename to elsewhere")
        await timetable.once()
        await Base(desk.url).run("alter table elsewhere rename to plans")
        await timetable.once()

    assert len(desk.posts()) == 1


async def test_a_zone_that_is_not_known_here_holds_up_no_other_plan(desk: Desk) -> None:
    """A database from another machine may name it."""
    async with desk.program() as (timetable, store):
        await desk.plan(store)
        await desk.plan(store, "price")
        await Base(desk.url).run("UPDATE plans SET zone = 'Mars/Olympus' WHERE id = 1")
        desk.pass_to("2026-11-24T09:00")
        await timetable.once()

    (post,) = desk.posts()
    assert "Price" in post.text


class Listening(BaseRateLimiter[Urgency]):
    """Lets everything pass, and remembers how urgent each message was."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Urgency | None]] = []

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""

    async def process_request(  # noqa: PLR0913, PLR0917 - the signature is the library's
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Urgency | None,
    ) -> Any:
        self.heard.append((endpoint, rate_limit_args))
        return await callback(*args, **kwargs)


async def test_answers_go_before_planned_posts(desk: Desk) -> None:
    """They are sent as what nobody waits for."""
    limiter = Listening()
    async with desk.program(limiter) as (timetable, store):
        await desk.plan(store)
        desk.pass_to("2026-11-24T09:00")
        await timetable.once()

    assert ("sendMessage", Urgency.BROADCAST) in limiter.heard


async def test_a_post_that_waits_holds_up_no_other(desk: Desk) -> None:
    """Beside the bot, every look goes on while a post is on its way."""
    async with desk.program() as (timetable, store):
        await desk.plan(store)
        second = desk.telegram.channel("Second", owner=desk.ann)
        assert await store.schedules.add(desk.ann.id, second.id, "fees", read_timing("daily 09:00", "UTC"))
        desk.pass_to("2026-11-24T09:00")
        gate = desk.telegram.hold_next("sendMessage")
        running = asyncio.create_task(timetable.run())
        await gate.arrived.wait()
        await desk.telegram.wait_for(lambda: len(desk.posts()) + len(desk.telegram.sent_by_bot(second)) == 2)
        gate.open()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    assert len(desk.posts()) == len(desk.telegram.sent_by_bot(second)) == 1
