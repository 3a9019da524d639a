"""What happened, kept in a database: numbers, updates, questions and votes, settings of chats, versions of files."""

from bot.store.alerts import Alerts
from bot.store.allowance import Allowance
from bot.store.chats import Chats
from bot.store.crew import Crew, Duty, Room, Solo
from bot.store.drafts import Drafts
from bot.store.inbox import Inbox
from bot.store.lasting import open_lasting
from bot.store.lock import alone, holder
from bot.store.records import Records
from bot.store.schedules import Schedules
from bot.store.store import KnownNumber, Store, known_in, open_store
from bot.store.versions import Versions

__all__ = [
    "Alerts",
    "Allowance",
    "Chats",
    "Crew",
    "Drafts",
    "Duty",
    "Inbox",
    "KnownNumber",
    "Records",
    "Room",
    "Schedules",
    "Solo",
    "Store",
    "Versions",
    "alone",
    "holder",
    "known_in",
    "open_lasting",
    "open_store",
]
