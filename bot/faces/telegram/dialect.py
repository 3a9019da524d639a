"""What the Bot API server in use does not understand, learned from its refusals; everything is understood at first."""

from dataclasses import dataclass
from re import compile as pattern

import structlog
from telegram.error import BadRequest, TelegramError

TIME = "tg-time"
UNSUPPORTED = f'unsupported start tag "{TIME}"'

_TAG = pattern(rf"</?{TIME}[^>]*>")
_log = structlog.get_logger()


@dataclass(slots=True)
class Dialect:
    """`has_times` says whether moments can be shown in a reader's own time; older servers know no such tag."""

    has_times: bool = True

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
