"""Everything the local Telegram refuses, in Telegram's own words."""

import json
from typing import Any

import pytest

from bot.faces.simulator import LocalTelegram, Status
from bot.faces.simulator.parameters import Parameters

from .conftest import SCHEMA, Ask


def keyboard(**button: object) -> dict[str, Any]:
    """Return a keyboard of one button."""
    return {"inline_keyboard": [[button]]}


SEND = "sendMessage"
SAME = "new message content and reply markup are exactly the same as a current content and reply markup of the message"
NOT_MODIFIED = f"message is not modified: specified {SAME}"
ROWS: list[tuple[str, dict[str, Any], str]] = [
    (SEND, {"text": ""}, "message text is empty"),
    (SEND, {"text": "<b></b> \n", "parse_mode": "HTML"}, "text must be non-empty"),
    (SEND, {"text": "x" * 4097}, "message is too long"),
    (SEND, {"text": "😀" * 2049}, "message is too long"),
    (SEND, {"text": "&lt;" * 8193, "parse_mode": "HTML"}, "text is too long"),
    (SEND, {"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    (SEND, {"text": "a < b", "parse_mode": "HTML"}, 'can\'t parse entities: Unsupported start tag "" at byte offset 2'),
    (SEND, {"text": "x", "chat_id": ""}, "chat_id is empty"),
    (SEND, {"text": "x", "chat_id": 999}, "chat not found"),
    (SEND, {"text": "x", "chat_id": "@nobody"}, "chat not found"),
    (SEND, {"text": "x", "message_thread_id": 77}, "message thread not found"),
    (SEND, {"text": "x", "message_thread_id": 1}, "message thread not found"),
    (SEND, {"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    (SEND, {"text": "x", "reply_parameters": {"message_id": 1, "quote": "nothing"}}, "QUOTE_TEXT_INVALID"),
    (SEND, {"text": "x", "reply_parameters": "{"}, "can't parse reply parameters JSON object"),
    (SEND, {"text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
    (SEND, {"text": "x", "reply_markup": []}, "object expected as reply markup"),
    (
        SEND,
        {"text": "x", "reply_markup": {"inline_keyboard": [{}]}},
        'field "inline_keyboard" must be an Array of Arrays',
    ),
    (
        SEND,
        {"text": "x", "reply_markup": {"inline_keyboard": [["x"]]}},
        "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
    ),
    (
        SEND,
        {"text": "x", "reply_markup": keyboard(callback_data="x")},
        "can't parse inline keyboard button: Can't find field \"text\"",
    ),
    (SEND, {"text": "x", "reply_markup": keyboard(text=" ", callback_data="x")}, "BUTTON_TEXT_INVALID"),
    (SEND, {"text": "x", "reply_markup": keyboard(text="x", callback_data="é" * 33)}, "BUTTON_DATA_INVALID"),
    (
        SEND,
        {"text": "x", "reply_markup": keyboard(text="x", callback_data="")},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        SEND,
        {"text": "x", "reply_markup": keyboard(text="x", url="javascript:x")},
        "inline keyboard button URL 'javascript:x' is invalid: Wrong HTTP URL",
    ),
    (
        SEND,
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 101]}},
        "reply markup is too long",
    ),
    (
        SEND,
        {"text": "x", "entities": [{}]},
        "can't parse MessageEntity: type, offset and length must be specified",
    ),
    ("editMessageText", {"text": "x" * 4097, "message_id": 2}, "MESSAGE_TOO_LONG"),
    ("editMessageText", {"text": "x", "message_id": 99}, "message to edit not found"),
    ("editMessageText", {"text": "x", "message_id": 1}, "message can't be edited"),
    (
        "editMessageText",
        {"text": "hello", "message_id": 2},
        NOT_MODIFIED,
    ),
    ("deleteMessage", {"message_id": 99}, "message to delete not found"),
    ("sendPhoto", {}, "parameter photo is not specified" if SCHEMA else "there is no photo in the request"),
    ("sendPhoto", {"photo": ""}, "there is no photo in the request"),
    ("sendPhoto", {"photo": "x", "caption": "x" * 1025}, "message caption is too long"),
    ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
    ("sendChatAction", {"action": ""}, "parameter action is not specified"),
    ("getChatMember", {"user_id": 999}, "user not found"),
    ("getChatAdministrators", {}, "there are no administrators in the private chat"),
    ("leaveChat", {}, "chat member status can't be changed in private chats"),
]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]}-{row[2][:40]}" for row in ROWS])
async def test_a_call_is_refused(tg: LocalTelegram, ask: Ask, row: tuple[str, dict[str, Any], str]) -> None:
    """A senseless call gets 400 and Telegram's words, and leaves the chat as it was."""
    method, given, words = row
    ann = tg.person("Ann")
    ann.start()
    await ask(SEND, chat_id=ann.id, text="hello")

    answer = await ask(method, **({"chat_id": ann.id} | given))

    assert answer == (400, f"Bad Request: {words}")
    assert [one.text for one in ann.private.messages] == ["/start", "hello"]
    assert tg.calls[-1].refused == f"Bad Request: {words}"


BARE: list[tuple[str, dict[str, Any], str]] = [
    ("setMyCommands", {"commands": {}}, "expected an Array of BotCommand"),
    ("setMyCommands", {"commands": [{"command": "Ask", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
    (
        "setMyCommands",
        {"commands": [{}]},
        "can't parse BotCommand: expected an Object with command and description",
    ),
    ("setMyName", {"name": "x" * 65}, "name is too long"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "short description is too long"),
    ("setWebhook", {"url": "ftp://x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
    ("setWebhook", {"url": "https://x", "secret_token": "ä"}, "secret token contains unallowed characters"),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "query is too old and response timeout expired or query ID is invalid",
    ),
]


@pytest.mark.parametrize(("method", "given", "words"), BARE, ids=[f"{row[0]}-{row[2][:40]}" for row in BARE])
async def test_a_call_about_the_bot_is_refused(ask: Ask, method: str, given: dict[str, Any], words: str) -> None:
    """Calls that name no chat are checked as well."""
    assert await ask(method, **given) == (400, f"Bad Request: {words}")


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
@pytest.mark.parametrize("status", [Status.KICKED, Status.LEFT])
async def test_outside_a_chat_nothing_can_be_sent(tg: LocalTelegram, ask: Ask, kind: str, status: Status) -> None:
    """A bot that was thrown out or left is forbidden to write."""
    words = "bot was kicked from" if status is Status.KICKED else "bot is not a member of"
    chat = getattr(tg, kind)("Club", bot=status)

    assert await ask(SEND, chat_id=chat.id, text="x") == (403, f"Forbidden: {words} the {kind} chat")


async def test_strangers_cannot_be_written_to(tg: LocalTelegram, ask: Ask) -> None:
    """Somebody who never wrote is not found, or known from a group and still forbidden."""
    ann, ben = tg.person("Ann"), tg.person("Ben")
    tg.group("Club", [ann])

    assert await ask(SEND, chat_id=ann.id, text="x") == (403, "Forbidden: bot can't initiate conversation with a user")
    assert await ask(SEND, chat_id=ben.id, text="x") == (400, "Bad Request: chat not found")


async def test_rights_to_write(tg: LocalTelegram, ask: Ask) -> None:
    """Channels want an administrator, groups can take the right to write."""
    channel, group = tg.channel("News", bot=Status.MEMBER), tg.group("Club")
    group.bot_may_write = False

    in_channel = await ask(SEND, chat_id=channel.id, text="x")
    in_group = await ask(SEND, chat_id=group.id, text="x")

    assert in_channel == (400, "Bad Request: need administrator rights in the channel chat")
    assert in_group == (400, "Bad Request: not enough rights to send text messages to the chat")


async def test_other_peoples_messages_in_groups_stay(tg: LocalTelegram, ask: Ask) -> None:
    """Only administrators delete what others wrote."""
    ann = tg.person("Ann")
    group = tg.group("Club", [ann])
    message = ann.say(group, "mine")

    refused = await ask("deleteMessage", chat_id=group.id, message_id=message.id)
    ann.promote_bot(group)
    allowed = await ask("deleteMessage", chat_id=group.id, message_id=message.id)

    assert refused == (400, "Bad Request: message can't be deleted for everyone")
    assert allowed == (200, True)


async def test_general_has_no_number(tg: LocalTelegram, ask: Ask) -> None:
    """Sending to thread 1 of a forum is refused, without a thread it goes to General."""
    forum = tg.forum("Forum")

    assert await ask(SEND, chat_id=forum.id, text="x", message_thread_id=1) == (
        400,
        "Bad Request: message thread not found",
    )
    assert (await ask(SEND, chat_id=forum.id, text="x"))[0] == 200


async def test_a_missing_original_can_be_forgiven(tg: LocalTelegram, ask: Ask) -> None:
    """With allow_sending_without_reply the message goes out unattached."""
    ann = tg.person("Ann")
    original = ann.start()
    ann.delete(original)
    reply = {"message_id": original.id, "allow_sending_without_reply": True}

    status, message = await ask(SEND, chat_id=ann.id, text="x", reply_parameters=reply)

    assert (status, "reply_to_message" in message) == (200, False)


async def test_a_press_is_answered_once_and_in_time(tg: LocalTelegram, ask: Ask) -> None:
    """A second answer, a late answer and a long answer are refused."""
    ann = tg.person("Ann")
    ann.start()
    await ask(SEND, chat_id=ann.id, text="x", reply_markup=keyboard(text="Go", callback_data="go"))
    (message,) = tg.sent_by_bot(ann.private)
    press, late = ann.press(message, "Go"), ann.press(message, "go")
    late.expire()
    too_old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")

    assert await ask("answerCallbackQuery", callback_query_id=press.id, text="x" * 201) == (
        400,
        "Bad Request: MESSAGE_TOO_LONG",
    )
    assert await ask("answerCallbackQuery", callback_query_id=press.id) == (200, True)
    assert await ask("answerCallbackQuery", callback_query_id=press.id) == too_old
    assert await ask("answerCallbackQuery", callback_query_id=late.id) == too_old


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        (("4200042:wrong", "getMe"), 401, "Unauthorized"),
        (("wrong", "getMe"), 404, "Not Found"),
        (("", "launchRocket"), 404, "Not Found"),
    ],
)
async def test_wrong_addresses(tg: LocalTelegram, address: tuple[str, str], code: int, words: str) -> None:
    """A wrong token and an unknown method are refused before anything is read."""
    status, body = await tg.answer(address[0] or tg.token, address[1], Parameters({}))

    assert status == code
    assert json.loads(body) == {"ok": False, "error_code": code, "description": words}


@pytest.mark.parametrize("name", ["getMe", "GETME", "getme", "logOut", "close"])
async def test_methods_are_found_in_any_case(ask: Ask, name: str) -> None:
    """Telegram reads the names of methods without regard to case."""
    assert (await ask(name))[0] == 200


async def test_names_of_uploads_are_free(tg: LocalTelegram) -> None:
    """An upload may have any name; the parameter that means it says which."""
    ann = tg.person("Ann")
    ann.start()
    given = Parameters({"chat_id": str(ann.id), "photo": "attach://chart"}, {"chart": b"png"})

    status, _ = await tg.answer(tg.token, "sendPhoto", given)

    assert (status, tg.sent_by_bot(ann.private)[0].upload) == (200, b"png")


@pytest.mark.skipif(SCHEMA is None, reason="../shared/botapi is absent")
async def test_names_of_parameters_are_checked(tg: LocalTelegram, ask: Ask) -> None:
    """With the Bot API as data a misspelt name and a missing one are refused."""
    ann = tg.person("Ann")
    ann.start()

    assert await ask(SEND, chat_id=ann.id, txt="x", text="x") == (400, "Bad Request: sendMessage has no parameter txt")
    assert await ask(SEND, chat_id=ann.id) == (400, "Bad Request: message text is empty")
    assert await ask("getChatMember", chat_id=ann.id) == (400, "Bad Request: parameter user_id is not specified")


async def test_without_data_any_name_passes() -> None:
    """Without the Bot API as data unknown names are ignored, as Telegram does."""
    tg = LocalTelegram()

    status, body = await tg.answer(tg.token, "getUpdates", Parameters({"limt": "1", "limit": "many"}))

    assert (status, json.loads(body)["result"]) == (200, [])


async def test_retry_after_is_for_machines(tg: LocalTelegram) -> None:
    """An ordered refusal carries its parameters."""
    tg.fail_next("getMe", 429, "Too Many Requests: retry after 3", 3)

    _, body = await tg.answer(tg.token, "getMe", Parameters({}))

    assert json.loads(body)["parameters"] == {"retry_after": 3}
