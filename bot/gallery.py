"""Pictures: charts of what was recorded, and the comparison card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import PictureError
from bot.model.chart import ChartRequest, NoSuchChart
from bot.model.clock import Clock
from bot.model.quote import Coin, Snapshot, Stat
from bot.model.record import Day
from bot.model.reply import LiveTable, Reply
from bot.model.series import Point, Series
from bot.reply.charts import card_reply, chart_reply, no_chart, unknown_chart
from bot.stats import STATS, Desk

PRICE = "price"  # the statistic whose past can be had from a source
PAST_SOURCE = "CoinGecko"
ON_CARD = ("price", "market-cap", "fee", "payment-cost", "hashrate")
CHARTS: Mapping[str, str] = {name: stat.key for stat in STATS.values() for name in stat.names}


class History(Protocol):
    """Where statistics were recorded."""

    async def series(self, stat: Stat, span: timedelta) -> Series:
        """Return what is recorded of a statistic."""


class Painter(Protocol):
    """Who draws; raises `PictureError` with a reason where it cannot."""

    async def chart(self, series: Series) -> bytes:
        """Return a chart as PNG."""

    async def card(self, snapshots: Sequence[Snapshot], at: datetime) -> bytes:
        """Return a comparison card as PNG."""

    async def days(self, counted: Sequence[Day]) -> bytes:
        """Return a chart of questions a day as PNG."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """Makes pictures of the desk's numbers and of the history."""

    desk: Desk
    clock: Clock
    painter: Painter
    history: History

    async def chart(self, asked: ChartRequest | NoSuchChart) -> Reply:
        """Return a chart as a picture, or a sentence why there is none."""
        if isinstance(asked, NoSuchChart):
            return unknown_chart(asked, STATS.values())
        series = await self.history.series(STATS[asked.stat], asked.span)
        if asked.stat == PRICE:
            series = filled(series, await self.desk.past_prices(asked.span))
        try:
            return chart_reply(series, await self.painter.chart(series))
        except PictureError as error:
            return no_chart(series, str(error))

    async def card(self) -> Reply:
        """Return the numbers that matter as a picture; where it cannot be drawn, as a table."""
        at, snapshots = self.clock(), await self.desk.snapshots(ON_CARD)
        try:
            return card_reply(snapshots, at, await self.painter.card(snapshots, at))
        except PictureError:
            return Reply((LiveTable(snapshots, at),))


@dataclass(frozen=True, slots=True)
class NoHistory:
    """Where nothing is recorded."""

    clock: Clock

    async def series(self, stat: Stat, span: timedelta) -> Series:
        """Return an empty series."""
        return Series(stat, dict.fromkeys(Coin, ()), (), None, self.clock(), span)


def filled(series: Series, past: Mapping[Coin, tuple[Point, ...]]) -> Series:
    """Return a series that begins with points of the past, up to where its own begin."""
    start = series.at - series.span
    sides = {}
    for coin, own in series.sides.items():
        end = own[0].at if own else series.at
        sides[coin] = (*(point for point in past[coin] if start <= point.at < end), *own)
    if sides == series.sides:
        return series
    return replace(series, sides=sides, sources=tuple(dict.fromkeys((*series.sources, PAST_SOURCE))))
