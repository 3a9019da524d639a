"""The only room in the corridor that writes: edits of the knowledge files, approved, kept, undone."""

from bot.press.ledger import Ledger
from bot.press.outcome import (
    AlreadyApplied,
    Applied,
    Conflict,
    Declined,
    Expired,
    Gone,
    Outcome,
    Proposal,
    Rejected,
)
from bot.press.press import Press
from bot.press.shelf import Shelf

__all__ = [
    "AlreadyApplied",
    "Applied",
    "Conflict",
    "Declined",
    "Expired",
    "Gone",
    "Ledger",
    "Outcome",
    "Press",
    "Proposal",
    "Rejected",
    "Shelf",
]
