"""What the Bot API server in use does not understand, learned from its refusals; everything is understood at first."""

from dataclasses import dataclass
from re import compile as pattern

import structlog
from telegram.error import BadRequest, EndPointNotFound, TelegramError

TIME = "tg-time"
UNSUPPORTED = f'unsupported start tag "{TIME}"'
UNKNOWN = ("no parameter", "not supported", "unsupported", "unknown parameter")

_TAG = pattern(rf"</?{TIME}[^>]*>")
_log = structlog.get_logger()


@dataclass(slots=True)
class Dialect:
    """`has_times` says whether moments can be shown in a reader's own time; older servers know no such tag.

    `has_rich` says whether there are rich messages, `has_whispers` whether messages that one person alone sees.
    """

    has_times: bool = True
    has_rich: bool = True
    has_whispers: bool = True

    def text(self, html: str) -> str:
        """Return HTML as the server takes it."""
        return html if self.has_times else _TAG.sub("", html)

    def learns(self, error: TelegramError) -> bool:
        """Tell whether a refusal taught something, so that the same message may be sent again in other words."""
        if not self.has_times or not isinstance(error, BadRequest) or UNSUPPORTED not in error.message.lower():
            return False
        self.has_times = False
        _log.warning("telegram.unsupported", tag=TIME)
        return True

    def misses(self, error: TelegramError, *, is_rich: bool = False, is_whisper: bool = False) -> None:
        """Learn from the refusal of a message that there are none of its kind, if it says so."""
        if not _is_unknown(error):
            return
        if is_whisper and (not is_rich or "ephemeral" in error.message.lower()):
            self.misses_whispers()
        elif is_rich and self.has_rich:
            self.has_rich = False
            _log.warning("telegram.unsupported", tag="rich_message")

    def misses_whispers(self) -> None:
        """Learn that everybody sees what is meant for one person alone."""
        if self.has_whispers:
            self.has_whispers = False
            _log.warning("telegram.unsupported", tag="ephemeral_message")


def _is_unknown(error: TelegramError) -> bool:
    if isinstance(error, EndPointNotFound):
        return True
    return isinstance(error, BadRequest) and any(words in error.message.lower() for words in UNKNOWN)
