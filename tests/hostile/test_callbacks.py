"""Forged, foreign, stale, replayed and broken presses: each is answered, none does more than its button could."""

# ruff: noqa: E501 - tables of data, which no formatter may break up
from collections.abc import Mapping
from functools import partial

import pytest

from bot.faces.simulator import Message, Person
from bot.faces.telegram.feedback import NOT_YOURS
from tests.hostile.siege import Attack, Siege

DATA = (
    "1", "11", "2vu", "0vu", "01vu", "vu", " 1vu", "1 vu", "1z", "1Z", "1\x00", "1\n", "1v", "1vx", "1vuu", "1V", "1w", "1wx",
    "1a", "1a<b>", "1a../../etc/passwd", "1a" + "x" * 62, "1a" + "x" * 4000, "1anobody", "1c", "1cnobody", "1c\ud83d", "1a\ud83d",
    "1cfork-reason", "1afork-reason", "1r", "1rnobody", "1rcard", "1rfork-reason", "1r\u202e", "1b", "1b0", "1b9999", "1b10000",
    "1b-1", "1b٣", "1b1e3", "1b 1", "1d", "1d24", "1d24:", "1d:fee", "1d0:fee", "1d99999:fee", "1d100000:fee", "1d-1:fee",
    "1d24:nobody", "1d24:price", "1d24:fee:fee", "1s", "1sp2wpkh", "1sp2wpkh:1", "1sp2wpkh:1:1", "1sp2wpkh:0:1", "1sp2wpkh:100:100",
    "1sp2wpkh:101:1", "1sp2wpkh:1:1:25:usd", "1sp2wpkh:1:1:1e9:usd", "1sp2tr:1:2:nan:btc", "1sp2tr:1:2:0:btc", "1sp2tr:1:2:-1:btc",
    "1sp2tr:1:2:99999999999999999999:usd", "1sp2tr:1:2:5:qzk", "1sp2tr:1:2:\ud83d:btc", "1sevil:1:1", "1sp2wpkh:1:1:1:usd:x",
    "1m1:", "1m1:fork-reason", "1m9999999999:", "1m99999999999:x", "1m-1:x", "1m٣:x", "1m1:" + "x" * 33, "1m1:\ud83d", "1m:x",
    "1f1", "1f0", "1f9999999999999999", "1f99999999999999999", "1f-1", "1f", "1g0", "1g9999", "1g", "1xn1:1:", "1xz1:1:", "1xp1:1:x",
    "1xe1:1:", "1xn999999999999:999999999999:x", "1o", "1oy1", "1ou1", "1oz", "1or1:1", "1oxfork-reason", "1oy" + "9" * 40,
    '{"a": 1}', "undo", "/undo", "approve:1", "'; drop table questions; --", "null", "None", "🚀", "\ud83d", "x" * 64, "\x00" * 64,
)  # fmt: skip
GONE, SHOWN = "gone", "shown"
FIRST = "why did bch fork"


async def asked(siege: Siege, count: int) -> list[tuple[Person, Message]]:
    """Let so many people ask, and return each with the answer."""
    people = [siege.stage.person() for _ in range(count)]
    for person in people:
        person.say(person.private, FIRST)
    answers = [(await siege.stage.telegram.written(person.private))[0] for person in people]
    assert await siege.stage.is_silent(siege.stage.person().private)
    return list(zip(people, answers, strict=True))


def forged(person: Person, answer: Message, data: str) -> Attack:
    return Attack(answer.chat, answered=None, before=1, press=person.forge(answer, data))


async def test_forged_data_is_answered_and_does_no_harm(siege: Siege) -> None:
    """Whatever stands in the data: the press is answered, at most one message comes, nothing is refused."""
    pairs = await asked(siege, len(DATA))

    acts = {repr(data[:70]): partial(forged, *pair, data) for data, pair in zip(DATA, pairs, strict=True)}

    assert await siege.broken(acts) == {}


async def test_an_owners_forged_data_is_answered_too(siege: Siege) -> None:
    """An owner's client may be changed as well."""
    owner = siege.stage.owner
    pairs = await asked(siege, len(DATA))

    acts = {
        repr(data[:70]): partial(forged, owner, answer, data) for data, (_, answer) in zip(DATA, pairs, strict=True)
    }

    assert await siege.broken(acts) == {}


def unseen(siege: Siege, answer: Message, given: Mapping[str, object]) -> Attack:
    """Press something that is no message of a chat, or says nothing."""
    gone = {"chat": answer.chat.raw, "message_id": answer.id, "date": 0}
    fields = {
        **given,
        **({"message": {GONE: gone, SHOWN: answer.snapshot()}[str(given["message"])]} if "message" in given else {}),
    }
    press = siege.stage.telegram.presses.add(answer)
    person = {"id": 5, "is_bot": False, "first_name": "A"}
    siege.stage.telegram.push({"callback_query": {"id": press.id, "from": person, "chat_instance": "1", **fields}})
    return Attack(answer.chat, answered=None if "message" in given else False, before=1, press=press)


async def test_presses_without_a_message_are_answered(siege: Siege) -> None:
    """Inline messages, messages too old to be shown, games and presses with no data at all."""
    data = ("1vu", "1w", "1afork-reason", "1cfork-reason", "1b1", "1f5", "1m1:", "1g0", "1oy1", "1rcard", "x")
    found: dict[str, dict[str, object]] = {
        **{f"inline {one}": {"inline_message_id": "A", "data": one} for one in data},
        **{f"gone {one}": {"message": GONE, "data": one} for one in data},
        **{f"nowhere {one}": {"data": one} for one in data},
        "a game": {"message": SHOWN, "game_short_name": "x"},
        "no data": {"message": SHOWN},
        "empty data": {"message": SHOWN, "data": ""},
    }
    answers = [answer for _, answer in await asked(siege, len(found))]

    acts = {
        name: partial(unseen, siege, *one)
        for one, name in zip(zip(answers, found.values(), strict=True), found, strict=True)
    }

    assert await siege.broken(acts) == {}


@pytest.mark.parametrize("data", ["1vu", "1w", "1b1", "1rfork-reason", "1afork-reason", "1f5", "junk"])
async def test_a_press_that_came_too_late_or_twice_ends_quietly(siege: Siege, data: str) -> None:
    """Telegram takes no answer any more: what the button does is done, and nobody is alarmed."""
    ((ann, answer),) = await asked(siege, 1)
    late = ann.forge(answer, data)
    late.expire()
    again = dict(siege.stage.telegram.updates.pending[-1])
    again.pop("update_id")
    siege.stage.telegram.push(again)

    assert await siege.stage.is_silent(siege.stage.person().private)

    assert [event for event in siege.logs if event["log_level"] in {"warning", "error"}] == []


async def test_somebody_elses_data_stays_theirs(siege: Siege) -> None:
    """In a group anybody can press a button: nobody deletes what is kept of another."""
    stage = siege.stage
    ann, eve = stage.person(), stage.person("Eve")
    group = stage.telegram.supergroup("Club", [ann, eve])
    ann.say(group, f"@duel_bot {FIRST}")
    (answer,) = await stage.said(group)

    press = eve.forge(answer, f"1f{ann.id}")
    await stage.telegram.wait_for(lambda: press.answer)

    assert press.answer == {"text": NOT_YOURS, "show_alert": True, "url": ""}
    assert stage.telegram.calls_of("editMessageText") == []


async def test_a_button_of_another_chat_finds_nothing(siege: Siege) -> None:
    """What is under an answer belongs to that answer: data carried to another chat says nothing of the first."""
    ((ann, _), (eve, theirs)) = await asked(siege, 2)
    ann.say(ann.private, "/help")
    (_, other) = await siege.stage.said(ann.private, 2)

    acts = {
        "a vote": partial(forged, eve, other, "1vu"),
        "why": partial(forged, eve, other, "1w"),
        "meant": partial(forged, eve, other, f"1m{theirs.id}:fork-reason"),
    }

    assert await siege.broken(acts) == {}
