"""Asks each provider once, to see whether it can be used from here."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import SourceError
from bot.model.clock import Clock
from bot.stats.endpoint import Endpoint, Origin
from bot.stats.providers import ROUTES
from bot.stats.settings import ProviderSettings
from bot.stats.source import Source


@dataclass(frozen=True, slots=True)
class Probed:
    """A provider, by its name in the settings, and why it cannot be used; empty where it can."""

    provider: str
    problem: str = ""


async def probe(providers: Mapping[str, ProviderSettings], clock: Clock) -> tuple[Probed, ...]:
    """Ask every provider that is enabled one thing, all at the same time."""
    asked = _cheapest()
    enabled = {name: one for name, one in providers.items() if one.enabled and name in asked}
    return tuple(await asyncio.gather(*(_probed(name, one, asked[name], clock) for name, one in enabled.items())))


async def _probed(name: str, settings: ProviderSettings, origin: Origin, clock: Clock) -> Probed:
    source = Source(name, settings, clock)
    try:
        await source.answer(origin)
    except SourceError as error:
        return Probed(name, str(error))
    finally:
        await source.aclose()
    return Probed(name)


def _cheapest() -> dict[str, Origin]:
    """Return one origin of each provider: a single page where it has one."""
    found: dict[str, Origin] = {}
    for route in ROUTES.values():
        for origin in route:
            if origin.provider not in found or not isinstance(found[origin.provider], Endpoint):
                found[origin.provider] = origin
    return found
