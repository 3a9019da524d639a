"""Who hears what, and what messages of every kind look like."""

from typing import Any

import pytest

from bot.faces.simulator import LocalTelegram, Status

from .conftest import Ask


def heard(tg: LocalTelegram) -> list[dict[str, Any]]:
    """Return what waits for the bot, as update without its number."""
    return [{k: v for k, v in update.items() if k != "update_id"} for update in tg.updates.take()]


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("what about fees?", False),
        ("/help", True),
        ("/help@faq_bot now", True),
        ("/help@FAQ_bot", True),
        ("/help@other_bot", False),
        ("and/or", False),
        ("@faq_bot fees?", True),
        ("😀😀 @FAQ_BOT fees?", True),
        ("@faq_bots fees?", False),
        ("mail me@faq_bot.org", False),
    ],
)
def test_privacy_mode(tg: LocalTelegram, text: str, reaches: bool) -> None:
    """In a group with privacy mode the bot hears commands and its name, and nothing else."""
    ann = tg.person("Ann")

    ann.say(tg.supergroup("Club", [ann]), text)

    assert bool(heard(tg)) is reaches


@pytest.mark.parametrize("status", [Status.ADMINISTRATOR, Status.MEMBER])
def test_administrators_and_open_bots_hear_everything(status: Status) -> None:
    """Without privacy mode, or as an administrator, the bot hears every message."""
    tg = LocalTelegram(privacy=status is Status.ADMINISTRATOR)
    ann = tg.person("Ann")

    ann.say(tg.group("Club", [ann], bot=status), "hello")

    assert len(heard(tg)) == 1


async def test_answers_to_the_bot_reach_it(tg: LocalTelegram, ask: Ask) -> None:
    """A reply to the bot's own message is delivered, a reply to somebody else's is not."""
    ann, ben = tg.person("Ann"), tg.person("Ben")
    group = tg.supergroup("Club", [ann, ben])
    question = ann.say(group, "hello")
    await ask("sendMessage", chat_id=group.id, text="hi")

    ben.say(group, "hello Ann", reply_to=question)
    ben.say(group, "hello bot", reply_to=tg.sent_by_bot(group)[0])

    (update,) = heard(tg)
    assert update["message"]["text"] == "hello bot"
    assert update["message"]["message_thread_id"] == tg.sent_by_bot(group)[0].id
    assert "is_topic_message" not in update["message"]


def test_a_bot_that_is_not_there_hears_nothing(tg: LocalTelegram) -> None:
    """Being added and removed is told; what is said outside that time is not."""
    ann = tg.person("Ann")
    group = tg.group("Club", [ann], bot=Status.LEFT)

    ann.say(group, "/one")
    ann.add_bot(group)
    ann.say(group, "/two")
    ann.remove_bot(group)
    ann.say(group, "/three")

    kinds = [next(iter(update)) for update in heard(tg)]
    assert kinds == ["my_chat_member", "message", "message", "message", "my_chat_member"]


def test_newcomers_are_members_when_they_speak(tg: LocalTelegram) -> None:
    """Somebody who writes in a group is in it."""
    ann, group = tg.person("Ann"), tg.group("Club")

    ann.say(group, "/help")

    assert group.status(ann.id) is Status.MEMBER


def test_a_new_role_is_told(tg: LocalTelegram) -> None:
    """A bot that becomes an administrator hears of it."""
    ann = tg.person("Ann")
    group = tg.group("Club", [ann])

    ann.promote_bot(group)

    (update,) = heard(tg)
    assert update["my_chat_member"]["old_chat_member"]["status"] == "member"
    assert update["my_chat_member"]["new_chat_member"]["can_delete_messages"] is True


def test_anonymous_authors(tg: LocalTelegram) -> None:
    """Anonymous administrators and channels write through Telegram's own accounts, with sender_chat."""
    ann = tg.person("Ann")
    group, channel = tg.supergroup("Club", [ann]), tg.channel("News")

    as_group = ann.say(group, "/a", as_chat=group)
    as_channel = ann.say(group, "/b", as_chat=channel)

    assert (as_group.raw["from"]["id"], as_group.raw["sender_chat"]["id"]) == (1087968824, group.id)
    assert (as_channel.raw["from"]["id"], as_channel.raw["sender_chat"]["id"]) == (136817688, channel.id)


def test_media_forwards_and_inline_results(tg: LocalTelegram) -> None:
    """Stickers have no text, photos may have a caption with entities, forwards an origin, other fields pass."""
    ann = tg.person("Ann", "ann")
    tg.privacy = False
    group = tg.group("Club", [ann])

    messages = [
        ann.sticker(group),
        ann.photo(group),
        ann.photo(group, "/look @faq_bot"),
        ann.forward(group, "old news"),
        ann.say(group, "found", via_bot=tg.bot.raw),
    ]

    assert [one.text for one in messages] == ["", "", "/look @faq_bot", "old news", "found"]
    assert [one["type"] for one in messages[2].entities] == ["bot_command", "mention"]
    assert messages[3].raw["forward_origin"]["type"] == "hidden_user"
    assert len(heard(tg)) == 5


def test_a_link_to_the_bot_calls_it(tg: LocalTelegram) -> None:
    """A mention by id is one as well, of the bot or of somebody else."""
    ann = tg.person("Ann")
    group = tg.group("Club", [ann])

    for user in (ann.raw, tg.bot.raw):
        entity = {"type": "text_mention", "offset": 0, "length": 3, "user": user}
        ann.say(group, "you there?", entities=[entity])

    (update,) = heard(tg)
    assert update["message"]["entities"][0]["user"]["id"] == tg.bot.id


def test_results_of_the_own_bot_reach_it(tg: LocalTelegram) -> None:
    """With privacy mode a message that came through the bot is delivered."""
    ann = tg.person("Ann")

    ann.say(tg.group("Club", [ann]), "found", via_bot=tg.bot.raw)

    assert len(heard(tg)) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.org/a?b=1.", [("url", 4, 25)]),
        ("#fees and $BCH", [("hashtag", 0, 5), ("cashtag", 10, 4)]),
        ("a@b.org", [("email", 0, 7)]),
        ("👍 /go", [("bot_command", 3, 3)]),
        ("1/2 5$ a@b #1", []),
    ],
)
def test_entities_are_found(tg: LocalTelegram, text: str, found: list[tuple[str, int, int]]) -> None:
    """Links, tags, addresses and commands are marked without markup."""
    ann = tg.person("Ann")

    message = ann.say(ann.private, text)

    assert [(one["type"], one["offset"], one["length"]) for one in message.entities] == found


async def test_a_group_becomes_a_supergroup(tg: LocalTelegram, ask: Ask) -> None:
    """Both service messages are sent; writing to the old group names the new one."""
    ann = tg.person("Ann")
    group = tg.group("Club", [ann])

    new = group.upgrade(by=ann)
    status, words = await ask("sendMessage", chat_id=group.id, text="hi")

    assert (status, words) == (400, "Bad Request: group chat was upgraded to a supergroup chat")
    assert [one["message"].get("migrate_to_chat_id") for one in heard(tg)] == [new.id, None]
    assert (await ask("sendMessage", chat_id=new.id, text="hi"))[0] == 200


async def test_leaving(tg: LocalTelegram, ask: Ask) -> None:
    """A bot that left can write no more."""
    group = tg.group("Club")

    assert await ask("leaveChat", chat_id=group.id) == (200, True)

    assert await ask("sendMessage", chat_id=group.id, text="x") == (
        403,
        "Forbidden: bot is not a member of the group chat",
    )


async def test_updates_are_confirmed_by_offset(tg: LocalTelegram, ask: Ask) -> None:
    """An offset confirms what is before it, a limit cuts, a negative offset keeps the latest."""
    first, second, third = (tg.push({"x": number})["update_id"] for number in range(3))

    assert [one["update_id"] for one in (await ask("getUpdates", limit=2))[1]] == [first, second]
    assert [one["update_id"] for one in (await ask("getUpdates", offset=second))[1]] == [second, third]
    assert [one["update_id"] for one in (await ask("getUpdates", offset=-1))[1]] == [third]
    assert (await ask("getUpdates", offset=third + 1))[1] == []


async def test_only_allowed_updates_come(tg: LocalTelegram, ask: Ask) -> None:
    """What the bot does not ask for is never queued."""
    ann = tg.person("Ann")
    ann.start()
    await ask("getUpdates", offset=-1, allowed_updates=["my_chat_member"])
    tg.updates.take()

    ann.say(ann.private, "hi")
    ann.block()

    assert [next(iter(one)) for one in heard(tg)] == ["my_chat_member"]


async def test_a_webhook_ends_polling(tg: LocalTelegram, ask: Ask) -> None:
    """While a webhook is set getUpdates is a conflict; deleting it can drop what waits."""
    tg.push({"x": 1})
    hook = {"url": "https://example.org/hook", "secret_token": "abc", "allowed_updates": ["message"]}

    assert await ask("setWebhook", **hook) == (200, True)
    assert (await ask("getUpdates"))[0] == 409
    assert (await ask("getWebhookInfo"))[1] == {
        "url": hook["url"],
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 40,
        "allowed_updates": ["message"],
    }
    assert tg.updates.webhook == {"url": hook["url"], "secret_token": "abc", "max_connections": 40}
    assert await ask("deleteWebhook", drop_pending_updates=True) == (200, True)
    assert (await ask("getUpdates"))[1] == []


async def test_setting_a_webhook_can_drop_or_clear(tg: LocalTelegram, ask: Ask) -> None:
    """setWebhook drops pending updates when told, and an empty address removes the webhook."""
    tg.push({"x": 1})

    await ask("setWebhook", url="https://example.org", drop_pending_updates=True)
    await ask("setWebhook", url="")

    assert (await ask("getUpdates"))[1] == []


async def test_commands_by_scope_and_language(tg: LocalTelegram, ask: Ask) -> None:
    """Every scope and language keeps its own menu."""
    menu = [{"command": "ask", "description": "Ask"}]
    scope = {"type": "chat", "chat_id": -5}

    await ask("setMyCommands", commands=menu)
    await ask("setMyCommands", commands=menu, scope=scope, language_code="de")

    assert tg.commands == {"default": {"ask": "Ask"}, "chat:-5/de": {"ask": "Ask"}}
    assert (await ask("getMyCommands"))[1] == menu
    assert await ask("deleteMyCommands") == (200, True)
    assert (await ask("getMyCommands"))[1] == []


async def test_names_and_descriptions(tg: LocalTelegram, ask: Ask) -> None:
    """What is set is what is shown; other languages fall back to the one without a language."""
    for method, name in (("Name", "name"), ("Description", "description"), ("ShortDescription", "short_description")):
        assert await ask(f"setMy{method}", **{name: "x"}) == (200, True)
        assert await ask(f"getMy{method}", language_code="de") == (200, {name: "x"})


async def test_photos_of_the_bot(tg: LocalTelegram, ask: Ask) -> None:
    """A photo by name has a caption and no text to edit."""
    ann = tg.person("Ann")
    ann.start()

    status, _ = await ask("sendPhoto", chat_id=ann.id, photo="local-photo", caption="<b>x</b>", parse_mode="HTML")
    (photo,) = tg.sent_by_bot(ann.private)

    assert (status, photo.text, photo.entities) == (200, "x", [{"type": "bold", "offset": 0, "length": 1}])
    assert (await ask("editMessageText", chat_id=ann.id, message_id=photo.id, text="y"))[1] == (
        "Bad Request: there is no text in the message to edit"
    )


async def test_deleting_and_buttons(tg: LocalTelegram, ask: Ask) -> None:
    """The bot deletes its own messages and changes their buttons; links are buttons too."""
    ann = tg.person("Ann")
    ann.start()
    await ask("sendMessage", chat_id=ann.id, text="x")
    (message,) = tg.sent_by_bot(ann.private)
    rows = {"inline_keyboard": [[{"text": "Site", "url": "https://example.org"}]]}

    await ask("editMessageReplyMarkup", chat_id=ann.id, message_id=message.id, reply_markup=rows)
    button = message.button("Site")
    assert (button.url, message.edited) == ("https://example.org", True)
    with pytest.raises(LookupError, match="is a link"):
        ann.press(message, "Site")

    assert await ask("deleteMessage", chat_id=ann.id, message_id=message.id) == (200, True)
    assert message.deleted


async def test_a_deleted_topic_takes_its_messages_along(tg: LocalTelegram, ask: Ask) -> None:
    """Nothing can be written into a deleted topic; in a closed one only administrators write."""
    ann = tg.person("Ann")
    forum = tg.forum("Forum", [ann])
    fees, mining = forum.topic("Fees", by=ann), forum.topic("Mining", by=ann)
    message = ann.say(forum, "/fees", thread=fees)
    await ask("sendMessage", chat_id=forum.id, text="x", reply_parameters={"message_id": message.id})
    forum.close_topic(mining)
    forum.delete_topic(fees)

    gone = await ask("sendMessage", chat_id=forum.id, text="x", message_thread_id=fees.id)
    closed = await ask("sendMessage", chat_id=forum.id, text="x", message_thread_id=mining.id)

    assert (gone[1], closed[1]) == ("Bad Request: message thread not found", "Bad Request: TOPIC_CLOSED")
    assert message.deleted
    assert tg.sent_by_bot(forum)[0].thread == fees.id


async def test_usernames_name_public_chats(tg: LocalTelegram, ask: Ask) -> None:
    """A chat with a username can be written to by it."""
    group = tg.supergroup("Club")
    group.username = "the_club"

    status, message = await ask("sendMessage", chat_id="@The_Club", text="hi")

    assert (status, message["chat"]["username"]) == (200, "the_club")


async def test_text_is_stored_as_telegram_does(tg: LocalTelegram, ask: Ask) -> None:
    """Blanks around a text go, entities move along, links inside code are no links, previews are kept."""
    ann = tg.person("Ann")
    ann.start()
    html = "\n  see <b>https://a.org </b> <code>https://b.org</code>  "

    _, message = await ask(
        "sendMessage", chat_id=ann.id, text=html, parse_mode="html", link_preview_options={"is_disabled": True}
    )

    assert message["text"] == "see https://a.org  https://b.org"
    assert [(one["type"], one["offset"], one["length"]) for one in message["entities"]] == [
        ("bold", 4, 14),
        ("url", 4, 13),
        ("code", 19, 13),
    ]
    assert message["link_preview_options"] == {"is_disabled": True}


async def test_entities_may_be_given(tg: LocalTelegram, ask: Ask) -> None:
    """Entities can be sent instead of markup; what lies beyond the text is dropped."""
    ann = tg.person("Ann")
    ann.start()
    entities = [{"type": "bold", "offset": 0, "length": 99}, {"type": "italic", "offset": 50, "length": 1}]

    _, message = await ask("sendMessage", chat_id=ann.id, text="abc", entities=entities)

    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
