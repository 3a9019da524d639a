"""What the bot is in a chat, and what keeps it from speaking there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.manners import Written


class Role(StrEnum):
    """What the bot is in a chat; `UNKNOWN` where Telegram has not said yet."""

    UNKNOWN = ""
    MEMBER = "member"
    ADMIN = "admin"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


GONE = frozenset({Role.LEFT, Role.KICKED})


class Trouble(StrEnum):
    """What kept the bot from speaking, as owners read it."""

    NONE = ""
    KICKED = "removed or blocked"
    SILENCED = "no right to write"
    NO_MEDIA = "no right to send pictures"
    TOPIC_CLOSED = "the topic is closed"
    SLOW_MODE = "slow mode"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of a chat.

    `settings` are those that were set there, `previous` those before the last change, None where there is nothing to
    take back; `at` is when the role or the trouble last changed.
    """

    chat: int
    settings: Mapping[str, Written]
    previous: Mapping[str, Written] | None
    role: Role
    trouble: Trouble
    at: datetime

    @property
    def is_gone(self) -> bool:
        """Whether the bot is not there any more."""
        return self.role in GONE
