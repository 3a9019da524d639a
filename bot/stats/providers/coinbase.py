"""Coinbase Exchange's product tickers. Source: docs.cdp.coinbase.com; numbers are texts, `time` is the last trade's."""

from datetime import datetime

from bot.model.quote import Coin
from bot.stats.endpoint import Body, Endpoint, IsoMoment, Parse, TextNumber, read
from bot.stats.metric import Metric, Readings


class Ticker(Body):
    """The answer."""

    price: TextNumber
    time: IsoMoment


def _parser(coin: Coin) -> Parse:
    def parse(body: bytes, at: datetime) -> Readings:
        ticker = Ticker.model_validate_json(body)
        return read(coin, ticker.time, {Metric.PRICE: ticker.price})

    return parse


TICKERS = {
    coin: Endpoint("coinbase", "Coinbase", f"/products/{coin.value.upper()}-USD/ticker", _parser(coin)) for coin in Coin
}
