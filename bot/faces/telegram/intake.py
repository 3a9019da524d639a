"""Is a message a question for us? Commands, mentions and replies in groups; any text in a private chat."""

from collections.abc import Sequence

from telegram import Bot, Message, MessageEntity
from telegram.constants import ChatType

from bot.model.question import Place

GENERAL = 1  # thread id of a forum's General topic; sending it is refused by Telegram
PLACES = {ChatType.PRIVATE.value: Place.PRIVATE, ChatType.CHANNEL.value: Place.CHANNEL}


def place_of(message: Message) -> Place:
    """Return where an addressed message stands."""
    return PLACES.get(str(message.chat.type), Place.GROUP_ADDRESSED)


def asker_of(message: Message) -> int:
    """Return the id of who speaks: a user, or the chat on whose behalf is spoken."""
    speaker = message.sender_chat or message.from_user or message.chat
    return speaker.id


def thread_of(message: Message) -> int | None:
    """Return the forum topic to answer in; None for General and wherever there are no topics."""
    if message.is_topic_message and message.message_thread_id != GENERAL:
        return message.message_thread_id
    return None


def said_with(message: Message, words: Sequence[str]) -> str:
    """Return what stands behind a command, else the text of the message that it replies to, else nothing."""
    replied = message.reply_to_message
    return " ".join(words) or (replied and (replied.text or replied.caption)) or ""


def heard(message: Message, bot: Bot) -> str | None:
    """Return the text of a question that is meant for the bot; None for everything else."""
    text = message.text or message.caption or ""
    if not text or is_machine(message):
        return None
    if message.chat.type == ChatType.PRIVATE:
        return text
    mentions = _mentions(message, bot)
    if mentions or _is_reply_to(message, bot):
        return _without(text, mentions)
    return None


def summoned(message: Message, bot: Bot) -> str | None:
    """Return what a guest is asked: the text around its name, else the message replied to; None for machines."""
    if is_machine(message):
        return None
    asked = _without(message.text or message.caption or "", _mentions(message, bot))
    return asked or said_with(message, ())


def is_machine(message: Message) -> bool:
    """Return whether a message was made by a bot, by an inline bot, or copied here by Telegram."""
    if message.via_bot or message.is_automatic_forward:
        return True
    return bool(message.from_user and message.from_user.is_bot and not message.sender_chat)


def _mentions(message: Message, bot: Bot) -> list[MessageEntity]:
    entities, units = message.entities or message.caption_entities, _units(message.text or message.caption or "")
    return [entity for entity in entities if _names(entity, units, bot)]


def _names(entity: MessageEntity, units: bytes, bot: Bot) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return bool(entity.user and entity.user.id == bot.id)
    if entity.type != MessageEntity.MENTION:
        return False
    return _slice(units, entity).casefold() == f"@{bot.username}".casefold()


def _is_reply_to(message: Message, bot: Bot) -> bool:
    """Return whether a message answers one of the bot's; every message of a topic "replies" to its creation."""
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created or not replied.from_user:
        return False
    return replied.from_user.id == bot.id


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _slice(units: bytes, entity: MessageEntity) -> str:
    return units[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le", "replace")


def _without(text: str, entities: list[MessageEntity]) -> str:
    """Return text with the bot's mentions cut out; offsets count UTF-16 units, and mentions may lie over each other."""
    units, kept, read = _units(text), b"", 0
    for entity in sorted(entities, key=lambda found: found.offset):
        kept += units[read : max(read, entity.offset * 2)]
        read = max(read, (entity.offset + entity.length) * 2)
    return (kept + units[read:]).decode("utf-16-le", "replace").strip()
