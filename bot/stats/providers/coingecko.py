"""CoinGecko: both coins' prices in one call, the week's change, the whole market, and other currencies.

Source: docs.coingecko.com. The moment shown is the answer's own, never that of the call; `/exchange_rates` has none,
and counts every currency per BTC, so what a dollar is worth in it is a quotient. BCH is usually not among the shares
of `/global`, so only the whole is read there.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.model.quote import Coin
from bot.stats.endpoint import Body, Endpoint, IsoMoment, Parse, Positive, Seconds, moment, read, read_for_all
from bot.stats.metric import CURRENCIES, Metric, Readings

IDS: Mapping[str, Coin] = {"bitcoin": Coin.BTC, "bitcoin-cash": Coin.BCH}


class Price(Body):
    """One coin; money is in USD, the change in percent."""

    usd: Positive
    usd_market_cap: Positive
    usd_24h_change: float
    last_updated_at: Seconds


class Prices(Body):
    """`/simple/price`; a coin that is missing is simply not read."""

    bitcoin: Price | None = None
    bitcoin_cash: Annotated[Price | None, Field(alias="bitcoin-cash")] = None


class Market(Body):
    """One coin of `/coins/markets`; the change over seven days is in percent."""

    id: str
    last_updated: IsoMoment
    current_price: Positive  # not used, but an answer with a wrong one is wrong as a whole
    change_7d: Annotated[float, Field(alias="price_change_percentage_7d_in_currency")]


class Caps(Body):
    """What all coins together are worth."""

    usd: Positive


class Whole(Body):
    """The `data` part of `/global`."""

    total_market_cap: Caps
    updated_at: Seconds


class Global(Body):
    """`/global`."""

    data: Whole


class Rate(Body):
    """A currency of `/exchange_rates`, in its units per BTC."""

    value: Positive
    type: str


class Rates(Body):
    """`/exchange_rates`."""

    rates: dict[str, Rate]


Markets = TypeAdapter(list[Market])


def _prices(body: bytes, at: datetime) -> Readings:
    prices = Prices.model_validate_json(body)
    return {
        need: reading
        for coin, price in ((Coin.BTC, prices.bitcoin), (Coin.BCH, prices.bitcoin_cash))
        if price
        for need, reading in read(coin, moment(price.last_updated_at), _values(price)).items()
    }


def _values(price: Price) -> dict[Metric, float | None]:
    return {
        Metric.PRICE: price.usd,
        Metric.MARKET_CAP: price.usd_market_cap,
        Metric.CHANGE_24H: price.usd_24h_change,
    }


def _markets(body: bytes, at: datetime) -> Readings:
    return {
        need: reading
        for market in Markets.validate_json(body)
        if market.id in IDS
        for need, reading in read(IDS[market.id], market.last_updated, {Metric.CHANGE_7D: market.change_7d}).items()
    }


def _whole(body: bytes, at: datetime) -> Readings:
    whole = Global.model_validate_json(body).data
    return read_for_all(moment(whole.updated_at), {Metric.ALL_MARKET_CAP: whole.total_market_cap.usd})


def _currencies(body: bytes, at: datetime) -> Readings:
    rates = {name: rate for name, rate in Rates.model_validate_json(body).rates.items() if rate.type == "fiat"}
    dollar = rates.get("usd")
    found = {metric: rates.get(name.casefold()) for name, metric in CURRENCIES.items()}
    return read_for_all(at, {metric: rate.value / dollar.value for metric, rate in found.items() if rate and dollar})


def _endpoint(path: str, parse: Parse) -> Endpoint:
    return Endpoint("coingecko", "CoinGecko", path, parse)


SIMPLE_PRICE = _endpoint(
    "/simple/price?ids=bitcoin,bitcoin-cash&vs_currencies=usd"
    "&include_market_cap=true&include_24hr_change=true&include_last_updated_at=true",
    _prices,
)
MARKETS = _endpoint("/coins/markets?vs_currency=usd&ids=bitcoin,bitcoin-cash&price_change_percentage=7d", _markets)
WHOLE_MARKET = _endpoint("/global", _whole)
EXCHANGE_RATES = _endpoint("/exchange_rates", _currencies)
