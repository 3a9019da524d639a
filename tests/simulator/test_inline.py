"""Inline queries, guests and inserted messages: what Telegram takes, and what it refuses."""

from typing import Any

import pytest

from bot.faces.simulator import LocalTelegram
from tests.simulator.conftest import Ask

KEYBOARD = {"inline_keyboard": [[{"text": "Again", "callback_data": "again"}]]}


def article(name: str = "one", text: str = "<b>words</b>", **more: Any) -> dict[str, Any]:
    content = {"message_text": text, "parse_mode": "HTML"}
    return {"type": "article", "id": name, "title": "Title", "input_message_content": content, **more}


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in article().items() if name != field}


def keyboard(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", **button}]]}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "another query": ({"inline_query_id": "77"}, "query is too old"),
    "no list": ({"results": article()}, "Expected an Array"),
    "51 results": ({"results": [article(str(number)) for number in range(51)]}, "RESULTS_TOO_MUCH"),
    "one id twice": ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
    "a long id": ({"results": [article("é" * 33)]}, "RESULT_ID_INVALID"),
    "no id": ({"results": [article("")]}, "RESULT_ID_INVALID"),
    "no title": ({"results": [without("title")]}, "title"),
    "an empty title": ({"results": [article() | {"title": " "}]}, "title"),
    "no content": ({"results": [without("input_message_content")]}, "input_message_content"),
    "an empty text": ({"results": [article(text="<b></b>")]}, "message text is empty"),
    "a long text": ({"results": [article(text="é" * 4097)]}, "message is too long"),
    "bad HTML": ({"results": [article(text="<b>")]}, "can't parse entities"),
    "long data": ({"results": [article(reply_markup=keyboard(callback_data="x" * 65))]}, "BUTTON_DATA_INVALID"),
    "a long offset": ({"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
    "a bad start": ({"button": {"text": "x", "start_parameter": "a.b"}}, "START_PARAM_INVALID"),
    "a button that does nothing": ({"button": {"text": "x"}}, "exactly one action"),
}


@pytest.mark.parametrize(("change", "words"), REFUSED.values(), ids=REFUSED)
async def test_a_bad_answer_to_a_query_is_refused(
    tg: LocalTelegram, ask: Ask, change: dict[str, Any], words: str
) -> None:
    query = tg.person("Ann").inquire("fees")
    call = {"inline_query_id": query.id, "results": [article()]} | change

    status, said = await ask("answerInlineQuery", **call)

    assert status == 400
    assert words in said
    assert query.answer is None


@pytest.mark.usefixtures("shared")
async def test_a_field_that_the_bot_api_does_not_have_is_noted(tg: LocalTelegram, ask: Ask) -> None:
    """Telegram overlooks it, so the call is carried out; a test can look at what did not fit."""
    query = tg.person("Ann").inquire("fees")

    status, _ = await ask("answerInlineQuery", inline_query_id=query.id, results=[article(colour="red")])

    assert status == 200
    assert tg.misfits == ["answerInlineQuery.results[0].colour is no field of InlineQueryResultArticle"]


async def test_a_query_is_answered_once_and_in_time(tg: LocalTelegram, ask: Ask) -> None:
    ann = tg.person("Ann")
    once, late = ann.inquire("fees"), ann.inquire("fees")
    late.expire()

    first = await ask("answerInlineQuery", inline_query_id=once.id, results=[article()], cache_time=5)
    again = await ask("answerInlineQuery", inline_query_id=once.id, results=[article()])
    too_late = await ask("answerInlineQuery", inline_query_id=late.id, results=[article()])

    assert first == (200, True)
    assert once.answer
    assert once.answer["cache_time"] == 5
    assert again[0] == too_late[0] == 400


async def test_what_is_chosen_is_written_and_can_be_edited_and_pressed(tg: LocalTelegram, ask: Ask) -> None:
    """The bot knows an inserted message by its inline_message_id alone."""
    ann, bob = tg.person("Ann"), tg.person("Bob")
    far = tg.supergroup("Far", [ann, bob])
    del far.members[tg.bot.id]
    query = ann.inquire("fees")
    await ask("answerInlineQuery", inline_query_id=query.id, results=[article(reply_markup=KEYBOARD)])

    shown = ann.choose(query, far)
    press = bob.press(shown, "Again")
    edit: dict[str, Any] = {"inline_message_id": shown.inline_id, "text": "new", "reply_markup": KEYBOARD}
    edited = await ask("editMessageText", **edit)
    same = await ask("editMessageText", **edit)
    gone = await ask("editMessageText", **(edit | {"inline_message_id": "nowhere"}))

    _, chosen, pressed = tg.updates.pending
    assert (shown.raw["from"]["id"], shown.raw["via_bot"]["id"]) == (ann.id, tg.bot.id)
    assert chosen["chosen_inline_result"]["result_id"] == "one"
    assert pressed["callback_query"] == {
        "id": press.id,
        "from": bob.raw,
        "inline_message_id": shown.inline_id,
        "data": "again",
        "chat_instance": str(far.id),
    }
    assert edited == (200, True)
    assert shown.text == "new"
    assert "not modified" in same[1]
    assert "MESSAGE_ID_INVALID" in gone[1]


async def test_a_guest_answers_the_message_that_called_it(tg: LocalTelegram, ask: Ask) -> None:
    ann = tg.person("Ann")
    far = tg.supergroup("Far", [ann])
    del far.members[tg.bot.id]

    call = ann.summon(far, "@faq_bot why?")
    wrong = await ask("answerInlineQuery", inline_query_id=call.id, results=[article()])
    status, sent = await ask("answerGuestQuery", guest_query_id=call.id, result=article())
    again = await ask("answerGuestQuery", guest_query_id=call.id, result=article())

    (update,) = tg.updates.pending
    (answer,) = tg.sent_by_bot(far)
    assert update["guest_message"]["guest_query_id"] == call.id
    assert (status, sent) == (200, {"inline_message_id": answer.inline_id})
    assert answer.reply_to == update["guest_message"]["message_id"]
    assert wrong[0] == again[0] == 400


BUTTONS: dict[str, tuple[dict[str, Any], str]] = {
    "copy": ({"copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
    "two actions": ({"url": "https://example.org", "callback_data": "x"}, "Exactly one"),
    "style": ({"callback_data": "x", "style": "loud"}, "style"),
}


@pytest.mark.parametrize(("button", "words"), BUTTONS.values(), ids=BUTTONS)
async def test_a_bad_button_is_refused(tg: LocalTelegram, ask: Ask, button: dict[str, Any], words: str) -> None:
    ann = tg.person("Ann")
    ann.start()

    _, said = await ask("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard(**button))

    assert words in said


async def test_a_button_copies_a_text(tg: LocalTelegram, ask: Ask) -> None:
    ann = tg.person("Ann")
    ann.start()

    await ask("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard(copy_text={"text": "0.5"}))

    assert tg.sent_by_bot(ann.private)[0].button("x").copied == "0.5"


@pytest.mark.parametrize(
    ("how", "status"), [("r", 200), ("wDT", 200), ("t", 200), ("", 200), ("Tr", 400), ("D d", 400)]
)
async def test_a_moment_is_written_in_a_known_way(tg: LocalTelegram, ask: Ask, how: str, status: int) -> None:
    ann = tg.person("Ann")
    ann.start()

    given = await ask(
        "sendMessage", chat_id=ann.id, text=f'<tg-time unix="1" format="{how}">x</tg-time>', parse_mode="HTML"
    )

    assert given[0] == status


async def test_a_private_chat_can_have_topics(tg: LocalTelegram, ask: Ask) -> None:
    """A message in one carries its thread, and the bot writes there by it."""
    ann = tg.person("Ann")
    ann.start()
    fees = ann.private.topic("Fees", by=ann)

    asked = ann.say(ann.private, "what are the fees", thread=fees)
    await ask("sendMessage", chat_id=ann.id, text="low", message_thread_id=fees.id)
    nowhere = await ask("sendMessage", chat_id=ann.id, text="low", message_thread_id=99)

    assert asked.thread == tg.sent_by_bot(ann.private)[0].thread == fees.id
    assert "message thread not found" in nowhere[1]
