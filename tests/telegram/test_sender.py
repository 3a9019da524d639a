"""The sender when answers grow, shrink, fail or come too late."""

from collections.abc import AsyncIterator

import pytest
from telegram import Message as TelegramMessage
from telegram.ext import ExtBot

from bot.faces.simulator import LocalRequest, LocalTelegram, Message
from bot.faces.telegram.pace import Pace
from bot.faces.telegram.send import REMEMBERED, Sender
from bot.model.reply import Browse, Headline, Paragraph, Picture, Reply

LONG = "word " * 1_500
SHORT = Reply((Paragraph("short"),))
TWO = Reply((Paragraph(LONG),))


@pytest.fixture
def telegram() -> LocalTelegram:
    return LocalTelegram("duel_bot")


@pytest.fixture
async def sender(telegram: LocalTelegram) -> AsyncIterator[Sender]:
    async with ExtBot(
        telegram.token,
        request=LocalRequest(telegram),
        get_updates_request=LocalRequest(telegram),
        rate_limiter=Pace(),
    ) as bot:
        yield Sender(bot)


def question(sender: Sender, message: Message) -> TelegramMessage:
    found = TelegramMessage.de_json(message.snapshot(), sender.bot)
    assert found
    return found


async def test_an_answer_grows_and_shrinks_with_its_question(telegram: LocalTelegram, sender: Sender) -> None:
    """After an edit there are as many messages as the new answer has."""
    ann = telegram.person("Ann")
    asked = question(sender, ann.say(ann.private, "x"))

    await sender.answer(asked, SHORT)
    await sender.revise(asked, TWO)
    grown = [message.text for message in telegram.sent_by_bot(ann.private) if not message.deleted]
    await sender.revise(asked, SHORT)
    shrunk = [message.text for message in telegram.sent_by_bot(ann.private) if not message.deleted]

    assert len(grown) == 2
    assert " ".join(grown).split() == LONG.split()
    assert shrunk == ["short"]


async def test_an_unanswered_question_stays_so(telegram: LocalTelegram, sender: Sender) -> None:
    """An edit of something that was never answered says nothing."""
    ann = telegram.person("Ann")

    await sender.revise(question(sender, ann.say(ann.private, "x")), SHORT)

    assert telegram.sent_by_bot(ann.private) == []


async def test_markup_that_telegram_refuses_is_sent_bare(telegram: LocalTelegram, sender: Sender) -> None:
    """The words arrive even if the markup does not."""
    ann = telegram.person("Ann")
    telegram.fail_next("sendMessage", 400, "Bad Request: can't parse entities: Unsupported start tag")

    await sender.answer(question(sender, ann.say(ann.private, "x")), SHORT)

    (call,) = [call for call in telegram.calls_of("sendMessage") if not call.refused]
    assert "parse_mode" not in call.parameters
    assert telegram.sent_by_bot(ann.private)[0].text == "short"


REFUSALS = {
    "send": ("sendMessage", 403, "Forbidden: bot was blocked by the user"),
    "send, for another reason": ("sendMessage", 400, "Bad Request: not enough rights to send text messages"),
    "server": ("sendMessage", 500, "Internal Server Error"),
}


@pytest.mark.parametrize(("method", "code", "words"), REFUSALS.values(), ids=REFUSALS)
async def test_a_refused_message_is_let_go(
    *, telegram: LocalTelegram, sender: Sender, method: str, code: int, words: str
) -> None:
    """What Telegram will not take is tried once, and nothing is raised."""
    ann = telegram.person("Ann")
    telegram.fail_next(method, code, words)

    await sender.answer(question(sender, ann.say(ann.private, "x")), SHORT)

    assert len(telegram.calls_of(method)) == 1


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("editMessageText", "Bad Request: message to edit not found"),
        ("editMessageText", "Forbidden: bot was kicked"),
        ("deleteMessage", "Bad Request: message can't be deleted"),
    ],
)
async def test_a_failed_revision_is_let_go(*, telegram: LocalTelegram, sender: Sender, method: str, words: str) -> None:
    """A message that is gone cannot be edited or deleted; nothing is raised."""
    ann = telegram.person("Ann")
    asked = question(sender, ann.say(ann.private, "x"))
    await sender.answer(asked, TWO)
    telegram.fail_next(method, 403 if words.startswith("Forbidden") else 400, words)

    await sender.revise(asked, SHORT)

    assert [call.method for call in telegram.calls if call.refused] == [method]


async def test_only_so_many_answers_are_remembered(telegram: LocalTelegram, sender: Sender) -> None:
    """Memory does not grow without end."""
    for number in range(REMEMBERED + 5):
        sender._remember((1, number), (number,))

    assert len(sender.answers) == REMEMBERED


def picture(number: int, text: str = "caption") -> Reply:
    return Reply((Headline(text),), ((Browse(0, "Topics"),),), Picture(b"\x89PNG" + bytes([number]), "a picture"))


async def test_a_picture_comes_with_its_text_as_caption(telegram: LocalTelegram, sender: Sender) -> None:
    """A short text stands under the picture, with the buttons; what is too long for a caption follows."""
    ann = telegram.person("Ann")
    asked = question(sender, ann.say(ann.private, "x"))

    await sender.answer(asked, picture(1))
    await sender.answer(asked, picture(2, "word " * 400))

    first, second, rest = telegram.sent_by_bot(ann.private)
    assert (first.upload, first.text, len(first.buttons)) == (b"\x89PNG\x01", "caption", 1)
    assert (second.upload, second.text, second.buttons) == (b"\x89PNG\x02", "", [])
    assert len(rest.text.split()) == 400
    assert rest.buttons


async def test_a_picture_is_replaced_in_place(telegram: LocalTelegram, sender: Sender) -> None:
    """A refreshed picture changes where it stands; the same one again changes nothing; a text next to it is new."""
    ann = telegram.person("Ann")
    await sender.answer(question(sender, ann.say(ann.private, "x")), picture(1))
    (shown,) = telegram.sent_by_bot(ann.private)

    assert await sender.replace(question(sender, shown), picture(2))
    assert shown.upload == b"\x89PNG\x02"
    assert not await sender.replace(question(sender, shown), picture(2))
    assert await sender.replace(question(sender, shown), SHORT)
    assert [message.text for message in telegram.sent_by_bot(ann.private)] == ["caption", "short"]


async def test_an_edited_question_turns_a_text_into_a_picture_and_back(telegram: LocalTelegram, sender: Sender) -> None:
    """Telegram cannot change the kind of a message, so the old one goes and a new one comes."""
    ann = telegram.person("Ann")
    asked = question(sender, ann.say(ann.private, "x"))
    await sender.answer(asked, SHORT)

    kinds = []
    for reply in (picture(1), picture(2), SHORT):
        await sender.revise(asked, reply)
        (here,) = [message for message in telegram.sent_by_bot(ann.private) if not message.deleted]
        kinds.append((here.upload, here.text))

    assert kinds == [(b"\x89PNG\x01", "caption"), (b"\x89PNG\x02", "caption"), (b"", "short")]
