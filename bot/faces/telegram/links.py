"""Deep links into a private chat: how what stands behind `?start=` is written and read; and links to messages.

Telegram takes letters, digits, `_` and `-`, at most 64 of them. An id of an entry has at most 32 signs, all lower case,
so capitals are free: `D` stands for a dot, `V` parts the id from the fingerprint of what was shared.
"""

from dataclasses import dataclass
from re import ASCII
from re import compile as pattern
from urllib.parse import quote

from telegram import Bot, Message
from telegram.constants import ChatType

from bot.faces.telegram.intake import thread_of

DOT, PRINT = "D", "V"
ANSWER = "a_"
SHIFT = -1_000_000_000_000  # supergroups are numbered downwards from here

_ANSWER = pattern(rf"([a-z0-9_{DOT}-]{{1,32}})(?:{PRINT}([0-9a-f]{{6}}))?", ASCII)
_SETTINGS = pattern(r"g_(-?\d{1,16})(?:_(\d{1,10}))?", ASCII)


@dataclass(frozen=True, slots=True)
class Shared:
    """An answer that was shared: its entry, and the fingerprint of its text then, if that is known."""

    entry: str
    print: str = ""

    def is_changed(self, now: str) -> bool:
        """Tell whether the text is known to have been another one."""
        return bool(self.print) and self.print != now


def write_answer(entry: str, print_: str = "") -> str:
    """Return the start parameter of an answer, which is the id of its inline result as well."""
    return f"{ANSWER}{entry.replace('.', DOT)}{PRINT + print_ if print_ else ''}"


def read_answer(parameter: str) -> Shared | None:
    """Return what a start parameter leads to; None if it is no answer's."""
    found = _ANSWER.fullmatch(parameter.removeprefix(ANSWER)) if parameter.startswith(ANSWER) else None
    return Shared(found[1].replace(DOT, "."), found[2] or "") if found else None


@dataclass(frozen=True, slots=True)
class SettingsOf:
    """Whose settings are meant: a chat, and the topic they were asked for in, or 0."""

    chat: int
    topic: int = 0


def write_chat(where: SettingsOf) -> str:
    """Return the start parameter of a chat's settings."""
    return f"g_{where.chat}_{where.topic}" if where.topic else f"g_{where.chat}"


def read_chat(parameter: str) -> SettingsOf | None:
    """Return whose settings a start parameter leads to; None if it leads elsewhere."""
    found = _SETTINGS.fullmatch(parameter)
    return SettingsOf(int(found[1]), int(found[2] or 0)) if found else None


def message_link(near: Message, number: int) -> str | None:
    """Return the address of a message in the chat and topic of another one; None where messages have none."""
    chat = near.chat
    if chat.type != ChatType.SUPERGROUP:
        return None
    thread = thread_of(near)
    place = chat.username or f"c/{SHIFT - chat.id}"
    return f"https://t.me/{place}/{thread}/{number}" if thread else f"https://t.me/{place}/{number}"


@dataclass(frozen=True, slots=True)
class Links:
    """How links to the bot are written; `is_inline` says whether answers can be taken into other chats inline."""

    username: str
    is_inline: bool

    @classmethod
    def of(cls, bot: Bot) -> "Links":
        """Return the links of a bot that knows itself."""
        return cls(bot.username, bot.supports_inline_queries)

    def start(self, parameter: str) -> str:
        """Return a link that opens the private chat with a start parameter."""
        return f"https://t.me/{self.username}?start={parameter}"

    def forward(self, entry: str) -> str:
        """Return a link that offers an answer's link for sending, where inline mode is not switched on."""
        return f"https://t.me/share/url?url={quote(self.start(write_answer(entry)), safe='')}"
