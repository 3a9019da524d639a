"""Which messages of a chat reach the bot, following core.telegram.org/bots/features#privacy-mode."""

from typing import TYPE_CHECKING

from bot.faces.simulator.chat import IN_CHARGE, PRESENT, Kind
from bot.faces.simulator.entities import JSON, covered

if TYPE_CHECKING:
    from bot.faces.simulator.message import Message
    from bot.faces.simulator.world import LocalTelegram

SERVICE = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "pinned_message",
    }
)


def is_delivered(message: "Message", world: "LocalTelegram") -> bool:
    """Return whether the bot receives a message somebody else wrote."""
    status = message.chat.status(world.bot.id)
    if status not in PRESENT:
        return False
    if message.chat.kind in {Kind.PRIVATE, Kind.CHANNEL} or not world.privacy or status in IN_CHARGE:
        return True
    return not SERVICE.isdisjoint(message.raw) or _is_meant(message, world.bot.raw)


def _is_meant(message: "Message", bot: JSON) -> bool:
    """Return whether a message answers the bot, came through it, names it or is a command nobody else owns."""
    authors = (message.raw.get("reply_to_message", {}).get("from", {}), message.raw.get("via_bot", {}))
    return any(author.get("id") == bot["id"] for author in authors) or any(
        _calls(message.text, entity, bot) for entity in message.entities
    )


def _calls(text: str, entity: JSON, bot: JSON) -> bool:
    match entity["type"]:
        case "bot_command":
            _, at, name = covered(text, entity).partition("@")
            return bool(not at or name.lower() == bot["username"].lower())
        case "mention":
            return bool(covered(text, entity)[1:].lower() == bot["username"].lower())
        case "text_mention":
            return bool(entity["user"]["id"] == bot["id"])
        case _:
            return False
