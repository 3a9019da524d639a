"""Live numbers of both chains: which statistics there are, and the desk that looks them up."""

from bot.stats.catalog import CATALOG
from bot.stats.desk import Desk, open_desk
from bot.stats.local import LOCAL_PRICES
from bot.stats.providers import DEFAULT_PROVIDERS
from bot.stats.settings import ProviderSettings

STATS = {key: statistic.stat for key, statistic in CATALOG.items()}
PRICES_IN = {fiat: statistic.stat.key for fiat, statistic in LOCAL_PRICES.items()}

__all__ = ["DEFAULT_PROVIDERS", "PRICES_IN", "STATS", "Desk", "ProviderSettings", "open_desk"]
