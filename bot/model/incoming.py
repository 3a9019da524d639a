"""What arrives from Telegram, before anybody reads it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update as it came: `lane` names what stays in order (a chat, a person, or 0), `body` is JSON in UTF-8."""

    update_id: int
    lane: int
    body: bytes = field(repr=False)
    received_at: datetime
