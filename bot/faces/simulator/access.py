"""Which chat, person or message a call means, and whether the bot may write there."""

from typing import TYPE_CHECKING

from bot.faces.simulator.chat import GENERAL, IN_CHARGE, PRESENT, Chat, Kind, Status
from bot.faces.simulator.message import Message
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import RefusedError, bad_request, forbidden

if TYPE_CHECKING:
    from bot.faces.simulator.people import Person
    from bot.faces.simulator.world import LocalTelegram


def find_chat(world: "LocalTelegram", given: Parameters) -> Chat:
    """Return the chat a call names by id or @username.

    A private chat nobody opened is known only through a group that the bot and the person share.
    """
    name = given.required("chat_id")
    chat = world.named(name) if name.startswith("@") else world.chats.get(given.number("chat_id"))
    if chat is None or (chat.kind is Kind.PRIVATE and not _is_known(world, chat)):
        raise bad_request("chat not found")
    return chat


def _is_known(world: "LocalTelegram", private: Chat) -> bool:
    both = {private.id, world.bot.id}
    return world.bot.id in private.members or any(
        all(chat.status(user_id) in PRESENT for user_id in both) for chat in world.chats.values()
    )


def found_user(world: "LocalTelegram", user_id: int) -> "Person":
    """Return the person or bot of that id."""
    if user := world.people.get(user_id):
        return user
    raise bad_request("user not found")


def writable_chat(world: "LocalTelegram", given: Parameters) -> Chat:
    """Return the chat a call wants to write in, or refuse as Telegram does."""
    chat = find_chat(world, given)
    check_presence(world, chat)
    bot = world.bot.id
    if chat.kind is Kind.CHANNEL and (chat.status(bot) not in IN_CHARGE or bot in chat.cannot_post):
        raise bad_request("need administrator rights in the channel chat")
    if not chat.bot_may_write or chat.status(bot) is Status.RESTRICTED:
        raise bad_request("not enough rights to send text messages to the chat")
    _check_slow_mode(world, chat)
    return chat


def _check_slow_mode(world: "LocalTelegram", chat: Chat) -> None:
    """Refuse a message that comes too soon after the one before, of a bot that is no administrator."""
    if not chat.slow_mode or chat.status(world.bot.id) in IN_CHARGE:
        return
    last = next((message.raw["date"] for message in reversed(chat.messages) if message.is_by_bot), None)
    left = 0 if last is None else chat.slow_mode - (world.now() - last)
    if left > 0:
        raise RefusedError(429, f"Too Many Requests: retry after {left}", retry_after=left)


def check_presence(world: "LocalTelegram", chat: Chat) -> None:
    """Refuse a call about a chat the bot is not in."""
    if chat.moved_to:
        raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to.id)
    status = chat.status(world.bot.id)
    if status in PRESENT:
        return
    if chat.kind is Kind.PRIVATE:
        is_blocked = status is Status.KICKED
        raise forbidden("bot was blocked by the user" if is_blocked else "bot can't initiate conversation with a user")
    happened = "was kicked from" if status is Status.KICKED else "is not a member of"
    raise forbidden(f"bot {happened} the {chat.kind} chat")


def thread_of(world: "LocalTelegram", chat: Chat, given: Parameters) -> int:
    """Return the topic a call writes in, 0 for none; General has no number here."""
    thread = given.number("message_thread_id")
    if thread == 0 or not (chat.is_forum or chat.kind is Kind.PRIVATE):
        return 0
    topic = chat.topics.get(thread)
    if thread == GENERAL or topic is None:
        raise bad_request("message thread not found")
    if topic.is_closed and chat.status(world.bot.id) not in IN_CHARGE:
        raise bad_request("TOPIC_CLOSED")
    return thread


def replied(chat: Chat, given: Parameters) -> Message | None:
    """Return the message a call answers, None when it answers none or may do without."""
    wanted = given.parsed("reply_parameters") or {}
    if not wanted.get("message_id"):
        return None
    message = chat.find(int(wanted["message_id"]))
    if message is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    if message and wanted.get("quote") and wanted["quote"] not in message.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return message


def own_message(world: "LocalTelegram", given: Parameters) -> Message:
    """Return the message a call wants to edit; one in a chat the bot is not in goes by its inline_message_id."""
    if name := given.text("inline_message_id"):
        if name not in world.elsewhere.messages:
            raise bad_request("MESSAGE_ID_INVALID")
        return world.elsewhere.messages[name]
    chat = find_chat(world, given)
    check_presence(world, chat)
    message = chat.find(given.number("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.is_by_bot:
        raise bad_request("message can't be edited")
    return message
