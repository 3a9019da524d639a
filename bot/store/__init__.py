"""What happened, kept in a database: numbers, digests, questions and votes, settings of chats, versions of files."""

from bot.store.chats import Chats
from bot.store.records import Records
from bot.store.store import KnownNumber, Store, known_in, open_store
from bot.store.versions import Versions

__all__ = ["Chats", "KnownNumber", "Records", "Store", "Versions", "known_in", "open_store"]
