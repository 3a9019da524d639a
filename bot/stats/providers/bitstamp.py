"""Bitstamp's tickers.

Source: www.bitstamp.net/api. Numbers are texts, `timestamp` (in seconds) as well; `open` is the price at the last
midnight in UTC, so the change is read from `percent_change_24`, which older answers lack.
"""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from bot.model.quote import Coin
from bot.stats.endpoint import Body, Endpoint, Parse, Signed, TextNumber, moment, read
from bot.stats.metric import Metric, Readings

PAIRS = {Coin.BTC: "btcusd", Coin.BCH: "bchusd"}


class Ticker(Body):
    """The answer; `last` is the last trade."""

    last: TextNumber
    timestamp: Annotated[TextNumber, Field(lt=10**11)]
    percent_change_24: Signed | None = None


def _parser(coin: Coin) -> Parse:
    def parse(body: bytes, at: datetime) -> Readings:
        ticker = Ticker.model_validate_json(body)
        values = {Metric.PRICE: ticker.last, Metric.CHANGE_24H: ticker.percent_change_24}
        return read(coin, moment(ticker.timestamp), values)

    return parse


TICKERS = {coin: Endpoint("bitstamp", "Bitstamp", f"/api/v2/ticker/{PAIRS[coin]}/", _parser(coin)) for coin in Coin}
