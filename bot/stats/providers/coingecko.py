"""CoinGecko's `/simple/price`, both coins in one call.

Source: docs.coingecko.com. The moment shown is `last_updated_at`, never that of the call.
"""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from bot.model.quote import Coin
from bot.stats.endpoint import Body, Endpoint, Positive, Seconds, moment, read
from bot.stats.metric import Metric, Readings


class Price(Body):
    """One coin; money is in USD, the change in percent."""

    usd: Positive
    usd_market_cap: Positive
    usd_24h_change: float
    last_updated_at: Seconds


class Prices(Body):
    """The answer; a coin that is missing is simply not read."""

    bitcoin: Price | None = None
    bitcoin_cash: Annotated[Price | None, Field(alias="bitcoin-cash")] = None


def _parse(body: bytes, at: datetime) -> Readings:
    prices = Prices.model_validate_json(body)
    return {
        need: reading
        for coin, price in ((Coin.BTC, prices.bitcoin), (Coin.BCH, prices.bitcoin_cash))
        if price
        for need, reading in read(coin, moment(price.last_updated_at), _values(price)).items()
    }


def _values(price: Price) -> dict[Metric, float]:
    return {
        Metric.PRICE: price.usd,
        Metric.MARKET_CAP: price.usd_market_cap,
        Metric.CHANGE_24H: price.usd_24h_change,
    }


SIMPLE_PRICE = Endpoint(
    "coingecko",
    "CoinGecko",
    "/simple/price?ids=bitcoin,bitcoin-cash&vs_currencies=usd"
    "&include_market_cap=true&include_24hr_change=true&include_last_updated_at=true",
    _parse,
)
