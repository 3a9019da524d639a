"""How a source of live numbers is doing, for those who run the bot."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source.

    `answered_at` and `failed_at` are when it last did, `rests_until` how long it is left alone after failing;
    `left` of `per_minute` requests may still be made this minute.
    """

    name: str
    answered_at: datetime | None
    failed_at: datetime | None
    last_error: str
    rests_until: datetime | None
    left: int
    per_minute: int
