"""What a message asks in a chat with these manners: pure decisions, nothing is looked up and nothing said."""

from dataclasses import dataclass

from telegram import Bot, Message
from telegram.constants import ChatType

from bot.faces.telegram.intake import heard, is_machine, place_of, thread_of
from bot.model.manners import GENERAL, Manners, Mode
from bot.model.question import Place
from bot.text import clean, words

GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
LONGEST_OVERHEARD = 300  # characters; a story that ends in a question mark is no question to us

# A reply that holds no other words wants somebody else's message looked at: "is this true", "can you check that pls".
_POINTING = frozenset(
    words(
        "hey hi ok so and please pls bot well then though actually really even just now is isnt was are be this that "
        "it he she they these those true right correct real legit accurate a the fact facts wrong false fake or not "
        "factcheck check verify confirm answer explain settle can could you u me us what about of do does think say "
        "thoughts any opinion to on him her them for here tell"
    )
)
_STARTS = frozenset(
    words("who what whats why how when where which is are was were does do did can could will would should has have")
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What is to be answered: the text, where it was said, and the message that the answer is a reply to."""

    text: str
    place: Place
    near: Message


def is_group(message: Message) -> bool:
    """Tell whether a message stands in a group of either kind."""
    return message.chat.type in GROUPS


def topic_of(message: Message) -> int:
    """Return the number of the topic a message stands in; General is all there is outside of forums."""
    return thread_of(message) or GENERAL


def hear(message: Message, bot: Bot, manners: Manners, mode: Mode) -> Heard | None:
    """Return what a text that is no command asks of the bot; None where it asks nothing."""
    text = heard(message, bot)
    if not is_group(message):
        return None if text is None else Heard(text, place_of(message), message)
    if not manners.speaks_in(topic_of(message)) or mode is Mode.COMMANDS:
        return None
    if text is not None:
        return _pointed(message, text, bot) or Heard(text, Place.GROUP_ADDRESSED, message)
    if mode is Mode.LISTENING and is_overheard(message):
        return Heard(message.text or "", Place.OVERHEARD, message)
    return None


def is_overheard(message: Message) -> bool:
    """Tell whether a message that is not for the bot is a question to everybody."""
    text = message.text or ""
    replied = message.reply_to_message
    if is_machine(message) or message.forward_origin or (replied and not replied.forum_topic_created):
        return False
    said = words(clean(text))
    return len(said) > 1 and len(text) <= LONGEST_OVERHEARD and ("?" in text or said[0] in _STARTS)


def _pointed(message: Message, text: str, bot: Bot) -> Heard | None:
    claim = pointed_at(message, text, bot)
    return Heard(said_in(claim), Place.GROUP_ADDRESSED, claim) if claim else None


def pointed_at(message: Message, text: str, bot: Bot) -> Message | None:
    """Return the message of somebody else, where the bot is asked about nothing but that."""
    claim = message.reply_to_message
    if claim is None or claim.forum_topic_created or (claim.from_user and claim.from_user.id == bot.id):
        return None
    return claim if said_in(claim) and _POINTING.issuperset(words(clean(text))) else None


def said_in(message: Message) -> str:
    """Return what a message says."""
    return message.text or message.caption or ""
