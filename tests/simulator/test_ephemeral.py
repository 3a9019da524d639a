"""Messages of one person: as strict as rich messages and everything else."""

import json
from typing import Any

import pytest

from bot.faces.simulator import Chat, LocalTelegram, Person
from bot.faces.simulator.parameters import Parameters
from tests.conftest import StandingClock

NAME = "ephemeral_message_parameters"


async def call(telegram: LocalTelegram, method: str, **given: object) -> dict[str, Any]:
    """Make a call and return the whole answer."""
    values = {name: one if isinstance(one, str) else json.dumps(one) for name, one in given.items()}
    _, body = await telegram.answer(telegram.token, method, Parameters(values))
    answer: dict[str, Any] = json.loads(body)
    return answer


@pytest.fixture
def telegram(clock: StandingClock) -> LocalTelegram:
    return LocalTelegram("duel_bot", clock=clock)


@pytest.fixture
def ann(telegram: LocalTelegram) -> Person:
    return telegram.person("Ann")


@pytest.fixture
def club(telegram: LocalTelegram, ann: Person) -> Chat:
    return telegram.supergroup("Club", [ann])


async def test_a_whisper_is_seen_changed_and_deleted_by_its_own_number(
    telegram: LocalTelegram, ann: Person, club: Chat
) -> None:
    """It has the number 0, and stands nowhere else."""
    only = {"receiver_user_id": ann.id}
    sent = (await call(telegram, "sendMessage", chat_id=club.id, text="x", **{NAME: only}))["result"]
    spot = {"chat_id": club.id, "receiver_user_id": ann.id, "ephemeral_message_id": sent["ephemeral_message_id"]}

    assert (sent["message_id"], sent["receiver_user"]["id"]) == (0, ann.id)
    assert club.messages == []
    assert (await call(telegram, "editEphemeralMessageText", **spot, text="y"))["result"] is True
    assert [one.text for one in telegram.whispered(club, ann)] == ["y"]
    assert (await call(telegram, "deleteEphemeralMessage", **spot))["result"] is True
    assert telegram.whispered(club, ann) == []
    assert not (await call(telegram, "editEphemeralMessageText", **spot, text="z"))["ok"]


async def test_what_one_person_said_is_answered_to_them_in_time(
    telegram: LocalTelegram, ann: Person, club: Chat, clock: StandingClock
) -> None:
    """Never to everybody, and for 15 seconds only."""
    heard = ann.whisper(club, "/fees").raw["ephemeral_message_id"]
    reply = {"chat_id": club.id, "text": "x", "reply_parameters": {"ephemeral_message_id": heard}}
    only = {NAME: {"receiver_user_id": ann.id}}

    said = [
        (await call(telegram, "sendMessage", **reply))["ok"],
        (await call(telegram, "sendMessage", **reply, **only))["ok"],
    ]
    reply["reply_parameters"] = {"ephemeral_message_id": heard + 7}
    said.append((await call(telegram, "sendMessage", **reply, **only))["ok"])
    reply["reply_parameters"] = {"ephemeral_message_id": heard}
    clock.now = clock.now.replace(second=15)
    said.append((await call(telegram, "sendMessage", **reply, **only))["ok"])

    assert said == [False, True, False, False]


async def test_strangers_and_private_chats_get_no_whispers(telegram: LocalTelegram, ann: Person, club: Chat) -> None:
    bob = telegram.person("Bob")
    ann.start()

    for chat, person in ((club.id, bob.id), (club.id, 1), (ann.id, ann.id)):
        assert not (
            await call(telegram, "sendMessage", chat_id=chat, text="x", **{NAME: {"receiver_user_id": person}})
        )["ok"]


async def test_text_becomes_rich_and_the_other_way_round(telegram: LocalTelegram, ann: Person) -> None:
    """One of both at a time."""
    ann.start()
    rich = {"blocks": [{"type": "paragraph", "text": ["a", {"type": "bold", "text": "b"}]}]}
    sent = (await call(telegram, "sendRichMessage", chat_id=ann.id, rich_message=rich))["result"]
    spot = {"chat_id": ann.id, "message_id": sent["message_id"]}

    assert [one.text for one in telegram.sent_by_bot(ann.private)] == ["ab"]
    assert (await call(telegram, "editMessageText", **spot, text="x"))["result"]["text"] == "x"
    assert "text" not in (await call(telegram, "editMessageText", **spot, rich_message=rich))["result"]
    assert not (await call(telegram, "editMessageText", **spot, rich_message=rich, text="x"))["ok"]
    assert "not modified" in (await call(telegram, "editMessageText", **spot, rich_message=rich))["description"]
