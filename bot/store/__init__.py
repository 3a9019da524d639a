"""What happened, kept in a database: numbers and their history, digests, questions and votes, versions of files."""

from bot.store.records import Records
from bot.store.store import KnownNumber, Store, known_in, open_store
from bot.store.versions import Versions

__all__ = ["KnownNumber", "Records", "Store", "Versions", "known_in", "open_store"]
