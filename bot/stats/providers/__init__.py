"""The providers of live numbers: where they are, which endpoints they have, and who is asked first for what."""

from bot.stats.providers.registry import DEFAULT_PROVIDERS, ROUTES

__all__ = ["DEFAULT_PROVIDERS", "ROUTES"]
