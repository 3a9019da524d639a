"""Links into the private chat, and to messages: what `?start=…` holds, and back."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from re import ASCII
from re import compile as pattern

from telegram import Message
from telegram.constants import ChatType

from bot.faces.telegram.intake import thread_of

SHIFT = -1_000_000_000_000  # supergroups are numbered downwards from here

_SAFE = pattern(r"[A-Za-z0-9_-]{1,62}", ASCII)
_CHAT = pattern(r"g_(-?\d{1,16})(?:_(\d{1,10}))?", ASCII)


@dataclass(frozen=True, slots=True)
class ToEntry:
    """Leads to the answer of an entry."""

    entry: str


@dataclass(frozen=True, slots=True)
class ToSettings:
    """Leads to the settings of a chat; `topic` is where they were asked for, or 0."""

    chat: int
    topic: int = 0


Link = ToEntry | ToSettings


def start_link(username: str, link: Link) -> str:
    """Return the address that opens the private chat; Telegram takes 64 letters, digits, `_` and `-` behind it."""
    return f"https://t.me/{username}?start={_parameter(link)}"


def _parameter(link: Link) -> str:
    match link:
        case ToEntry(entry=entry) if _SAFE.fullmatch(entry):
            return f"a_{entry}"
        case ToEntry(entry=entry):
            return f"b_{urlsafe_b64encode(entry.encode()).decode().rstrip('=')}"
        case ToSettings(chat=chat, topic=topic):
            return f"g_{chat}_{topic}" if topic else f"g_{chat}"


def read_link(parameter: str) -> Link | None:
    """Return what stands behind `/start`; None if it is nothing of ours."""
    if found := _CHAT.fullmatch(parameter):
        return ToSettings(int(found[1]), int(found[2] or 0))
    kind, entry = parameter[:2], parameter[2:]
    if not _SAFE.fullmatch(entry):
        return None
    if kind == "a_":
        return ToEntry(entry)
    try:
        return ToEntry(urlsafe_b64decode(entry + "=" * (-len(entry) % 4)).decode()) if kind == "b_" else None
    except (Error, UnicodeDecodeError):
        return None


def message_link(near: Message, number: int) -> str | None:
    """Return the address of a message in the chat and topic of another one; None where messages have none."""
    chat = near.chat
    if chat.type != ChatType.SUPERGROUP:
        return None
    thread = thread_of(near)
    place = chat.username or f"c/{SHIFT - chat.id}"
    return f"https://t.me/{place}/{thread}/{number}" if thread else f"https://t.me/{place}/{number}"
