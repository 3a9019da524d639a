"""What happened, kept in a database: last known numbers, the history of statistics, digests, questions and votes."""

from bot.store.records import Records
from bot.store.store import KnownNumber, Store, known_in, open_store

__all__ = ["KnownNumber", "Records", "Store", "known_in", "open_store"]
