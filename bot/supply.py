"""Opens the desk of live numbers, with what was last known."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

from bot.config import Settings
from bot.errors import StoreError
from bot.model.clock import Clock, utc_now
from bot.model.quote import Quote
from bot.recorder import known_needs
from bot.stats import Desk, open_desk
from bot.stats.metric import Need
from bot.store import known_in

log = structlog.get_logger()


@asynccontextmanager
async def open_numbers(
    settings: Settings, *, offline: bool = False, clock: Clock = utc_now, known: Mapping[Need, Quote] | None = None
) -> AsyncIterator[Desk]:
    """Give a desk of live numbers, and close its connections afterwards; it knows what `run` last knew here."""
    if known is None:
        known = await _remembered(settings)
    desk = open_desk(settings.providers, clock, offline=offline, known=known)
    try:
        yield desk
    finally:
        await desk.aclose()


async def _remembered(settings: Settings) -> Mapping[Need, Quote]:
    """Return the numbers that were last known; a database that cannot be read is logged, and nothing is known."""
    try:
        return known_needs(await known_in(settings.database.url))
    except StoreError as error:
        log.warning("store.not_read", reason=str(error))
        return {}
