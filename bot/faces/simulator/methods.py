"""The table of methods: what the bot can call, by name in lower case as Telegram looks them up."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from bot.faces.simulator import ephemeral, files, inline, membership, polls, profile, sending
from bot.faces.simulator.entities import JSON
from bot.faces.simulator.parameters import Parameters

if TYPE_CHECKING:
    from bot.faces.simulator.world import LocalTelegram

Method = Callable[["LocalTelegram", Parameters], object]
LONGEST_POLL = 50  # seconds


def get_me(world: "LocalTelegram", _given: Parameters) -> object:
    """Carry out getMe."""
    abilities = {"can_join_groups": True, **world.abilities, "can_read_all_group_messages": not world.privacy}
    return world.bot.raw | abilities


def log_out(_world: "LocalTelegram", _given: Parameters) -> object:
    """Carry out logOut and close: nothing changes here."""
    return True


def get_updates(world: "LocalTelegram", given: Parameters) -> Awaitable[list[JSON]]:
    """Carry out getUpdates."""
    world.updates.allow(given.parsed("allowed_updates"))
    seconds = min(given.number("timeout"), LONGEST_POLL)
    return world.updates.get(given.number("offset"), given.number("limit"), seconds)


NAMED: Mapping[str, Method] = {
    "getMe": get_me,
    "logOut": log_out,
    "close": log_out,
    "getUpdates": get_updates,
    "setWebhook": profile.set_webhook,
    "deleteWebhook": profile.delete_webhook,
    "getWebhookInfo": profile.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendRichMessage": sending.send_rich_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendPoll": polls.send_poll,
    "getFile": files.get_file,
    "editMessageText": sending.edit_message_text,
    "editEphemeralMessageText": sending.edit_ephemeral_message_text,
    "deleteEphemeralMessage": ephemeral.delete_ephemeral_message,
    "editMessageMedia": sending.edit_message_media,
    "editMessageReplyMarkup": sending.edit_message_reply_markup,
    "deleteMessage": sending.delete_message,
    "sendChatAction": sending.send_chat_action,
    "answerCallbackQuery": sending.answer_callback_query,
    "answerInlineQuery": inline.answer_inline_query,
    "answerGuestQuery": inline.answer_guest_query,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": partial(profile.set_text, name="name"),
    "getMyName": partial(profile.get_text, name="name"),
    "setMyDescription": partial(profile.set_text, name="description"),
    "getMyDescription": partial(profile.get_text, name="description"),
    "setMyShortDescription": partial(profile.set_text, name="short_description"),
    "getMyShortDescription": partial(profile.get_text, name="short_description"),
    "getChat": membership.get_chat,
    "getChatMember": membership.get_chat_member,
    "getChatAdministrators": membership.get_chat_administrators,
    "getChatMemberCount": membership.get_chat_member_count,
    "leaveChat": membership.leave_chat,
}
METHODS: Mapping[str, tuple[str, Method]] = {name.lower(): (name, method) for name, method in NAMED.items()}
