"""Telegram's own tables and answers for the asker's eyes: whatever is refused, everybody ends up with one answer."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.faces.simulator import Chat, Message, Person, Status
from bot.faces.simulator.people import Press
from bot.faces.telegram.form_payload import decode
from bot.faces.telegram.visit import WINDOW
from bot.house import House
from bot.journal import Journal
from bot.model.form_buttons import Plainly, Publish
from bot.pipeline import Pipeline
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage, open_stage
from tests.web import Web

FORK = "why did bch fork from bitcoin"
ASKED = f"@duel_bot {FORK}"
BLANK = Plainly("").title
SHARE = Publish("").title
UNKNOWN_RICH = (404, "Not Found")
REFUSED_RICH = (400, "Bad Request: RICH_VALIDATE_CTOR_NOT_ALLOWED")
UNKNOWN_WHISPER = (400, "Bad Request: ephemeral messages are not supported")
REFUSED_WHISPER = (400, "Bad Request: ephemeral message can't be sent to the user")


@pytest.fixture
async def formal(pipeline: Pipeline, web: Web, house: House, journal: Journal) -> AsyncIterator[Stage]:
    """The stage where chats can be set up, with one clock for the bot and for Telegram."""
    async with open_stage(pipeline, web, journal, house=house, clock=pipeline.clock) as stage:
        yield stage


async def set_up(stage: Stage, chat: int, **settings: str) -> None:
    assert stage.house
    assert stage.house.chats
    await stage.house.chats.change(chat, settings)


async def settings_of(stage: Stage, chat: int) -> dict[str, object]:
    assert stage.house
    standing = await stage.house.standing(chat)
    assert standing
    return dict(standing.settings)


def is_rich(message: Message) -> bool:
    return "rich_message" in message.raw


def is_readable(message: Message, *, is_blank: bool) -> bool:
    """Tell whether a message shows something in an app that `is_blank` where tables are Telegram's own."""
    return not message.deleted and bool(message.text) and not (is_blank and is_rich(message))


def seen(stage: Stage, chat: Chat, asker: Person, *, is_blank: bool = False) -> list[Message]:
    """Return what the asker can read of the bot's in a chat."""
    whole = (*stage.telegram.sent_by_bot(chat), *stage.telegram.whispered(chat, asker))
    return [one for one in whole if is_readable(one, is_blank=is_blank)]


def group(stage: Stage, *people: Person, bot: Status = Status.MEMBER) -> Chat:
    return stage.telegram.supergroup("Club", people, bot=bot)


async def told(stage: Stage, chat: Chat, asker: Person, count: int = 1) -> list[Message]:
    """Wait until an asker can read so many messages, and until nothing more comes."""
    await stage.telegram.wait_for(lambda: len(seen(stage, chat, asker)) >= count)
    await stage.rested()
    return seen(stage, chat, asker)


async def answered(stage: Stage, press: Press) -> str:
    """Wait for the answer to a press and return its words."""
    answer = await stage.telegram.wait_for(lambda: press.answer)
    assert answer
    return str(answer["text"])


@dataclass(frozen=True, slots=True)
class Case:
    """Settings, what goes wrong, whether the asker's app shows no rich messages, and how the answer looks at last.

    `late` is how many seconds lie between question and answer.
    """

    wanted: dict[str, str]
    goes_wrong: Callable[[Stage], object] = lambda _: None
    is_blank: bool = False
    late: float = 0.0
    is_command: bool = False
    is_rich: bool = False
    is_private: bool = False


def fails(method: str, code: int, words: str) -> Callable[[Stage], object]:
    return lambda stage: stage.telegram.fail_next(method, code, words)


def lacks(name: str) -> Callable[[Stage], object]:
    return lambda stage: stage.telegram.unknown.add(name)


def unanswered(method: str) -> Callable[[Stage], object]:
    return lambda stage: stage.telegram.garble_next(method, b"", 502, acts=True)


RICH, EPHEMERAL = {"tables": "rich"}, {"ephemeral": "on"}
PARAMETER = "ephemeral_message_parameters"
CASES = {
    "classic": Case({}),
    "rich": Case(RICH, is_rich=True),
    "rich, refused": Case(RICH, fails("sendRichMessage", *REFUSED_RICH)),
    "rich, unknown to the server": Case(RICH, lacks("sendRichMessage")),
    "rich, blank in the asker's app": Case(RICH, is_blank=True),
    "rich, blank, and the edit refused": Case(
        RICH, fails("editMessageText", 400, "Bad Request: message can't be edited"), is_blank=True
    ),
    "rich, blank, and nobody knows whether it was edited": Case(RICH, unanswered("editMessageText"), is_blank=True),
    "rich, blank, and nobody knows that it was not edited": Case(
        RICH, lambda stage: stage.telegram.garble_next("editMessageText", b"", 502), is_blank=True
    ),
    "rich, outcome unknown": Case(RICH, unanswered("sendRichMessage"), is_rich=True),
    "for the asker": Case(EPHEMERAL, is_private=True),
    "for the asker, refused": Case(EPHEMERAL, fails("sendMessage", *REFUSED_WHISPER)),
    "for the asker, not supported": Case(EPHEMERAL, fails("sendMessage", *UNKNOWN_WHISPER)),
    "for the asker, overlooked by the server": Case(EPHEMERAL, lacks(PARAMETER)),
    "for the asker, late": Case(EPHEMERAL, late=WINDOW.total_seconds()),
    "for the asker, just in time": Case(EPHEMERAL, late=WINDOW.total_seconds() - 1, is_private=True),
    "for the asker, outcome unknown": Case(EPHEMERAL, unanswered("sendMessage"), is_private=True),
    "a hidden command": Case(EPHEMERAL, is_command=True, is_private=True),
    "a hidden command, setting off again": Case({}, is_command=True, is_private=True),
    "a hidden command, late": Case(EPHEMERAL, is_command=True, late=WINDOW.total_seconds()),
    "a hidden command, refused": Case(EPHEMERAL, fails("sendMessage", *REFUSED_WHISPER), is_command=True),
    "rich for the asker": Case(RICH | EPHEMERAL, is_rich=True, is_private=True),
    "rich for the asker, rich refused": Case(
        RICH | EPHEMERAL, fails("sendRichMessage", *REFUSED_RICH), is_private=True
    ),
    "rich for the asker, rich unknown": Case(RICH | EPHEMERAL, lacks("sendRichMessage"), is_private=True),
    "rich for the asker, blank": Case(RICH | EPHEMERAL, is_blank=True, is_private=True),
    "rich for the asker, late": Case(RICH | EPHEMERAL, late=60, is_rich=True),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_the_asker_ends_up_with_one_readable_answer(formal: Stage, clock: StandingClock, case: Case) -> None:
    """Never none, never two; where an app shows nothing, the button helps."""
    ann = formal.person()
    chat = group(formal, ann)
    await set_up(formal, chat.id, **case.wanted)
    case.goes_wrong(formal)

    ann.whisper(chat, f"/ask {FORK}") if case.is_command else ann.say(chat, ASKED)
    clock.now += timedelta(seconds=case.late)
    (answer,) = await told(formal, chat, ann)
    if case.is_blank:
        assert seen(formal, chat, ann, is_blank=True) == []
        ann.press(answer, BLANK)
        await formal.telegram.wait_for(lambda: seen(formal, chat, ann, is_blank=True))
        await formal.rested()

    (answer,) = seen(formal, chat, ann, is_blank=case.is_blank)
    assert "2017" in answer.text
    assert is_rich(answer) is case.is_rich
    assert (answer in chat.whispers) is case.is_private
    assert bool([row for row in answer.buttons if row[0].label == SHARE]) is case.is_private


async def test_what_everybody_has_to_see_after_all_is_short(formal: Stage) -> None:
    """Though only the asker would have seen all of it."""
    ann = formal.person()
    chat = group(formal, ann)
    await set_up(formal, chat.id, ephemeral="on", detail="full")
    ann.say(chat, ASKED)
    (whole,) = await told(formal, chat, ann)
    formal.telegram.fail_next("sendMessage", *REFUSED_WHISPER)

    ann.say(chat, "@duel_bot when is the halving")
    short, _ = await told(formal, chat, ann, 2)

    assert whole in chat.whispers
    assert "As of 20" in whole.text
    assert "As of 20" not in short.text


async def test_a_server_without_rich_messages_is_asked_once(formal: Stage) -> None:
    """It is logged once, and the next answer is text at once."""
    ann = formal.person()
    await set_up(formal, ann.id, tables="rich")
    formal.telegram.unknown.add("sendRichMessage")

    with capture_logs() as logs:
        ann.say(ann.private, FORK)
        ann.say(ann.private, "/fees")
        await formal.said(ann.private, 2)

    assert len(formal.telegram.calls_of("sendRichMessage")) == 1
    assert [line["tag"] for line in logs if line["event"] == "telegram.unsupported"] == ["rich_message"]


async def test_a_server_without_whispers_is_asked_once(formal: Stage) -> None:
    """What it showed everybody has nothing left to share."""
    ann = formal.person()
    chat = group(formal, ann)
    await set_up(formal, chat.id, ephemeral="on")
    formal.telegram.unknown.add(PARAMETER)

    with capture_logs() as logs:
        ann.say(chat, ASKED)
        ann.say(chat, "@duel_bot when is the halving")
        await told(formal, chat, ann, 2)

    tried = [PARAMETER in call.parameters for call in formal.telegram.calls_of("sendMessage")]
    assert tried[:2] == [True, False]
    assert [line["tag"] for line in logs if line["event"] == "telegram.unsupported"] == ["ephemeral_message"]


async def test_who_cannot_see_tables_gets_text_from_then_on_everywhere(formal: Stage) -> None:
    """The group goes on with tables for everybody else."""
    ann, bob = formal.person("Ann"), formal.person("Bob")
    chat = group(formal, ann, bob)
    await set_up(formal, chat.id, tables="rich")
    ann.say(chat, ASKED)
    (first,) = await formal.said(chat)

    ann.press(first, BLANK)
    await formal.telegram.wait_for(lambda: not is_rich(first))
    ann.say(chat, "@duel_bot block size")
    bob.say(chat, "@duel_bot /fees")
    bob.say(chat, "/fees@duel_bot")
    answers = (await told(formal, chat, ann, 3))[1:]

    assert (await settings_of(formal, ann.id))["tables"] == "classic"
    assert (await settings_of(formal, chat.id))["tables"] == "rich"
    by_asker = {call.method for call in formal.telegram.calls if call.parameters.get("chat_id") == str(chat.id)}
    assert by_asker >= {"sendRichMessage", "sendMessage"}
    assert is_rich(answers[-1])
    assert BLANK not in str(first.buttons)


async def test_a_rich_answer_is_refreshed_as_one(formal: Stage, clock: StandingClock) -> None:
    """Feedback below it stays; where the edit is refused, text takes its place."""
    ann = formal.person()
    await set_up(formal, ann.id, tables="rich")
    ann.say(ann.private, "what are the fees now")
    (answer,) = await formal.said(ann.private)
    rows = [[button.label for button in row] for row in answer.buttons]

    clock.now += timedelta(minutes=5)
    press = ann.press(answer, "↻ Refresh numbers")
    await answered(formal, press)
    assert is_rich(answer)
    assert [[button.label for button in row] for row in answer.buttons] == rows
    formal.telegram.fail_next("editMessageText", *REFUSED_RICH)
    clock.now += timedelta(minutes=5)
    press = ann.press(answer, "↻ Refresh numbers")
    await answered(formal, press)

    assert not is_rich(answer)
    assert "sat/vB" in answer.text
    assert len(formal.telegram.sent_by_bot(ann.private)) == 1


async def test_an_edited_question_changes_a_rich_answer(formal: Stage) -> None:
    """From tables to tables, and to text where there are none."""
    ann = formal.person()
    await set_up(formal, ann.id, tables="rich")
    question = ann.say(ann.private, FORK)
    (answer,) = await formal.said(ann.private)
    assert is_rich(answer)

    ann.edit(question, "what are the fees now")
    await formal.telegram.wait_for(lambda: "sat/vB" in answer.text)
    assert is_rich(answer)
    ann.edit(question, "will bch moon")
    await formal.telegram.wait_for(lambda: "predict" in answer.text)

    assert not is_rich(answer)
    assert len(formal.telegram.sent_by_bot(ann.private)) == 1


async def test_an_answer_is_shared_once(formal: Stage, clock: StandingClock) -> None:
    """It is short, replaces what only the asker saw, and goes when the group wants that."""
    ann = formal.person()
    chat = group(formal, ann)
    await set_up(formal, chat.id, ephemeral="on", delete_after="5")
    ann.say(chat, ASKED)
    (private,) = await told(formal, chat, ann)

    first, second = ann.press(private, SHARE), ann.press(private, SHARE)
    said = [await answered(formal, press) for press in (first, second)]
    await formal.rested()

    (public,) = seen(formal, chat, ann)
    assert public in chat.messages
    assert private.deleted
    assert said == ["Shared.", "It is there already."]
    assert SHARE not in str(public.buttons)
    clock.now += timedelta(minutes=6)
    assert formal.house
    assert await formal.house.told(lambda chats: chats.due()) == ((chat.id, public.id),)


async def test_a_private_answer_is_refreshed_in_place(formal: Stage, clock: StandingClock) -> None:
    """Only the asker sees that too; where it is refused or unknown, nothing is said anew."""
    ann = formal.person()
    chat = group(formal, ann)
    await set_up(formal, chat.id, ephemeral="on", tables="rich")
    ann.whisper(chat, "/fees@duel_bot")
    (answer,) = await told(formal, chat, ann)

    said = []
    for wrong in (None, REFUSED_RICH, None, (400, "Bad Request: message is not modified: x"), (502, "")):
        if wrong:
            formal.telegram.fail_next("editEphemeralMessageText", *wrong)
        clock.now += timedelta(minutes=5)
        press = ann.press(answer, "↻ Refresh numbers")
        said.append((await answered(formal, press), is_rich(answer)))

    refreshed, same = "Numbers refreshed.", "Nothing newer yet."
    assert said == [(refreshed, True), (refreshed, False), (refreshed, False), (same, False), (same, False)]
    assert seen(formal, chat, ann) == [answer]


async def test_a_related_question_takes_the_place_of_a_private_answer(formal: Stage) -> None:
    ann = formal.person()
    chat = group(formal, ann)
    await set_up(formal, chat.id, ephemeral="on", detail="full")
    ann.say(chat, ASKED)
    (answer,) = await told(formal, chat, ann)
    before = answer.text

    ann.press(answer, answer.buttons[0][0].label)
    await formal.telegram.wait_for(lambda: answer.text != before)

    assert seen(formal, chat, ann) == [answer]


async def test_what_is_no_message_of_one_is_for_everybody(formal: Stage) -> None:
    """A picture, an anonymous administrator's question, a private chat."""
    ann = formal.person()
    chat = group(formal, ann, bot=Status.ADMINISTRATOR)
    await set_up(formal, chat.id, ephemeral="on")
    ann.say(chat, "/card@duel_bot")
    ann.say(chat, ASKED, as_chat=chat)
    await set_up(formal, ann.id, ephemeral="on")
    ann.say(ann.private, FORK)
    await formal.said(chat, 2)
    await formal.said(ann.private)

    assert chat.whispers == []
    assert all(PARAMETER not in call.parameters for call in formal.telegram.calls)


async def test_what_could_not_be_shared_can_be_shared_later(formal: Stage) -> None:
    """Only what everybody has is taken from the asker."""
    ann = formal.person()
    chat = group(formal, ann)
    await set_up(formal, chat.id, ephemeral="on")
    ann.say(chat, ASKED)
    (private,) = await told(formal, chat, ann)
    formal.telegram.fail_next("sendMessage", 400, "Bad Request: no")

    await answered(formal, ann.press(private, SHARE))
    await formal.rested()
    assert seen(formal, chat, ann) == [private]
    await answered(formal, ann.press(private, SHARE))
    await formal.telegram.wait_for(lambda: private.deleted)

    assert len(seen(formal, chat, ann)) == 1


@pytest.mark.parametrize("data", [None, "", "1ux", "1=", "1=pno-such-entry-that-is-much-too-long-for-one"])
def test_other_data_is_no_button_about_forms(data: str | None) -> None:
    assert decode(data) is None


@pytest.mark.parametrize("data", ["1=pno-such-entry", "1=x", "1=p" + "y" * 33, "1=sfork-reason"])
async def test_a_forged_button_is_stale(formal: Stage, data: str) -> None:
    """Nor is there anything to share below what everybody sees."""
    ann = formal.person()
    ann.say(ann.private, FORK)
    (answer,) = await formal.said(ann.private)

    press = ann.forge(answer, data)

    assert "older answer" in await answered(formal, press)
    assert await formal.is_silent(ann.private, 1)


async def test_commands_of_a_group_are_as_visible_as_its_answers(formal: Stage) -> None:
    """All but `/settings`; a group that shows its answers to everybody has the commands of all groups."""
    ann = formal.person()
    chat = formal.telegram.supergroup("Club", owner=ann)
    ann.start()
    await formal.said(ann.private)
    ann.say(ann.private, f"/start g_{chat.id}")
    *_, panel = await formal.said(ann.private, 2)
    profile = formal.telegram.profile
    scope = f"chat:{chat.id}"

    for value in ("on", "off"):
        ann.forge(panel, f"1.s{chat.id}:0:ephemeral:{value}")
        await formal.rested()
        if value == "on":
            assert profile.commands[scope] == profile.commands["all_group_chats"]
            assert profile.hidden[scope] == profile.commands[scope].keys() - {"settings"}
            assert "settings" in profile.commands[f"chat_administrators:{chat.id}"]

    assert f"chat_administrators:{chat.id}" not in profile.commands
