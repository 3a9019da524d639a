"""What happened, kept in a database: numbers and their history, updates, questions and votes, versions."""

from bot.store.allowance import Allowance
from bot.store.crew import Crew, Duty, Room, Solo
from bot.store.inbox import Inbox
from bot.store.records import Records
from bot.store.store import KnownNumber, Store, known_in, open_store
from bot.store.versions import Versions

__all__ = [
    "Allowance",
    "Crew",
    "Duty",
    "Inbox",
    "KnownNumber",
    "Records",
    "Room",
    "Solo",
    "Store",
    "Versions",
    "known_in",
    "open_store",
]
