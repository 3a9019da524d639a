"""Prices of the past, for charts: CoinGecko's `/coins/{id}/market_chart`.

Source: docs.coingecko.com. Times are in milliseconds; up to 90 days come hourly or finer, more come daily; without a
key a year is the most.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.model.quote import Coin
from bot.model.series import Point
from bot.stats.endpoint import Body, Get, Plan, Positive, moment
from bot.stats.metric import Metric, is_plausible

SOURCE = "CoinGecko"
NAMES = {Coin.BTC: "bitcoin", Coin.BCH: "bitcoin-cash"}
LONGEST = timedelta(days=365)
Milliseconds = Annotated[int, Field(gt=10**12, lt=10**14)]


class MarketChart(Body):
    """The answer: pairs of a time and the price in USD."""

    prices: list[tuple[Milliseconds, Positive]]


@dataclass(frozen=True, slots=True)
class PastPrices:
    """The prices of one coin over a span of days, oldest first."""

    coin: Coin
    days: int

    @property
    def provider(self) -> str:
        """CoinGecko."""
        return "coingecko"

    def plan(self) -> Plan[tuple[Point, ...]]:
        """Get the chart's points; those that are nonsense are left out."""
        heard = yield Get(f"/coins/{NAMES[self.coin]}/market_chart?vs_currency=usd&days={self.days}")
        chart = MarketChart.model_validate_json(heard.body)
        found = (Point(moment(at / 1000), price) for at, price in chart.prices if is_plausible(Metric.PRICE, price))
        return tuple(sorted(found, key=lambda point: point.at))
