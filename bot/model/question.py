"""What was asked, where and by whom: the only thing a face hands to the pipeline."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Place(StrEnum):
    """Where a question was asked.

    A bare `GROUP` message was not addressed to the bot, and neither was one that it `OVERHEARD` where it may listen.
    `INLINE` is typed behind the bot's name in any chat, `GUEST` is a chat that called the bot without its being there.
    """

    PRIVATE = "private"
    GROUP = "group"
    GROUP_ADDRESSED = "group-addressed"
    OVERHEARD = "overheard"
    CHANNEL = "channel"
    INLINE = "inline"
    GUEST = "guest"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `earlier` holds the asker's previous turns, oldest first."""

    text: str
    asked_at: datetime
    place: Place = Place.PRIVATE
    earlier: tuple[str, ...] = ()
