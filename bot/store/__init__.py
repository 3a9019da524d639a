"""What happened, kept in a database: last known numbers and the history of statistics."""

from bot.store.store import KnownNumber, Store, known_in, open_store

__all__ = ["KnownNumber", "Store", "known_in", "open_store"]
