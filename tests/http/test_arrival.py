"""The whole way: Telegram calls the running bot, the update is kept, the answer is sent; and owners hear of trouble."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from bot.config import Settings
from bot.errors import ConfigError, StoreError
from bot.faces.http import Address, Hook
from bot.faces.simulator import LocalRequest, LocalTelegram
from bot.faces.simulator.updates import FIRST_ID
from bot.faces.simulator.webhooks import delivering
from bot.faces.telegram import Bulletin, Sender, make_application, serve
from bot.faces.telegram.app import App
from bot.meanwhile import meanwhile
from bot.model.incoming import Incoming
from bot.model.trouble import Alarm, Alert, Trouble
from bot.model.vitals import Organ
from bot.pipeline import Pipeline
from bot.serving import Signs, guarding, hearing, probes
from bot.store import Inbox, Solo
from bot.watchdog import Watchdog
from tests.http.conftest import PATIENCE, SECRET
from tests.inboxes import open_inbox
from tests.ports import reserved
from tests.telegram.conftest import SCHEMA

AT_ONCE = timedelta(0)


class Moody(Inbox):
    """An inbox whose disk is full while it is `broken`."""

    broken = False

    async def keep(self, batch: Sequence[Incoming]) -> tuple[Incoming, ...]:
        if self.broken:
            raise StoreError("the database failed")
        return await Inbox.keep(self, batch)


@dataclass(slots=True)
class Running:
    """A bot that Telegram calls; each `run` is a start of the program over the same file."""

    pipeline: Pipeline
    inbox: Moody
    port: int
    telegram: LocalTelegram = field(default_factory=lambda: LocalTelegram("duel_bot", schema=SCHEMA))
    signs: Signs = field(default_factory=Signs)

    def application(self) -> App:
        return make_application(self.pipeline, self.telegram.token, request=lambda: LocalRequest(self.telegram))

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        hook = Hook(f"http://127.0.0.1:{self.port}/telegram", SECRET, Address("127.0.0.1", self.port))
        stop, ready = asyncio.Event(), asyncio.Event()

        async def beside() -> None:
            ready.set()

        hears = hearing(hook, self.inbox, self.signs, Solo())
        serving = asyncio.create_task(serve(self.application(), hears, stop, beside=beside))
        await asyncio.wait_for(ready.wait(), PATIENCE)
        try:
            yield
        finally:
            stop.set()
            await serving


@pytest.fixture
async def running(pipeline: Pipeline) -> AsyncIterator[Running]:
    with reserved() as (port,):
        async with open_inbox() as inbox:
            yield Running(pipeline, Moody(inbox._engine, inbox._clock), port)


async def test_a_question_by_webhook_is_answered(running: Running) -> None:
    """The bot says where it is, Telegram calls it there, and it answers."""
    telegram = running.telegram
    ann = telegram.person("Ann")
    async with running.run(), delivering(telegram):
        ann.say(ann.private, "why did bch fork")
        (answer,) = await telegram.written(ann.private)

    assert "1 August 2017" in answer.text
    assert telegram.calls_of("getUpdates") == []
    assert b"bot_queue_depth 0.0" in running.signs.meters.text()


async def test_what_comes_while_the_bot_is_away_waits_at_telegram(running: Running) -> None:
    """The webhook stays set at the end, so that the next start gets what came meanwhile."""
    telegram = running.telegram
    ann = telegram.person("Ann")
    async with running.run():
        pass
    still = telegram.updates.webhook["url"]
    ann.say(ann.private, "why did bch fork")
    async with delivering(telegram, pause=timedelta(milliseconds=10)):
        await telegram.wait_for(lambda: "last_error_message" in telegram.updates.webhook)
        async with running.run():
            await telegram.written(ann.private)

    assert still.endswith("/telegram")
    assert telegram.calls_of("deleteWebhook") == []


async def test_a_full_disk_loses_nothing(running: Running) -> None:
    """While nothing can be kept health is red and Telegram comes again; with room again the answer follows, once."""
    telegram, inbox = running.telegram, running.inbox
    ann = telegram.person("Ann")
    inbox.broken = True
    async with running.run(), delivering(telegram, pause=AT_ONCE):
        ann.say(ann.private, "why did bch fork")
        await telegram.wait_for(lambda: "last_error_message" in telegram.updates.webhook)
        during = dict(running.signs.troubles.present)
        inbox.broken = False
        telegram.updates.webhook = dict(telegram.updates.webhook)  # a Telegram that comes sooner than it was asked
        telegram.changes.happened()
        await telegram.written(ann.private)
        await telegram.taken()

    assert Trouble.DATABASE in during
    assert Trouble.DATABASE not in running.signs.troubles.present
    assert len(telegram.sent_by_bot(ann.private)) == 1


async def test_a_replay_after_a_restart_is_answered_once(running: Running) -> None:
    """The same update, delivered again to the next run of the program, gets no second answer."""
    telegram = running.telegram
    ann = telegram.person("Ann")
    async with running.run(), delivering(telegram):
        ann.say(ann.private, "why did bch fork")
        await telegram.written(ann.private)
        captured = FIRST_ID
    replay = {"update_id": captured, "message": {**_message(telegram, ann.id), "text": "why did bch fork"}}
    async with running.run(), delivering(telegram):
        telegram.push(replay)
        ann.say(ann.private, "/help")
        await telegram.written(ann.private, 2)
        await telegram.taken()

    assert len(telegram.sent_by_bot(ann.private)) == 2


def _message(telegram: LocalTelegram, person: int) -> dict[str, Any]:
    found: dict[str, Any] = next(one.raw for one in telegram.chats[person].messages if not one.is_by_bot)
    return found


async def test_a_port_that_is_taken_ends_the_start(running: Running) -> None:
    """With a sentence, and after what was opened is closed."""
    async with running.run():
        other = Running(running.pipeline, running.inbox, running.port)
        hook = Hook("http://127.0.0.1/x", SECRET, Address("127.0.0.1", running.port))

        with pytest.raises(ConfigError, match=r"telegram\.webhook_listen"):
            await serve(other.application(), hearing(hook, other.inbox, other.signs, Solo()))


async def test_owners_are_told_of_a_silent_poll_once_and_of_its_return(pipeline: Pipeline) -> None:
    """In Telegram, by the watchdog itself; only the time that passes is the test's."""
    telegram, signs, hand = LocalTelegram("duel_bot", schema=SCHEMA), Signs(), [5000.0]
    signs.vitals.now = lambda: hand[0]
    olga = telegram.person("Olga")
    olga.start()
    app = make_application(pipeline, telegram.token, owners=(olga.id,), request=lambda: LocalRequest(telegram))
    tell = Bulletin(Sender(app.bot), (olga.id,)).alert
    dog = Watchdog(signs.vitals, signs.troubles, tell, probes(Settings(), pipeline, signs.vitals), every=AT_ONCE)
    async with asyncio.timeout(PATIENCE), app, meanwhile(dog.run):
        while not telegram.sent_by_bot(olga.private):
            await _a_second(hand)
        told_after = hand[0] - 5000
        while len(telegram.sent_by_bot(olga.private)) == 1:
            signs.vitals.beat(Organ.POLL)
            await _a_second(hand)

    alarm, over = telegram.sent_by_bot(olga.private)
    assert told_after <= 120
    assert alarm.text.startswith("Telegram sends me nothing.")
    assert over.text.startswith("Telegram sends me messages again, after ")


async def _a_second(hand: list[float]) -> None:
    """Let a second pass for the watchdog while the loop turns some times."""
    hand[0] += 1
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_stands_around_a_bot_without_a_port_or_a_file(pipeline: Pipeline) -> None:
    """Nothing listens, and a database of another machine has no disk of ours."""
    settings = Settings.model_validate({"database": {"url": "postgresql+asyncpg://bot@db/bot"}})
    async with guarding(settings, pipeline, Signs(), _deaf, environment={}) as guard:
        await guard.signs.conflict()
        wrong = guard.health.wrong()

    assert wrong == {Trouble.CONFLICT: ""}
    assert Trouble.DISK not in probes(settings, pipeline, guard.signs.vitals)
    assert Trouble.DISK in probes(Settings(), pipeline, guard.signs.vitals)


async def _deaf(_: Alert) -> bool:
    return True


async def test_who_has_no_owners_is_not_told_for_ever(pipeline: Pipeline) -> None:
    """Without owners an alert counts as told; where none can be reached it does not."""
    telegram = LocalTelegram("duel_bot", schema=SCHEMA)
    stranger = telegram.person("Al")
    app = make_application(pipeline, telegram.token, request=lambda: LocalRequest(telegram))
    async with app:
        nobody = await Bulletin(Sender(app.bot), ()).alert(Alarm(Trouble.POLL))
        away = await Bulletin(Sender(app.bot), (stranger.id,)).alert(Alarm(Trouble.POLL))

    assert (nobody, away) == (True, False)
