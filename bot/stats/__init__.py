"""Live numbers of both chains: which statistics there are, and the desk that looks them up."""

from bot.stats.catalog import CATALOG
from bot.stats.desk import Desk, Patience, open_desk
from bot.stats.providers import DEFAULT_PROVIDERS, ProviderSettings

STATS = {key: statistic.stat for key, statistic in CATALOG.items()}

__all__ = ["DEFAULT_PROVIDERS", "STATS", "Desk", "Patience", "ProviderSettings", "open_desk"]
