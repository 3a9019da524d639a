"""Live numbers of both chains: which statistics there are, and the desk that looks them up."""

from bot.stats.catalog import CATALOG
from bot.stats.desk import Desk, open_desk
from bot.stats.providers import DEFAULT_PROVIDERS
from bot.stats.settings import ProviderSettings

STATS = {key: statistic.stat for key, statistic in CATALOG.items()}

__all__ = ["DEFAULT_PROVIDERS", "STATS", "Desk", "ProviderSettings", "open_desk"]
