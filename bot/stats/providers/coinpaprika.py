"""CoinPaprika's tickers and its figures of the whole market; an aggregator of its own, beside CoinGecko.

Source: docs.coinpaprika.com. Traps: a value that is missing may be an empty text, `last_updated` is ISO 8601 in a
ticker and seconds in `/global`, and a wrong coin id is an HTTP 404 or another coin, so the id is compared.
"""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from bot.model.quote import Coin
from bot.stats.endpoint import Body, Endpoint, IsoMoment, Parse, Positive, Seconds, moment, read, read_for_all
from bot.stats.metric import Metric, Readings

IDS = {Coin.BTC: "btc-bitcoin", Coin.BCH: "bch-bitcoin-cash"}


class Quote(Body):
    """One coin in one currency; the changes are in percent."""

    price: Positive
    market_cap: Positive
    percent_change_24h: float
    percent_change_7d: float


class Quotes(Body):
    """The currencies asked for."""

    usd: Annotated[Quote, Field(alias="USD")]


class Ticker(Body):
    """`/tickers/{id}`."""

    id: str
    quotes: Quotes
    last_updated: IsoMoment


class Market(Body):
    """`/global`; money is in USD."""

    market_cap_usd: Positive
    last_updated: Seconds


def _parser(coin: Coin) -> Parse:
    def parse(body: bytes, at: datetime) -> Readings:
        ticker = Ticker.model_validate_json(body)
        return read(coin, ticker.last_updated, _values(ticker.quotes.usd)) if ticker.id == IDS[coin] else {}

    return parse


def _values(quote: Quote) -> dict[Metric, float | None]:
    return {
        Metric.PRICE: quote.price,
        Metric.MARKET_CAP: quote.market_cap,
        Metric.CHANGE_24H: quote.percent_change_24h,
        Metric.CHANGE_7D: quote.percent_change_7d,
    }


def _market(body: bytes, at: datetime) -> Readings:
    market = Market.model_validate_json(body)
    return read_for_all(moment(market.last_updated), {Metric.ALL_MARKET_CAP: market.market_cap_usd})


TICKERS = {coin: Endpoint("coinpaprika", "CoinPaprika", f"/tickers/{IDS[coin]}", _parser(coin)) for coin in Coin}
MARKET = Endpoint("coinpaprika", "CoinPaprika", "/global", _market)
