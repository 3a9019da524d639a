"""Updates of every type the Bot API has, smallest as they can be, and of types and fields that it has not."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from tests.hostile.schema import WHEN, contents, updates
from tests.hostile.siege import Attack, Siege
from tests.telegram.conftest import SCHEMA

GIVEN = pytest.mark.skipif(SCHEMA is None, reason="the Bot API's description is not beside this checkout")
CHAT = {"id": -1_009, "type": "supergroup", "title": "Club"}
SERVICE = "/undo @duel_bot why did bch fork"
UNKNOWN: Mapping[str, Mapping[str, Any]] = {
    "nothing": {},
    "a kind nobody knows": {"quantum_message": {"qubits": [0, 1]}},
    "a kind nobody knows that is no object": {"quantum": "why did bch fork"},
    "two kinds at once": {
        "quantum": {}, "message": {"message_id": 1, "date": WHEN, "chat": CHAT, "text": "why", "hologram": {"a": 1}}
    },
    "a chat of a kind nobody knows": {
        "message": {"message_id": 1, "date": WHEN, "chat": {"id": -9, "type": "hive"}, "text": SERVICE,
                    "entities": [{"type": "mention", "offset": 6, "length": 9}]}
    },
    "a message without an author": {"message": {"message_id": 1, "date": WHEN, "chat": CHAT, "text": SERVICE}},
    "a message from the far future": {"message": {"message_id": 1, "date": 2**31 - 1, "chat": CHAT, "text": "x"}},
    "a message of the year 1970": {"message": {"message_id": 1, "date": 0, "chat": CHAT, "text": "x"}},
    "an id of more than eight bytes": {"message": {"message_id": 2**70, "date": WHEN, "chat": CHAT, "text": "x"}},
    "an empty text": {"message": {"message_id": 1, "date": WHEN, "chat": CHAT, "text": ""}},
    "a message that replies to itself": {
        "message": {"message_id": 1, "date": WHEN, "chat": CHAT, "text": "x", "reply_to_message": {
            "message_id": 1, "date": WHEN, "chat": CHAT, "text": "x"}}
    },
    "fields nobody knows everywhere": {
        "message": {"message_id": 1, "date": WHEN, "chat": {**CHAT, "a": 1}, "text": "x", "from": {
            "id": 5, "is_bot": False, "first_name": "A", "soul": True}, "entities": [
            {"type": "bold", "offset": 0, "length": 1, "volume": 11}]}
    },
    "a press of nothing": {
        "callback_query": {"id": "1", "from": {"id": 5, "is_bot": False, "first_name": "A"}, "chat_instance": "1"}
    },
}  # fmt: skip


def pushed(siege: Siege, update: Mapping[str, Any]) -> Attack:
    """Push an update as it is; nothing may come of it in the chat of somebody who has nothing to do with it."""
    siege.stage.telegram.push(dict(update))
    return Attack(siege.stage.person().private, answered=False)


async def silent(siege: Siege, found: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return what updates broke; calls about chats that Telegram does not know are refused, rightly."""
    acts = {name: partial(pushed, siege, update) for name, update in found.items()}
    broken = await siege.broken(acts)
    unknown = ("chat not found", "query is too old")
    kept = {name: [one for one in said if not any(word in one for word in unknown)] for name, said in broken.items()}
    return {name: said for name, said in kept.items() if said}


async def test_unknown_types_and_fields_are_passed_over(siege: Siege) -> None:
    """An update we do not know is silence, and never an exception."""
    assert await silent(siege, UNKNOWN) == {}


@GIVEN
async def test_every_type_of_update_is_lived_through(siege: Siege) -> None:
    """The smallest valid update of each type, in one batch with an ordinary question."""
    assert await silent(siege, {name: {name: body} for name, body in updates(SCHEMA)}) == {}


def written(siege: Siege, field: str, content: object, *, is_private: bool) -> Attack:
    """Put a message with one field into a chat, as a service message that was forged or is new to us."""
    telegram = siege.stage.telegram
    ann = siege.stage.person()
    chat = ann.private if is_private else telegram.supergroup("Club", [ann])
    telegram.privacy = False
    ann.start()
    body = telegram.write(chat, ann.sender(chat), {field: content}).snapshot()
    telegram.push({"message": body})
    return Attack(chat, before=1 if is_private else 0)


@GIVEN
@pytest.mark.filterwarnings("ignore:Deprecated since version")  # the library reads attributes that it gives up itself
@pytest.mark.parametrize("is_private", [True, False], ids=["in private", "in a group"])
async def test_every_content_of_a_message_is_lived_through(siege: Siege, *, is_private: bool) -> None:
    """Each field that a message may have, alone: at most one reply, in the same chat."""
    acts = {field: partial(written, siege, field, body, is_private=is_private) for field, body in contents(SCHEMA)}

    assert await siege.broken(acts) == {}
