"""Messages that one member of a group and the bot alone see: commands, answers, edits.

They have the number 0 and a number of their own kind; what somebody sent can be answered for some seconds.
"""

from typing import TYPE_CHECKING, Any

from bot.faces.simulator.access import check_presence, find_chat
from bot.faces.simulator.chat import PRESENT, Chat, Kind
from bot.faces.simulator.entities import JSON
from bot.faces.simulator.message import Message
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import bad_request

if TYPE_CHECKING:
    from bot.faces.simulator.people import Person
    from bot.faces.simulator.world import LocalTelegram

NAME = "ephemeral_message_parameters"
WINDOW = 15  # seconds
GROUPS = frozenset({Kind.GROUP, Kind.SUPERGROUP})


def receiver(world: "LocalTelegram", chat: Chat, given: Parameters) -> "Person | None":
    """Return who alone shall see a message; None where everybody may."""
    wanted = given.parsed(NAME)
    answered = (given.parsed("reply_parameters") or {}).get("ephemeral_message_id")
    if wanted is None:
        if answered is not None:
            raise bad_request("reply to an ephemeral message must be an ephemeral message")
        return None
    person = world.people.get(wanted.get("receiver_user_id", 0))
    if chat.kind not in GROUPS or person is None or chat.status(person.id) not in PRESENT:
        raise bad_request("ephemeral message can't be sent to the user")
    if answered is not None:
        _check_window(world, chat, answered)
    return person


def _check_window(world: "LocalTelegram", chat: Chat, number: int) -> None:
    heard = next((one for one in chat.whispers if number_of(one) == number and not one.is_by_bot), None)
    if heard is None:
        raise bad_request("message to be replied not found")
    if world.now() - heard.raw["date"] >= WINDOW:
        raise bad_request("EPHEMERAL_MESSAGE_REPLY_TIMEOUT")


def number_of(message: Message) -> int:
    """Return the number of a message that one person alone sees, 0 of all others."""
    return int(message.raw.get("ephemeral_message_id", 0))


def whisper(chat: Chat, sender: JSON, content: JSON) -> Message:
    """Put a message into a chat that one member and the bot alone see."""
    number = {"message_id": 0, "ephemeral_message_id": len(chat.whispers) + 1}
    message = Message(chat, {**number, **sender, "chat": chat.raw, "date": chat.world.now(), **content})
    chat.whispers.append(message)
    chat.world.changes.happened()
    return message


def own_whisper(world: "LocalTelegram", given: Parameters) -> Message:
    """Return the message a call means that one person alone sees."""
    chat = find_chat(world, given)
    check_presence(world, chat)
    for message in chat.whispers:
        to = message.raw.get("receiver_user", {}).get("id")
        is_it = number_of(message) == given.number("ephemeral_message_id") and to == given.number("receiver_user_id")
        if is_it and message.is_by_bot and not message.deleted:
            return message
    raise bad_request("message to edit not found")


def delete_ephemeral_message(world: "LocalTelegram", given: Parameters) -> object:
    """Carry out deleteEphemeralMessage."""
    own_whisper(world, given).deleted = True
    world.changes.happened()
    return True


def addressed(person: "Person | None") -> Any:
    """Return the fields that say who alone sees a message."""
    return {"receiver_user": person.raw} if person else {}
