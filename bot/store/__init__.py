"""What happened, kept in a database: numbers and their history, updates, questions and votes, versions."""

from bot.store.alerts import Alerts
from bot.store.inbox import Inbox
from bot.store.records import Records
from bot.store.store import KnownNumber, Store, known_in, open_store
from bot.store.versions import Versions

__all__ = ["Alerts", "Inbox", "KnownNumber", "Records", "Store", "Versions", "known_in", "open_store"]
