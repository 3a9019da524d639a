"""Kraken's public ticker, both pairs in one call.

Source: docs.kraken.com/api. Errors arrive as HTTP 200 with a filled `error` list; the key of XBTUSD is `XXBTZUSD`;
`o` is the price at the last midnight in UTC, not of 24 hours ago, so no change is read from it.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from bot.model.quote import Coin
from bot.stats.endpoint import Body, Endpoint, TextNumber, read
from bot.stats.metric import Metric, Readings


def _first(value: Any) -> Any:
    """Return the price of `[price, lot volume]`; a list of one might be either."""
    match value:
        case [price, _volume]:
            return price
    raise ValueError("a price and a volume are expected")


def _none(errors: list[str]) -> list[str]:
    if errors:
        raise ValueError("the exchange reports an error")
    return errors


class Ticker(Body):
    """One pair; `c` is the last trade."""

    last: Annotated[TextNumber, BeforeValidator(_first), Field(alias="c")]


class Answer(Body):
    """The whole answer; pairs are named by keys of the exchange's own."""

    error: Annotated[list[str], AfterValidator(_none)]
    result: dict[str, Ticker]


KEYS = {"XXBTZUSD": Coin.BTC, "XBTUSD": Coin.BTC, "BCHUSD": Coin.BCH}


def _parse(body: bytes, at: datetime) -> Readings:
    answer = Answer.model_validate_json(body)
    return {
        need: reading
        for key, ticker in answer.result.items()
        if key in KEYS
        for need, reading in read(KEYS[key], at, {Metric.PRICE: ticker.last}).items()
    }


TICKER = Endpoint("kraken", "Kraken", "/0/public/Ticker?pair=XBTUSD,BCHUSD", _parse)
