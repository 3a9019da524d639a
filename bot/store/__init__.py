"""What happened, kept in a database: last known numbers, the history of statistics, digests."""

from bot.store.store import KnownNumber, Store, known_in, open_store

__all__ = ["KnownNumber", "Store", "known_in", "open_store"]
