"""What Telegram refuses has one right reaction each."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs
from telegram import CallbackQuery, User
from telegram import Message as TelegramMessage
from telegram.ext import ExtBot

from bot.faces.simulator import Chat, LocalRequest, LocalTelegram, Message
from bot.faces.telegram.pace import Pace, Urgency
from bot.faces.telegram.send import Sender
from bot.model.reply import Paragraph, Picture, Reply

SHORT = Reply((Paragraph("short"),))
LONG = Reply((Paragraph("word " * 1_500),))
PICTURE = Reply((Paragraph("short"),), picture=Picture(b"\x89PNG", "a picture"))


@dataclass
class Book:
    """Notes what it is told of chats."""

    lines: list[tuple[int, ...]] = field(default_factory=list)

    async def moved(self, old: int, new: int) -> None:
        self.lines.append((old, new))

    async def gone(self, chat: int) -> None:
        self.lines.append((chat,))


@pytest.fixture
def telegram() -> LocalTelegram:
    return LocalTelegram("duel_bot")


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
async def sender(telegram: LocalTelegram, book: Book) -> AsyncIterator[Sender]:
    request = LocalRequest(telegram)
    bot: ExtBot[Urgency] = ExtBot(telegram.token, request=request, get_updates_request=request, rate_limiter=Pace())
    async with bot:
        yield Sender(bot, book)


def asked(sender: Sender, message: Message) -> TelegramMessage:
    found = TelegramMessage.de_json(message.snapshot(), sender.bot)
    assert found
    return found


def texts(telegram: LocalTelegram, chat: Chat) -> list[str]:
    return [message.text for message in telegram.sent_by_bot(chat)]


async def test_an_answer_follows_a_group_that_moved(telegram: LocalTelegram, sender: Sender, book: Book) -> None:
    """Each part comes once, in the supergroup; whoever keeps chats hears of it once; nothing goes to the old one."""
    ann = telegram.person("Ann")
    group = telegram.group("Club", [ann])
    question = asked(sender, ann.say(group, "@duel_bot x"))
    new = group.upgrade(by=ann)

    await sender.answer(question, LONG)
    await sender.answer(question, SHORT)

    assert len(texts(telegram, new)) == 3
    assert texts(telegram, group) == []
    assert book.lines == [(group.id, new.id)]
    assert [call.parameters["chat_id"] for call in telegram.calls_of("sendMessage")] == [
        str(group.id),
        *[str(new.id)] * 3,
    ]


async def test_a_chat_that_is_gone_gets_nothing_more(telegram: LocalTelegram, sender: Sender, book: Book) -> None:
    """The rest of the answer is not tried, and whoever keeps chats hears of it."""
    ann = telegram.person("Ann")
    telegram.fail_next("sendMessage", 403, "Forbidden: bot was blocked by the user")

    assert await sender.answer(asked(sender, ann.say(ann.private, "x")), LONG) is None

    assert len(telegram.calls_of("sendMessage")) == 1
    assert book.lines == [(ann.id,)]


async def test_an_edit_in_a_chat_that_is_gone_says_so(telegram: LocalTelegram, sender: Sender, book: Book) -> None:
    """Every call tells it, not only a new message."""
    ann = telegram.person("Ann")
    question = asked(sender, ann.say(ann.private, "x"))
    await sender.answer(question, SHORT)
    telegram.fail_next("editMessageText", 403, "Forbidden: bot was kicked from the group chat")

    await sender.revise(question, Reply((Paragraph("other"),)))

    assert book.lines == [(ann.id,)]


async def test_a_topic_that_is_gone_is_left_once(telegram: LocalTelegram, sender: Sender) -> None:
    """Without its topic the answer goes to the group; if that is refused too, nobody gets it in private."""
    ann = telegram.person("Ann")
    forum = telegram.forum("Club", [ann])
    question = asked(sender, ann.say(forum, "@duel_bot x", thread=forum.topic("Fees", by=ann)))
    for _ in range(2):
        telegram.fail_next("sendMessage", 400, "Bad Request: message thread not found")

    await sender.answer(question, SHORT)

    assert [call.parameters["chat_id"] for call in telegram.calls_of("sendMessage")] == [str(forum.id)] * 2
    assert texts(telegram, forum) == []


async def test_several_refusals_are_mended_one_after_the_other(telegram: LocalTelegram, sender: Sender) -> None:
    """A topic that is gone, a question that is gone, markup that is not understood: the words arrive."""
    ann = telegram.person("Ann")
    forum = telegram.forum("Club", [ann])
    question = asked(sender, ann.say(forum, "@duel_bot x", thread=forum.topic("Fees", by=ann)))
    for words in ("message thread not found", "message to be replied not found", "can't parse entities: at byte 3"):
        telegram.fail_next("sendMessage", 400, f"Bad Request: {words}")

    await sender.answer(question, Reply((Paragraph("1 < 2 & 3"),)))

    last = telegram.calls_of("sendMessage")[-1].parameters
    assert texts(telegram, forum) == ["1 < 2 & 3"]
    assert not {"message_thread_id", "reply_parameters", "parse_mode"} & last.keys()


async def test_markup_is_taken_out_once(telegram: LocalTelegram, sender: Sender) -> None:
    """If the bare words are refused as well, it ends there."""
    ann = telegram.person("Ann")
    for _ in range(3):
        telegram.fail_next("sendMessage", 400, "Bad Request: can't parse entities")

    await sender.answer(asked(sender, ann.say(ann.private, "x")), SHORT)

    assert len(telegram.calls_of("sendMessage")) == 2


async def test_where_pictures_are_not_allowed_the_words_come(telegram: LocalTelegram, sender: Sender) -> None:
    """A group may forbid pictures and allow texts."""
    ann = telegram.person("Ann")
    group = telegram.supergroup("Club", [ann])
    telegram.fail_next("sendPhoto", 400, "Bad Request: not enough rights to send photos to the chat")

    await sender.answer(asked(sender, ann.say(group, "@duel_bot x")), PICTURE)

    assert texts(telegram, group) == ["short"]


async def test_an_unknown_outcome_counts_as_sent(telegram: LocalTelegram, sender: Sender) -> None:
    """The answer is not repeated, its second part follows, and the log says so."""
    ann = telegram.person("Ann")
    telegram.garble_next("sendMessage", b"<html>", 504, acts=True)

    with capture_logs() as logs:
        await sender.answer(asked(sender, ann.say(ann.private, "x")), LONG)

    assert len(texts(telegram, ann.private)) == 2
    assert [log["event"] for log in logs] == ["telegram.outcome_unknown"]


async def test_news_of_unknown_outcome_count_as_told(telegram: LocalTelegram, sender: Sender) -> None:
    """Nobody is told twice."""
    ann = telegram.person("Ann")
    telegram.garble_next("sendMessage", b"", 502, acts=True)

    assert await sender.tell(ann.id, SHORT)


async def test_a_late_press_is_nothing(telegram: LocalTelegram, sender: Sender) -> None:
    """Telegram does not take an answer to an old press; that is no warning."""
    query = CallbackQuery("1", User(1, "Ann", is_bot=False), "chat")
    query.set_bot(sender.bot)
    words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    telegram.fail_next("answerCallbackQuery", 400, words)

    with capture_logs() as logs:
        await sender.acknowledge(query)

    assert [(log["log_level"], log["event"]) for log in logs] == [("debug", "telegram.press_too_late")]


async def test_nothing_is_sent_with_a_preview(telegram: LocalTelegram, sender: Sender) -> None:
    """No message, no edit, no news shows the page behind a link."""
    ann = telegram.person("Ann")
    question = asked(sender, ann.say(ann.private, "x"))
    await sender.answer(question, SHORT)
    await sender.revise(question, Reply((Paragraph("other"),)))
    await sender.tell(ann.id, SHORT)

    calls = [call for call in telegram.calls if call.method in {"sendMessage", "editMessageText"}]
    assert len(calls) == 3
    assert all(json.loads(call.parameters["link_preview_options"]) == {"is_disabled": True} for call in calls)
