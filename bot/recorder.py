"""Keeps the numbers: looks statistics up now and then, and writes down what they were."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.errors import StoreError
from bot.model.quote import Quote
from bot.stats import STATS, Desk
from bot.stats.metric import Metric, Need
from bot.store import KnownNumber, Store

EVERY = timedelta(minutes=10)
RECORDED = tuple(key for key, stat in STATS.items() if stat.names)  # what there are charts of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes what the desk says into the store."""

    desk: Desk
    store: Store

    async def run(self) -> None:
        """Record for ever; a database that fails is logged and tried again the next time."""
        while True:
            try:
                await self.once()
            except StoreError as error:
                log.warning("history.not_recorded", error=type(error.__cause__ or error).__name__)
            await asyncio.sleep(EVERY.total_seconds())

    async def once(self) -> None:
        """Record what can be charted, remember every metric's last number, and roll up."""
        await self.store.record(await self.desk.snapshots(RECORDED))
        await self.store.remember(known_numbers(self.desk.known))
        await self.store.roll_up()


def known_numbers(known: Mapping[Need, Quote]) -> list[KnownNumber]:
    """Return the desk's last numbers as the store keeps them."""
    return [KnownNumber(metric.value, coin, quote) for (metric, coin), quote in known.items()]


def known_needs(numbers: Sequence[KnownNumber]) -> dict[Need, Quote]:
    """Return what the store kept as the desk knows it; metrics of other versions are left out."""
    metrics = {metric.value for metric in Metric}
    return {(Metric(one.metric), one.coin): one.quote for one in numbers if one.metric in metrics}
