"""Who is in a chat and with which rights: ChatMember objects and the methods about chats and their people."""

from typing import TYPE_CHECKING

from bot.faces.simulator.access import check_presence, find_chat, found_user
from bot.faces.simulator.chat import IN_CHARGE, Chat, Kind, Status
from bot.faces.simulator.entities import JSON
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import bad_request

if TYPE_CHECKING:
    from bot.faces.simulator.world import LocalTelegram

RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
FREEDOMS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
DETAILS: dict[Status, JSON] = {
    Status.OWNER: {"is_anonymous": False},
    Status.ADMINISTRATOR: {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(RIGHTS, True)},
    Status.MEMBER: {},
    Status.RESTRICTED: {"is_member": True, "until_date": 0, **dict.fromkeys(FREEDOMS, False)},
    Status.LEFT: {},
    Status.KICKED: {"until_date": 0},
}
FULL: JSON = {
    "accent_color_id": 0,
    "max_reaction_count": 11,
    "accepted_gift_types": dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    ),
}


def member(chat: Chat, user: JSON, status: Status) -> JSON:
    """Return the Bot API's ChatMember."""
    details = DETAILS[status]
    if chat.kind is Kind.CHANNEL and status is Status.ADMINISTRATOR:
        may_post = user["id"] not in chat.cannot_post
        details = details | {"can_post_messages": may_post, "can_edit_messages": may_post}
    return {"user": user, "status": status.value, **details}


def set_bot_status(world: "LocalTelegram", chat: Chat, status: Status, by: JSON) -> None:
    """Change what the bot is in a chat and tell it so."""
    bot = world.bot.raw
    old = chat.status(world.bot.id)
    chat.members[world.bot.id] = status
    change = {"chat": chat.raw, "from": by, "date": world.now()}
    members = {"old_chat_member": member(chat, bot, old), "new_chat_member": member(chat, bot, status)}
    world.updates.put("my_chat_member", change | members)


def set_status(chat: Chat, user: JSON, status: Status, by: JSON) -> None:
    """Change what somebody is in a chat; the bot hears of it as an administrator, if it asked to."""
    world, old = chat.world, chat.status(user["id"])
    chat.members[user["id"]] = status
    if chat.status(world.bot.id) in IN_CHARGE:
        change = {"chat": chat.raw, "from": by, "date": world.now()}
        members = {"old_chat_member": member(chat, user, old), "new_chat_member": member(chat, user, status)}
        world.updates.put("chat_member", change | members)


def get_chat(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out getChat."""
    return find_chat(world, given).raw | FULL


def get_chat_member(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out getChatMember."""
    chat = find_chat(world, given)
    user = found_user(world, given.number("user_id"))
    check_presence(world, chat)
    if chat.kind is Kind.CHANNEL and user.id != world.bot.id and chat.status(world.bot.id) not in IN_CHARGE:
        raise bad_request("member list is inaccessible")
    return member(chat, user.raw, chat.status(user.id))


def get_chat_administrators(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out getChatAdministrators: other bots are left out, this one is not."""
    chat = find_chat(world, given)
    if chat.kind is Kind.PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    found = ((found_user(world, user_id), status) for user_id, status in chat.members.items())
    return [member(chat, user.raw, status) for user, status in found if status in IN_CHARGE]


def get_chat_member_count(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out getChatMemberCount."""
    return sum(status not in {Status.LEFT, Status.KICKED} for status in find_chat(world, given).members.values())


def leave_chat(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out leaveChat."""
    chat = find_chat(world, given)
    if chat.kind is Kind.PRIVATE:
        raise bad_request("chat member status can't be changed in private chats")
    set_bot_status(world, chat, Status.LEFT, world.bot.raw)
    return True
