"""What happened, kept in a database: numbers and their history, updates, questions and votes, versions."""

from bot.store.inbox import Inbox
from bot.store.lasting import open_lasting
from bot.store.lock import alone, holder
from bot.store.records import Records
from bot.store.store import KnownNumber, Store, known_in, open_store
from bot.store.versions import Versions

__all__ = [
    "Inbox",
    "KnownNumber",
    "Records",
    "Store",
    "Versions",
    "alone",
    "holder",
    "known_in",
    "open_lasting",
    "open_store",
]
