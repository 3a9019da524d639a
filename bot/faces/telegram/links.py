"""Deep links into a private chat: how what stands behind `?start=` is written and read.

Telegram takes letters, digits, `_` and `-`, at most 64 of them. An id of an entry has at most 32 signs, all lower case,
so capitals are free: `D` stands for a dot, `V` parts the id from the fingerprint of what was shared.
"""

from dataclasses import dataclass
from re import ASCII
from re import compile as pattern
from urllib.parse import quote

from telegram import Bot

DOT, PRINT = "D", "V"
ANSWER = "a_"

_ANSWER = pattern(rf"([a-z0-9_{DOT}-]{{1,32}})(?:{PRINT}([0-9a-f]{{6}}))?", ASCII)


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
