"""From what arrives to what is handled: each update once, in order, whatever is wrong with its neighbours."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from telegram import Update
from telegram.ext import ApplicationBuilder, TypeHandler

from bot.errors import StoreError, UnkeptError
from bot.faces.simulator import LocalRequest, LocalTelegram, Person
from bot.faces.telegram.app import UPDATES, App
from bot.faces.telegram.face import Context
from bot.faces.telegram.hearing import Hearing
from bot.faces.telegram.parse import ALONE, lane_of
from bot.faces.telegram.poll import Poller
from bot.faces.telegram.reception import LATE, Reception
from bot.model.clock import utc_now
from bot.model.incoming import Incoming
from bot.model.vitals import Organ, Vitals
from bot.store import Inbox
from tests.conftest import StandingClock
from tests.inboxes import open_inbox

POISON: dict[str, dict[str, Any]] = {
    "a poll without its fields": {"poll": {"id": "1"}},
    "a message that is a text": {"message": "my grandmother asks"},
    "a press without its fields": {"callback_query": {"data": "my grandmother asks"}},
    "a chat that is a number": {"message": {"message_id": 1, "date": 1, "chat": 5, "text": "my grandmother asks"}},
}
PLACES = {"alone": (0, 0), "first": (0, 99), "in the middle": (50, 49), "last": (99, 0)}  # good ones before and after
NOW = StandingClock().now
OLD = NOW - timedelta(hours=1)


@dataclass(slots=True)
class Notes:
    """A handler that notes each update it gets, after `before` has let it."""

    seen: list[Update] = field(default_factory=list)
    before: Callable[[Update], Awaitable[object]] | None = None

    async def __call__(self, update: Update, _: Context) -> None:
        if self.before:
            await self.before(update)
        self.seen.append(update)

    @property
    def numbers(self) -> list[int]:
        return [update.update_id for update in self.seen]

    @property
    def texts(self) -> list[str]:
        return [update.effective_message.text or "" for update in self.seen if update.effective_message]


@dataclass(frozen=True, slots=True)
class Scene:
    """A local Telegram with Ann in it, a real Application with a handler that notes everything, and an inbox."""

    tg: LocalTelegram
    ann: Person
    app: App
    notes: Notes
    inbox: Inbox


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    tg, notes = LocalTelegram("duel_bot"), Notes()
    builder = ApplicationBuilder().token(tg.token).updater(None)
    app = builder.request(LocalRequest(tg)).get_updates_request(LocalRequest(tg)).build()
    app.add_handler(TypeHandler(Update, notes))
    async with open_inbox(tmp_path) as inbox, app:
        await app.start()
        yield Scene(tg, tg.person("Ann"), app, notes, inbox)
        await app.stop()


@asynccontextmanager
async def hearing(scene: Scene) -> AsyncIterator[Reception]:
    """Poll the local Telegram meanwhile."""
    stop = asyncio.Event()
    async with Hearing(scene.inbox, transport=lambda: LocalRequest(scene.tg)).open(scene.app, UPDATES) as ear:
        running = asyncio.create_task(ear.hear(stop))
        yield ear.reception
        stop.set()
        await running


def text(number: int, said: str = "fees?", chat: int = 5, at: datetime | None = None) -> dict[str, Any]:
    """Return a message as Telegram sends it."""
    who = {"id": chat, "is_bot": False, "first_name": "Ann"}
    message = {
        "message_id": number,
        "date": int((at or utc_now()).timestamp()),
        "chat": {"id": chat, "type": "private"},
        "from": who,
        "text": said,
    }
    return {"update_id": number, "message": message}


@pytest.mark.parametrize(("before", "after"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
async def test_a_poison_update_costs_itself_only(scene: Scene, before: int, after: int, poison: dict[str, Any]) -> None:
    """The others are handled, it is logged once without what was said, and never comes back."""
    with structlog.testing.capture_logs() as logs:
        for number in range(before):
            scene.ann.say(scene.ann.private, f"before {number}")
        number = scene.tg.push(poison)["update_id"]
        for count in range(after):
            scene.ann.say(scene.ann.private, f"after {count}")
        async with hearing(scene) as reception:
            await scene.tg.taken()
            await reception.lanes.idle()

    about = [log for log in logs if log.get("update_id") == number]
    assert len(scene.notes.seen) == before + after
    assert [log["event"] for log in about] == ["telegram.update_set_aside"]
    assert "grandmother" not in str(logs)
    assert await scene.inbox.unfinished() == ()
    assert len(scene.tg.calls_of("getUpdates")) <= 3


async def test_what_has_no_id_is_passed_over(scene: Scene) -> None:
    """What cannot be kept is counted in the log; the rest of the batch is handled."""
    reception = Reception(scene.app, scene.inbox)
    odd: list[object] = [17, {}, {"update_id": True}, {"update_id": -1}, {"update_id": 2**63}, {"update_id": "8"}]

    with structlog.testing.capture_logs() as logs:
        await reception.receive([*odd, text(9)])
        await reception.lanes.idle()

    assert scene.notes.numbers == [9]
    assert [log for log in logs if log["log_level"] == "error"] == [
        {"event": "telegram.update_without_id", "updates": len(odd), "log_level": "error"}
    ]


async def test_a_repeated_update_is_handled_once(scene: Scene) -> None:
    """In one batch, over three connections at once, later, and after a restart."""
    first, second = Reception(scene.app, scene.inbox), Reception(scene.app, scene.inbox)

    await first.receive([text(1), text(1), text(2)])
    await asyncio.gather(*(first.receive([text(3)]) for _ in range(3)))
    await first.lanes.idle()
    await first.receive([text(1), text(2), text(3)])
    await first.stop()
    await second.resume()
    await second.receive([text(3), text(2), text(1), text(4)])
    await second.lanes.idle()

    assert scene.notes.numbers == [1, 2, 3, 4]


async def test_texts_of_one_chat_are_handled_in_order(scene: Scene) -> None:
    """However long each of them takes."""
    dice = random.Random(11)  # noqa: S311 - the same dawdling every time

    async def dawdle(_: Update) -> None:
        for _step in range(dice.randrange(30)):
            await asyncio.sleep(0)

    scene.notes.before = dawdle
    bob = scene.tg.person("Bob")
    for number in range(50):
        scene.ann.say(scene.ann.private, f"a{number}")
        bob.say(bob.private, f"b{number}")

    async with hearing(scene) as reception:
        await scene.tg.taken()
        await reception.lanes.idle()

    assert [text for text in scene.notes.texts if text[0] == "a"] == [f"a{number}" for number in range(50)]
    assert [text for text in scene.notes.texts if text[0] == "b"] == [f"b{number}" for number in range(50)]


async def test_a_chat_that_is_stuck_holds_no_other(scene: Scene) -> None:
    """While one handler waits, the next question of somebody else is handled."""
    stuck, bob_was_heard = asyncio.Event(), asyncio.Event()

    async def wait(update: Update) -> None:
        if update.effective_chat and update.effective_chat.id == scene.ann.id:
            await stuck.wait()
        else:
            bob_was_heard.set()

    scene.notes.before = wait
    bob = scene.tg.person("Bob")
    scene.ann.say(scene.ann.private, "one")
    scene.ann.say(scene.ann.private, "two")
    async with hearing(scene) as reception:
        bob.say(bob.private, "three")
        async with asyncio.timeout(60):
            await bob_was_heard.wait()
        stuck.set()
        await scene.tg.taken()
        await reception.lanes.idle()

    assert scene.notes.texts == ["three", "one", "two"]


async def test_polling_waits_while_there_is_no_room(scene: Scene) -> None:
    """What does not fit stays at Telegram, unconfirmed and in no memory of ours; at the end all is handled."""
    stuck, most, said = asyncio.Event(), 250, 400

    async def wait(_: Update) -> None:
        await stuck.wait()

    scene.notes.before = wait
    for number in range(1, said + 1):
        scene.tg.push(text(number, chat=1 + number % 40))
    reception = Reception(scene.app, scene.inbox, most=most)
    poller = Poller(scene.app.bot.base_url, reception.receive, UPDATES, transport=lambda: LocalRequest(scene.tg))
    polling = asyncio.create_task(poller.run())
    await scene.tg.wait_for(lambda: len(scene.tg.updates.pending) <= said - 200)
    await asyncio.wait([polling], timeout=0.1)
    kept, size, pending = len(await scene.inbox.unfinished()), reception.lanes.size, len(scene.tg.updates.pending)
    stuck.set()
    await scene.tg.taken()
    await reception.lanes.idle()
    polling.cancel()

    assert (kept, size, pending) == (200, 200, 200)
    assert sorted(scene.notes.numbers) == list(range(1, said + 1))
    assert [one for one in scene.notes.numbers if one % 40 == 0] == list(range(40, said + 1, 40))


async def test_what_was_left_is_handled_first_after_a_restart(scene: Scene) -> None:
    """What had been begun, and what waited behind it, come in order, and before anything new."""
    stuck = asyncio.Event()

    async def wait(_: Update) -> None:
        await stuck.wait()

    scene.notes.before = wait
    before = Reception(scene.app, scene.inbox)
    await before.receive([text(1), text(2), text(3, chat=6)])
    await before.stop(grace=timedelta())
    scene.notes.before = None
    scene.tg.push(text(4))

    async with hearing(scene) as reception:
        await scene.tg.taken()
        await reception.lanes.idle()

    assert [number for number in scene.notes.numbers if number != 3] == [1, 2, 4]
    assert sorted(scene.notes.numbers) == [1, 2, 3, 4]
    assert await scene.inbox.unfinished() == ()


async def test_stopping_finishes_what_was_begun_and_leaves_the_rest(scene: Scene) -> None:
    """Nothing that had begun is repeated at the next start, and nothing that had not is lost."""
    begun, go = asyncio.Event(), asyncio.Event()

    async def wait(_: Update) -> None:
        begun.set()
        await go.wait()

    scene.notes.before = wait
    reception = Reception(scene.app, scene.inbox)
    await reception.receive([text(1), text(2)])
    await begun.wait()
    stopping = asyncio.create_task(reception.stop())
    await asyncio.sleep(0)
    go.set()
    await stopping

    assert scene.notes.numbers == [1]
    assert [one.update_id for one in await scene.inbox.unfinished()] == [2]


def pressed(number: int) -> dict[str, Any]:
    said = text(number, at=OLD)["message"]
    return {"callback_query": {"id": "1", "from": said["from"], "chat_instance": "1", "data": "x", "message": said}}


def member(number: int) -> dict[str, Any]:
    said = text(number, at=OLD)["message"]
    bot = {"user": {"id": 1, "is_bot": True, "first_name": "B"}, "status": "member"}
    change = {"old_chat_member": bot, "new_chat_member": bot}
    return {"my_chat_member": {key: said[key] for key in ("chat", "from", "date")} | change}


def moved(number: int) -> dict[str, Any]:
    said = text(number, at=OLD)["message"]
    del said["text"]
    return {"message": said | {"migrate_to_chat_id": -1001}}


AGED: dict[str, tuple[dict[str, Any], bool]] = {
    "a fresh text": (text(1, at=NOW - LATE + timedelta(minutes=1)), True),
    "an old text": (text(1, at=OLD), False),
    "an old picture": (
        {"message": text(1, at=OLD)["message"] | {"text": None, "location": {"longitude": 1, "latitude": 2}}},
        False,
    ),
    "an old text in a channel": ({"channel_post": text(1, at=OLD)["message"]}, False),
    "an old text that was edited now": (
        {"edited_message": text(1, at=OLD)["message"] | {"edit_date": int(NOW.timestamp())}},
        True,
    ),
    "a button under an old message": (pressed(1), True),
    "a member of an old day": (member(1), True),
    "a group that moved": (moved(1), True),
    "an old wish to be forgotten": (text(1, "/forgetme", at=OLD), True),
}


@pytest.mark.parametrize(("raw", "is_handled"), AGED.values(), ids=AGED)
async def test_what_comes_too_late_gets_no_answer(scene: Scene, raw: dict[str, Any], is_handled: bool) -> None:
    """An old question is passed over; what is to be noted is noted at any age."""
    reception = Reception(scene.app, scene.inbox, clock=StandingClock())

    await reception.receive([{"update_id": 1, **raw}])
    await reception.lanes.idle()

    assert scene.notes.numbers == [1] * is_handled
    assert await scene.inbox.unfinished() == ()


async def test_what_waited_too_long_here_gets_no_answer(scene: Scene) -> None:
    """A press that a stopped bot had received long ago is passed over, for nobody waits any more."""
    await scene.inbox.keep([Incoming(1, 5, json.dumps({"update_id": 1, **pressed(1)}).encode(), OLD)])
    reception = Reception(scene.app, scene.inbox, clock=StandingClock())

    await reception.resume()
    await reception.lanes.idle()

    assert scene.notes.numbers == []
    assert await scene.inbox.unfinished() == ()


LANES: dict[str, tuple[dict[str, Any], int]] = {
    "a text": (text(1, chat=-100), -100),
    "a button": (pressed(1), 5),
    "a button of an inline message": ({"callback_query": {"from": {"id": 8}, "inline_message_id": "x"}}, 8),
    "a member": (member(1), 5),
    "a reaction": ({"message_reaction": {"chat": {"id": 4}, "user": {"id": 8}}}, 4),
    "an inline query": ({"inline_query": {"from": {"id": 8}}}, ALONE - 1),
    "a vote": ({"poll_answer": {"user": {"id": 8}}}, 8),
    "a poll": ({"poll": {"id": "1"}}, 0),
    "a chat that is none": ({"message": {"chat": {"id": "5"}, "from": []}}, 0),
    "a chat beyond all chats": ({"message": {"chat": {"id": 2**70}}}, 0),
}


@pytest.mark.parametrize(("raw", "lane"), LANES.values(), ids=LANES)
def test_an_update_is_in_the_lane_of_its_chat(raw: dict[str, Any], lane: int) -> None:
    """A button is in the lane of its message's chat; without a chat the person counts; a query waits for nothing."""
    assert lane_of({"update_id": 1, **raw}) == lane


async def test_lone_surrogates_pass(scene: Scene) -> None:
    """Half a character is kept and handled like any other text."""
    reception = Reception(scene.app, scene.inbox)

    await reception.receive([text(1, "half \ud83d")])
    await reception.lanes.idle()

    assert scene.notes.texts == ["half \ud83d"]


async def test_whoever_gives_up_waiting_loses_nothing(scene: Scene) -> None:
    """A connection that breaks while its update is kept does not keep it from being handled."""
    reception = Reception(scene.app, scene.inbox)
    receiving = asyncio.create_task(reception.receive([text(1)]))
    await asyncio.sleep(0)
    receiving.cancel()
    await asyncio.gather(receiving, return_exceptions=True)

    await reception.receive([text(2)])
    await reception.lanes.idle()

    assert receiving.cancelled()
    assert scene.notes.numbers == [1, 2]


class Unsure(Inbox):
    """Keeps the first batch, and then says that the database failed, as a line that breaks during a commit does."""

    is_broken = True

    async def keep(self, batch: Sequence[Incoming]) -> tuple[Incoming, ...]:
        new = await super().keep(batch)
        if self.is_broken:
            self.is_broken = False
            raise StoreError("the database failed")
        return new


async def test_a_commit_of_unknown_outcome_loses_nothing(scene: Scene, tmp_path: Path) -> None:
    """What Telegram sends again is handled once, though it turns out to have been kept."""
    vitals = Vitals()
    async with open_inbox(tmp_path) as real:
        reception = Reception(scene.app, Unsure(real._engine, utc_now), vitals)
        with pytest.raises(StoreError):
            await reception.receive([text(1), text(2)])
        before = vitals.silence(Organ.INBOX)

        await asyncio.gather(*(reception.receive([text(1), text(2), text(3)]) for _ in range(3)))
        await reception.lanes.idle()

    assert before is None
    assert scene.notes.numbers == [1, 2, 3]
    assert vitals.silence(Organ.INBOX) is not None


class Full(Inbox):
    """An inbox whose disk is full while it is so."""

    is_full = True

    async def keep(self, batch: Sequence[Incoming]) -> tuple[Incoming, ...]:
        if self.is_full:
            raise StoreError("the database failed")
        return await super().keep(batch)


async def test_a_full_disk_keeps_nobody_waiting(scene: Scene) -> None:
    """What cannot be kept is handled once all the same, and may be confirmed then; with room again it is noted."""
    inbox = Full(scene.inbox._engine, utc_now)
    reception = Reception(scene.app, inbox)
    poison = {"update_id": 3, **POISON["a poll without its fields"]}
    with pytest.raises(StoreError) as first:
        await reception.receive([text(1), text(2), poison])
    await reception.lanes.idle()
    with pytest.raises(UnkeptError):
        await reception.receive([text(1), text(2), poison])

    inbox.is_full = False
    await reception.receive([text(2), poison, text(4)])
    await reception.lanes.idle()
    left = await inbox.unfinished()
    await reception.stop()

    assert not isinstance(first.value, UnkeptError)
    assert scene.notes.numbers == [1, 2, 4]
    assert left == ()
