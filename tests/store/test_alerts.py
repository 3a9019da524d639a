"""Alerts on real files: who has how many, who claims a crossing, who loses them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.alert import Alert, Crossing, Room, Wish
from bot.model.quote import Coin
from bot.store import Alerts, Store, open_store
from bot.store.alerts import CARD_FOR, MOST_IN_CHAT
from tests.conftest import StandingClock

ANN, BOB, CLUB = 1, 2, -100
FEE = Wish("fee", Coin.BTC, Crossing.BELOW, 5.5)
MOVES = Wish("price", Coin.BCH, Crossing.MOVES, 10, timedelta(hours=24))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/bot.db"


@pytest.fixture
async def store(url: str, clock: StandingClock) -> AsyncIterator[Store]:
    async with open_store(url, clock) as store:
        yield store


@pytest.fixture
def alerts(store: Store) -> Alerts:
    return store.alerts


async def made(alerts: Alerts, wish: Wish = FEE, room: Room = Room(ANN), asker: int = ANN) -> Alert:  # noqa: B008 - it never changes
    number = await alerts.propose(wish, room, asker, is_armed=True)
    assert number
    alert = await alerts.confirm(number, room.chat)
    assert alert
    return alert


async def test_an_alert_is_there_after_a_restart(url: str, clock: StandingClock) -> None:
    """All of it comes back as it was confirmed."""
    async with open_store(url, clock) as store:
        before = [await made(store.alerts), await made(store.alerts, MOVES, Room(CLUB, 7), BOB)]

    async with open_store(url, clock) as store:
        found = await store.alerts.watched()

    assert list(found) == before
    assert [(one.wish, one.room, one.asker) for one in found] == [(FEE, Room(ANN), ANN), (MOVES, Room(CLUB, 7), BOB)]
    assert {one.created_at for one in found} == {clock.now}


async def test_a_card_is_no_alert_until_it_is_confirmed(alerts: Alerts) -> None:
    """It is neither watched nor listed, and found in its own chat only."""
    number = await alerts.propose(FEE, Room(ANN), ANN, is_armed=False)
    assert number

    assert (await alerts.watched(), await alerts.of_chat(ANN)) == ((), ())
    assert await alerts.find(number, BOB) is None
    assert await alerts.confirm(number, BOB) is None
    kept = await alerts.confirm(number, ANN)

    assert kept is not None
    assert await alerts.of_chat(ANN) == (kept,)
    assert kept.is_armed is False
    assert await alerts.confirm(number, ANN) == kept  # pressed twice


async def test_a_new_card_takes_the_place_of_the_last_one(alerts: Alerts) -> None:
    """Of cards nobody answers there is one for each asker and chat."""
    first = await alerts.propose(FEE, Room(ANN), ANN, is_armed=True)
    elsewhere = await alerts.propose(FEE, Room(CLUB), ANN, is_armed=True)
    second = await alerts.propose(MOVES, Room(ANN), ANN, is_armed=True)
    assert first and second and elsewhere  # noqa: PT018 - three numbers

    assert await alerts.confirm(first, ANN) is None
    assert await alerts.confirm(second, ANN)
    assert await alerts.confirm(elsewhere, CLUB)


async def test_an_old_card_is_forgotten(alerts: Alerts, clock: StandingClock) -> None:
    """After a day a card cannot be confirmed any more, once somebody else asks."""
    number = await alerts.propose(FEE, Room(ANN), ANN, is_armed=True)
    assert number
    clock.pass_by(CARD_FOR + timedelta(seconds=1))
    await alerts.propose(FEE, Room(BOB), BOB, is_armed=True)

    assert await alerts.confirm(number, ANN) is None


async def test_a_chat_has_so_many_alerts_and_no_more(alerts: Alerts) -> None:
    """The limit holds for cards, and for a card that was there before the last alert."""
    waiting = await alerts.propose(FEE, Room(CLUB), BOB, is_armed=True)
    assert waiting
    for asker in range(MOST_IN_CHAT):
        await made(alerts, room=Room(CLUB), asker=1000 + asker)

    assert await alerts.confirm(waiting, CLUB) is None
    assert await alerts.propose(FEE, Room(CLUB), ANN, is_armed=True) is None
    assert await alerts.delete((await alerts.of_chat(CLUB))[0].id, CLUB)
    assert await alerts.propose(FEE, Room(CLUB), ANN, is_armed=True)


async def test_a_person_has_so_many_alerts_and_no_more(alerts: Alerts) -> None:
    """Alerts in many chats count together."""
    for chat in range(MOST_IN_CHAT):
        await made(alerts, room=Room(-1000 - chat))

    assert await alerts.propose(FEE, Room(ANN), ANN, is_armed=True) is None
    assert await alerts.propose(FEE, Room(ANN), BOB, is_armed=True)


async def test_a_crossing_is_claimed_once(alerts: Alerts, url: str, clock: StandingClock) -> None:
    """Of several programs that saw the same, one tells."""
    alert = await made(alerts)
    async with open_store(url, clock) as other:
        claims = await asyncio.gather(*(one.claim(alert) for one in (alerts, other.alerts, alerts, other.alerts)))

    assert sorted(claims) == [False, False, False, True]
    (now,) = await alerts.watched()
    assert (now.is_armed, now.fired_at) == (False, clock.now)


async def test_what_was_seen_before_a_claim_claims_nothing(alerts: Alerts, clock: StandingClock) -> None:
    """Who slept over a crossing and its return does not tell of it."""
    seen = await made(alerts)
    assert await alerts.claim(seen)
    clock.pass_by(timedelta(hours=2))
    await alerts.arm([seen.id])

    assert not await alerts.claim(seen)
    (now,) = await alerts.watched()
    assert await alerts.claim(now)


async def test_a_crossing_is_claimed_once_within_a_moment(alerts: Alerts) -> None:
    """Where the clock stands still, what tells is that the alert is not armed any more."""
    first = await made(alerts)
    await alerts.claim(first)
    await alerts.arm([first.id])
    (again,) = await alerts.watched()

    assert [await alerts.claim(again), await alerts.claim(again)] == [True, False]


async def test_a_deleted_alert_is_not_claimed(alerts: Alerts) -> None:
    """Nothing is told of what is gone, and another chat deletes nothing."""
    alert = await made(alerts)

    assert not await alerts.delete(alert.id, BOB)
    assert await alerts.delete(alert.id, ANN)
    assert not await alerts.delete(alert.id, ANN)
    assert not await alerts.claim(alert)


async def test_chats_move_and_go(alerts: Alerts) -> None:
    """A supergroup takes over the alerts of its group; a chat that is gone loses them."""
    await made(alerts)
    await made(alerts, room=Room(CLUB, 7))

    await alerts.moved(CLUB, -200)
    assert [one.room for one in await alerts.of_chat(-200)] == [Room(-200)]
    await alerts.gone(-200)

    assert [one.room for one in await alerts.watched()] == [Room(ANN)]


async def test_who_wants_to_be_forgotten_has_no_alerts_any_more(store: Store) -> None:
    """What there is of somebody counts alerts, and goes with the rest; the others' stay."""
    await made(store.alerts)
    await made(store.alerts, room=Room(CLUB))
    bobs = await made(store.alerts, room=Room(CLUB), asker=BOB)
    await store.alerts.propose(FEE, Room(ANN), ANN, is_armed=True)
    records = await store.records("pepper")

    assert (await records.kept(ANN)).alerts == 2
    await records.forget(ANN)

    assert (await records.kept(ANN)).alerts == 0
    assert await store.alerts.watched() == (bobs,)


async def test_nothing_is_armed_where_nothing_is_named(alerts: Alerts) -> None:
    """An empty list costs no transaction."""
    alert = await made(alerts)
    await alerts.claim(alert)

    await alerts.arm([])

    assert [one.is_armed for one in await alerts.watched()] == [False]
