"""How often Telegram asks to wait: whether it means a chat or the whole bot, and how much of it is logged."""

from collections import deque
from dataclasses import dataclass, field

import structlog

STRAINED_BY = 10  # floods among the last 20 calls: Telegram means the bot and not a chat
STRAINED_FOR = 60.0  # seconds
TELL_EVERY = 60.0  # seconds: when everything is flooded, there are a thousand floods a minute

_log = structlog.get_logger()


@dataclass(slots=True)
class Strain:
    """Counts; times are seconds of a clock that never jumps."""

    until: float = 0.0  # the whole bot is strained
    _calls: deque[bool] = field(default_factory=lambda: deque(maxlen=2 * STRAINED_BY))
    _untold: int = 0
    _tell_from: float = 0.0

    def passed(self) -> None:
        """Note a call that was no flood."""
        self._calls.append(False)

    def flooded(self, seconds: float, now: float) -> None:
        """Note a flood, and log it: the first one, and from then on how many there were, once a minute."""
        self._calls.append(True)
        if sum(self._calls) >= STRAINED_BY:
            self.until = now + STRAINED_FOR
        self._untold += 1
        if now >= self._tell_from:
            _log.info("telegram.flood", seconds=seconds, floods=self._untold)
            self._untold, self._tell_from = 0, now + TELL_EVERY
