"""What the sender does with whispers and rich messages that go wrong in rarer ways."""

from collections.abc import AsyncIterator

import pytest
from telegram import Message as TelegramMessage
from telegram.ext import ExtBot

from bot.faces.simulator import Chat, LocalRequest, LocalTelegram, Message, Person
from bot.faces.telegram.form import Form
from bot.faces.telegram.menu import suit
from bot.faces.telegram.send import Sender
from bot.house import House
from bot.model.manners import Manners, Tables
from bot.model.reply import Headline, Paragraph, Picture, Reply, TableRow, VersusTable
from bot.pipeline import Pipeline
from bot.stack import Stack
from tests.telegram.conftest import SCHEMA, open_stage
from tests.telegram.second_opinion import objections
from tests.web import Web

SHORT = Reply((Headline("short"),), entry="fork-reason")
LONG = Reply((Paragraph("word " * 1_500),))
TABLE = Reply((VersusTable(("BTC", "BCH"), (TableRow("size", ("1", "32")),)),), entry="fork-reason")


@pytest.fixture
def telegram() -> LocalTelegram:
    return LocalTelegram("duel_bot", schema=SCHEMA)


@pytest.fixture
async def sender(telegram: LocalTelegram) -> AsyncIterator[Sender]:
    request = LocalRequest(telegram)
    bot: ExtBot[None] = ExtBot(telegram.token, request=request, get_updates_request=request)
    async with bot:
        yield Sender(bot)
    assert telegram.misfits + objections(telegram.calls) == []


def asked(sender: Sender, message: Message) -> TelegramMessage:
    found = TelegramMessage.de_json(message.snapshot(), sender.bot)
    assert found
    return found


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages if not message.deleted]


@pytest.fixture
def ann(telegram: LocalTelegram) -> Person:
    return telegram.person("Ann")


@pytest.fixture
def club(telegram: LocalTelegram, ann: Person) -> Chat:
    return telegram.group("Club", [ann])


async def test_a_whisper_follows_a_group_that_moved(
    telegram: LocalTelegram, sender: Sender, ann: Person, club: Chat
) -> None:
    """In the supergroup too one person alone sees it."""
    question = asked(sender, ann.say(club, "@duel_bot x"))
    new = club.upgrade(by=ann)

    assert await sender.answer(question, SHORT, form=Form(only=ann.id)) is None

    assert texts(telegram.whispered(new, ann)) == ["short"]
    assert texts(telegram.sent_by_bot(new)) == []


async def test_a_whisper_about_a_deleted_question_quotes_nothing(
    telegram: LocalTelegram, sender: Sender, ann: Person, club: Chat
) -> None:
    said = ann.say(club, "@duel_bot x")
    question = asked(sender, said)
    ann.delete(said)

    await sender.answer(question, SHORT, form=Form(only=ann.id))

    assert texts(telegram.whispered(club, ann)) == ["short"]


@pytest.mark.parametrize("reply", [LONG, Reply((), picture=Picture(b"\x89PNG", "a picture"))], ids=["long", "picture"])
async def test_what_takes_more_than_a_message_is_for_everybody(  # noqa: PLR0917
    telegram: LocalTelegram, sender: Sender, ann: Person, club: Chat, reply: Reply
) -> None:
    """In short, where it can be."""
    await sender.answer(asked(sender, ann.say(club, "x")), reply, form=Form(only=ann.id, instead=SHORT))

    assert texts(telegram.sent_by_bot(club)) == ["short"]
    assert club.whispers == []


async def test_what_everybody_saw_stays_where_its_button_cannot_be_taken_away(
    telegram: LocalTelegram, sender: Sender, ann: Person, club: Chat
) -> None:
    telegram.unknown.add("ephemeral_message_parameters")
    telegram.fail_next("editMessageReplyMarkup", 400, "Bad Request: message can't be edited")

    number = await sender.answer(asked(sender, ann.say(club, "x")), SHORT, form=Form(only=ann.id))

    assert [one.id for one in telegram.sent_by_bot(club)] == [number]
    assert not sender.dialect.has_whispers


async def test_a_whisper_that_cannot_be_deleted_is_let_go(sender: Sender, ann: Person, club: Chat) -> None:
    await sender.answer(asked(sender, ann.say(club, "x")), SHORT, form=Form(only=ann.id))
    (whisper,) = club.whispers
    whisper.deleted = True

    await sender.whispers.forget(asked(sender, whisper))

    assert club.messages[-1].text == "x"


async def test_what_one_person_said_is_no_message_to_come_back_to(sender: Sender, ann: Person, club: Chat) -> None:
    """All of them have the number 0."""
    heard = asked(sender, ann.whisper(club, "/fees"))

    number = await sender.answer(heard, SHORT)

    assert number
    assert (club.id, 0) not in sender.answers


async def test_what_cannot_become_text_stays_where_nothing_else_arrives(
    telegram: LocalTelegram, sender: Sender, ann: Person
) -> None:
    """It is deleted only once its text is there."""
    question = asked(sender, ann.say(ann.private, "x"))
    await sender.answer(question, TABLE, form=Form(is_rich=True))
    (rich,) = telegram.sent_by_bot(ann.private)
    for method in ("editMessageText", "sendMessage"):
        telegram.fail_next(method, 400, "Bad Request: no")

    await sender.flatten(asked(sender, rich), TABLE)
    assert not rich.deleted
    telegram.fail_next("editMessageText", 400, "Bad Request: no")
    await sender.flatten(asked(sender, rich), TABLE)

    assert rich.deleted
    assert len(texts(telegram.sent_by_bot(ann.private))) == 1


async def test_text_that_grew_follows_whole(telegram: LocalTelegram, sender: Sender, ann: Person) -> None:
    """The answer may have become longer since it was a rich message."""
    await sender.answer(asked(sender, ann.say(ann.private, "x")), TABLE, form=Form(is_rich=True))
    (rich,) = telegram.sent_by_bot(ann.private)

    await sender.flatten(asked(sender, rich), LONG)

    assert len(texts(telegram.sent_by_bot(ann.private))) == 2


async def test_a_menu_that_cannot_be_set_costs_nothing_else(telegram: LocalTelegram, sender: Sender) -> None:
    telegram.fail_next("getMyCommands", 400, "Bad Request: no")

    await suit(sender.bot, -5, is_ephemeral=True)

    assert "chat:-5" not in telegram.commands
    assert "chat_administrators:-5" in telegram.commands


async def test_without_a_database_text_is_shown_this_once(pipeline: Pipeline, web: Web) -> None:
    house = House(pipeline, Stack(pipeline.shelf, ("btc-vs-bch",)), private=Manners(tables=Tables.RICH))
    async with open_stage(pipeline, web, house=house) as stage:
        ann = stage.person()
        ann.say(ann.private, "why did bch fork")
        (answer,) = await stage.said(ann.private)

        press = ann.press(answer, "My app can't show this")
        said = await stage.telegram.wait_for(lambda: press.answer)
        await stage.rested()

        assert said
        assert "this time" in said["text"]
        assert "rich_message" not in answer.raw
