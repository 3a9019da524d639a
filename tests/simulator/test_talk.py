"""The real python-telegram-bot talks to the local Telegram."""

import asyncio
import time
from datetime import timedelta
from io import BytesIO

import pytest
from telegram import Bot, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, ReplyKeyboardRemove
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.faces.simulator import LocalRequest, LocalTelegram, Status
from bot.faces.simulator.parameters import Parameters

from .conftest import App

COPY = InlineKeyboardButton("Copy", copy_text=CopyTextButton("text"))


async def test_a_private_question_is_answered(tg: LocalTelegram, app: App) -> None:
    """What a person says reaches the handlers; the answer stands in the chat as it was written."""
    ann = tg.person("Ann")

    asked = ann.say(ann.private, "what about fees?")
    (answer,) = await tg.written(ann.private)

    assert (answer.text, answer.html, answer.reply_to) == ("what about fees?", "<b>what about fees?</b>", asked.id)
    assert answer.entities == [{"type": "bold", "offset": 0, "length": 16}]
    assert answer.buttons[0][0].label == "Again"


async def test_a_press_is_answered_and_edits(tg: LocalTelegram, app: App, errors: list[Exception]) -> None:
    """A pressed button brings the message along; editing to the same text a second time is refused."""
    ann = tg.person("Ann")
    ann.say(ann.private, "hi")
    (answer,) = await tg.written(ann.private)

    press = ann.press(answer, "Again")
    await tg.wait_for(lambda: answer.edited)
    ann.forge(answer, "v1:again")
    await tg.wait_for(lambda: errors)

    assert (answer.text, answer.buttons) == ("again", [])
    assert press.answer == {"text": "Done", "show_alert": False, "url": ""}
    assert len(tg.callback_answers) == 2
    assert isinstance(errors[0], BadRequest)
    assert "Message is not modified" in str(errors[0])


async def test_only_what_stands_there_can_be_pressed(tg: LocalTelegram, app: App) -> None:
    """A label that is not under the message is a mistake of the test."""
    ann = tg.person("Ann")
    ann.say(ann.private, "hi")
    (answer,) = await tg.written(ann.private)

    with pytest.raises(LookupError, match="no button 'Other'"):
        ann.press(answer, "Other")
    ann.delete(answer)
    with pytest.raises(LookupError, match="nothing to press"):
        ann.press(answer, "Again")


async def test_an_edit_is_heard(tg: LocalTelegram, app: App) -> None:
    """An edited message comes as an edit of the same message."""
    ann = tg.person("Ann")
    message = ann.say(ann.private, "feees")
    await tg.written(ann.private)

    ann.edit(message, "fees")
    _, second = await tg.written(ann.private, 2)

    assert message.edited
    assert (second.text, second.reply_to) == ("fees", message.id)


async def test_answers_stay_in_their_topic(tg: LocalTelegram, app: App) -> None:
    """A topic's message carries its thread, General's carries none; the answers follow."""
    ann = tg.person("Ann")
    forum = tg.forum("Forum", [ann])
    fees = forum.topic("Fees", by=ann)

    in_topic = ann.say(forum, "/fees", thread=fees)
    in_general = ann.say(forum, "/fees")
    first, second = await tg.written(forum, 2)

    assert (in_topic.raw["message_thread_id"], in_topic.raw["is_topic_message"]) == (fees.id, True)
    assert in_topic.raw["reply_to_message"]["forum_topic_created"]["name"] == "Fees"
    assert not {"message_thread_id", "is_topic_message"} & in_general.raw.keys()
    assert (first.thread, first.reply_to) == (fees.id, in_topic.id)
    assert (second.thread, second.reply_to) == (None, in_general.id)


async def test_a_channel_post_has_no_person(tg: LocalTelegram, app: App) -> None:
    """A post and its edit come from the channel, and can be answered there."""
    ann = tg.person("Ann")
    channel = tg.channel("News", owner=ann)

    post = ann.post(channel, "hello")
    await tg.written(channel)
    ann.edit_post(post, "hello again")
    await tg.written(channel, 2)

    assert "from" not in post.raw
    assert post.raw["sender_chat"]["id"] == channel.id
    assert tg.sent_by_bot(channel)[1].text == "hello again"


async def test_a_mention_after_emoji_is_cut_right(tg: LocalTelegram, app: App) -> None:
    """Offsets count UTF-16 units, so the library finds the name behind emoji."""
    ann = tg.person("Ann")
    group = tg.group("Club", [ann])

    message = ann.say(group, "😀🏟 @faq_bot fees?")
    await tg.written(group)

    assert message.entities == [{"type": "mention", "offset": 5, "length": 8}]


async def test_an_unknown_kind_of_update_harms_nobody(tg: LocalTelegram, app: App) -> None:
    """What comes after an update nobody knows is answered."""
    ann = tg.person("Ann")

    tg.push({"brand_new_thing": {"x": 1}})
    ann.say(ann.private, "hi")

    assert await tg.written(ann.private)


async def test_confirmed_updates_are_gone(tg: LocalTelegram, app: App) -> None:
    """When everything is taken, the application's own queue tells when it is dealt with."""
    ann = tg.person("Ann")
    ann.sticker(ann.private)
    ann.photo(ann.private, "look")

    await tg.taken()
    await app.update_queue.join()

    assert tg.sent_by_bot(ann.private) == []


@pytest.mark.parametrize(
    ("order", "error"),
    [
        ((409, "Conflict: somebody else"), Conflict),
        ((403, "Forbidden: user is deactivated"), Forbidden),
        ((502, "Bad Gateway"), NetworkError),
    ],
)
async def test_refusals_can_be_ordered(
    tg: LocalTelegram, app: App, order: tuple[int, str], error: type[Exception]
) -> None:
    """The next call fails as ordered and does nothing, the one after it goes through."""
    ann = tg.person("Ann")
    ann.start()
    await tg.written(ann.private)
    tg.fail_next("sendMessage", *order)

    with pytest.raises(error):
        await app.bot.send_message(ann.id, "lost")
    await app.bot.send_message(ann.id, "kept")

    assert [one.text for one in tg.sent_by_bot(ann.private)] == ["/start", "kept"]
    assert [call.refused for call in tg.calls_of("sendMessage")] == ["", order[1], ""]


async def test_flood_control_says_how_long(tg: LocalTelegram, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A 429 tells the library how long to be quiet."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    ann = tg.person("Ann")
    tg.fail_next("sendMessage", 429, "Too Many Requests: retry after 7", retry_after=7)

    with pytest.raises(RetryAfter) as caught:
        await app.bot.send_message(ann.id, "lost")

    assert caught.value.retry_after == timedelta(seconds=7)


async def test_a_late_answer_times_out_though_delivered(tg: LocalTelegram, app: App) -> None:
    """A held answer lets the client give up while the message stands in the chat."""
    ann = tg.person("Ann")
    ann.start()
    await tg.written(ann.private)
    gate = tg.hold_next("sendMessage")

    with pytest.raises(TimedOut):
        await app.bot.send_message(ann.id, "late", read_timeout=0.01)

    assert gate.arrived.is_set()
    assert tg.sent_by_bot(ann.private)[-1].text == "late"


async def test_a_gate_lets_the_answer_go(tg: LocalTelegram, app: App) -> None:
    """An opened gate passes the real answer on, or a 502 for a call that was swallowed."""
    ann = tg.person("Ann")
    ann.start()
    await tg.written(ann.private)
    slow, lost = tg.hold_next("sendMessage"), tg.hold_next("sendMessage", acts=False)

    sending = asyncio.create_task(app.bot.send_message(ann.id, "slow"))
    await slow.arrived.wait()
    slow.open()
    lost.open()

    assert (await sending).text == "slow"
    with pytest.raises(NetworkError):
        await app.bot.send_message(ann.id, "lost")
    assert tg.sent_by_bot(ann.private)[-1].text == "slow"


async def test_a_broken_answer_hides_what_was_done(tg: LocalTelegram, app: App) -> None:
    """A garbled answer reaches the client while the call was carried out."""
    ann = tg.person("Ann")
    ann.start()
    await tg.written(ann.private)
    tg.garble_next("sendMessage", b"<html>Bad Gateway</html>", 502, acts=True)

    with pytest.raises(NetworkError):
        await app.bot.send_message(ann.id, "done")

    assert tg.sent_by_bot(ann.private)[-1].text == "done"


async def test_a_wrong_token_is_unauthorized(tg: LocalTelegram) -> None:
    """A token of the right shape is unauthorized, any other is not found; the library refuses both."""
    for token in ("1:wrong", "nonsense"):
        url = f"https://api.telegram.org/bot{token}/getMe"
        with pytest.raises(InvalidToken):
            await LocalRequest(tg).post(url)


async def test_two_pollers_conflict(tg: LocalTelegram) -> None:
    """The poll that waits is told to go, the new one gets the updates."""
    bot = Bot(tg.token, request=LocalRequest(tg), get_updates_request=LocalRequest(tg))
    first = asyncio.create_task(bot.get_updates(timeout=50))
    await tg.wait_for(lambda: tg.calls_of("getUpdates"))
    second = asyncio.create_task(bot.get_updates(timeout=50))

    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first
    tg.push({"brand_new_thing": {}})

    assert len(await second) == 1


async def test_a_poll_without_updates_ends(tg: LocalTelegram) -> None:
    """When its time is over, a long poll answers with nothing."""
    given = Parameters({})

    assert await tg.updates.get(0, 100, 0.001) == []
    assert (await tg.answer(tg.token, "getUpdates", given))[1] == b'{"ok": true, "result": []}'


async def test_polling_stops_at_once(tg: LocalTelegram, app: App) -> None:
    """A stopped application leaves no poll behind; what is said later waits."""
    ann = tg.person("Ann")
    await tg.wait_for(lambda: tg.calls_of("getUpdates"))
    assert app.updater

    await app.updater.stop()
    ann.say(ann.private, "anybody?")

    assert len(tg.updates.pending) == 1


async def test_waiting_names_the_last_calls(tg: LocalTelegram, app: App) -> None:
    """What does not come is reported with what the bot did last."""
    await tg.wait_for(lambda: tg.calls_of("getUpdates"))

    with pytest.raises(TimeoutError, match=r"not within 0.01 s; the bot's last calls: .*getUpdates"):
        await tg.wait_for(lambda: False, seconds=0.01)


async def test_being_blocked_is_told_and_forbids(tg: LocalTelegram, app: App) -> None:
    """Blocking changes the bot's membership and refuses what it sends; unblocking lets it write."""
    ann = tg.person("Ann")
    ann.start()
    await tg.written(ann.private)

    ann.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await app.bot.send_message(ann.id, "hello?")
    ann.unblock()

    assert (await app.bot.send_message(ann.id, "hello!")).text == "hello!"


async def test_members_are_what_the_library_expects(tg: LocalTelegram, app: App) -> None:
    """The library can read the people of a chat in every role."""
    ann, ben, eve = tg.person("Ann"), tg.person("Ben"), tg.person("Eve")
    group = tg.supergroup("Club", [ben], owner=ann, bot=Status.ADMINISTRATOR)

    roles = [(await app.bot.get_chat_member(group.id, one.id)).status for one in (ann, ben, eve, tg.bot)]
    admins = {one.user.id for one in await app.bot.get_chat_administrators(group.id)}

    assert roles == ["creator", "member", "left", "administrator"]
    assert admins == {ann.id, tg.bot.id}
    assert (await app.bot.get_chat(group.id)).title == "Club"
    assert await app.bot.get_chat_member_count(group.id) == 3


async def test_the_library_uploads_and_acts(tg: LocalTelegram, app: App) -> None:
    """Photos arrive as bytes or files, chat actions are taken, other keyboards are no buttons."""
    ann = tg.person("Ann")
    ann.start()
    await tg.written(ann.private)

    await app.bot.send_photo(ann.id, b"one")
    await app.bot.send_photo(ann.id, BytesIO(b"two"), read_timeout=60)
    await app.bot.send_chat_action(ann.id, "typing")
    await app.bot.send_message(ann.id, "x", reply_markup=ReplyKeyboardRemove())
    await app.bot.send_message(ann.id, "x", reply_markup=InlineKeyboardMarkup([[COPY]]))

    _, one, two, plain, copy = tg.sent_by_bot(ann.private)
    assert (one.upload, two.upload, plain.buttons) == (b"one", b"two", [])
    assert copy.buttons[0][0].label == "Copy"


async def test_one_message_in_and_out_is_quick(tg: LocalTelegram) -> None:
    """The simulator needs a fraction of a millisecond; the limit leaves room for tracing and slow machines."""
    ann = tg.person("Ann")
    ann.start()
    given = Parameters({"chat_id": str(ann.id), "text": "<b>hello</b> world " * 20, "parse_mode": "HTML"})
    spent = []

    for _ in range(100):
        start = time.perf_counter()
        ann.say(ann.private, "what about fees?")
        await tg.answer(tg.token, "sendMessage", given)
        spent.append(time.perf_counter() - start)

    assert min(spent) < 0.003
