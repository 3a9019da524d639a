"""What happened, kept in a database: last known numbers, the history of statistics, digests, versions of files."""

from bot.store.store import KnownNumber, Store, known_in, open_store
from bot.store.versions import Versions

__all__ = ["KnownNumber", "Store", "Versions", "known_in", "open_store"]
