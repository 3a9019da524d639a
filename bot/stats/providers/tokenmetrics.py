"""Token Metrics' prices: a source for those who have its key, never the only one.

Source: developers.tokenmetrics.com, and the shape as clients in public code use it: upper-case fields in an envelope of
`success` and `data`. A token is known by a number that is looked up by its symbol; other tokens may bear the same
symbol, so the name has to match as well.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from bot.errors import SourceError
from bot.model.quote import Coin
from bot.stats.endpoint import Body, Conversation, Count, Get, Plan, Positive, read
from bot.stats.metric import Metric, Readings

NAMES = {"Bitcoin": Coin.BTC, "Bitcoin Cash": Coin.BCH}


class Token(Body):
    """One row of `/v2/tokens`."""

    id: Annotated[Count, Field(alias="TOKEN_ID")]
    name: Annotated[str, Field(alias="TOKEN_NAME")]


class Tokens(Body):
    """`/v2/tokens`."""

    success: Literal[True]
    data: list[Token]


class Price(Body):
    """One row of `/v2/price`, in USD."""

    id: Annotated[Count, Field(alias="TOKEN_ID")]
    price: Annotated[Positive, Field(alias="CURRENT_PRICE")]


class Prices(Body):
    """`/v2/price`."""

    success: Literal[True]
    data: list[Price]


def coins_of(body: bytes) -> dict[int, Coin]:
    """Return the coins by the numbers of their tokens; a name that stands twice is nobody's."""
    tokens = [token for token in Tokens.model_validate_json(body).data if token.name in NAMES]
    names = [token.name for token in tokens]
    return {token.id: NAMES[token.name] for token in tokens if names.count(token.name) == 1}


def prices_of(body: bytes, coins: dict[int, Coin], at: datetime) -> Readings:
    """Return the prices of those coins."""
    return {
        need: reading
        for row in Prices.model_validate_json(body).data
        if row.id in coins
        for need, reading in read(coins[row.id], at, {Metric.PRICE: row.price}).items()
    }


def _plan() -> Plan[Readings]:
    tokens = yield Get("/v2/tokens?symbol=BTC,BCH")
    coins = coins_of(tokens.body)
    if not coins:
        raise SourceError("does not know the coins")
    heard = yield Get(f"/v2/price?token_id={','.join(str(number) for number in sorted(coins))}")
    return prices_of(heard.body, coins, heard.at)


PRICES = Conversation("token_metrics", "Token Metrics", "prices", _plan)
