"""Blockstream's Esplora, a second explorer of BTC that runs nodes of its own.

Source: github.com/Blockstream/esplora/blob/master/API.md. `/fee-estimates` maps targets in blocks to sat/vB; the next
block is target 1, an hour is 6, and a day is 144, which stands for the economy fee. Prices and hash rates it has not.
"""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from bot.model.quote import Coin
from bot.stats.endpoint import Body, Endpoint, Parse, Positive, read
from bot.stats.metric import Metric, Readings
from bot.stats.providers.blocks import Chain, tip_readings
from bot.stats.providers.mempool import Mempool, TipHeight

PROVIDER, SOURCE, COIN = "blockstream", "Blockstream", Coin.BTC


class Estimates(Body):
    """`/api/fee-estimates`; other targets are not read."""

    next_block: Annotated[Positive, Field(alias="1")]
    hour: Annotated[Positive, Field(alias="6")]
    day: Annotated[Positive, Field(alias="144")]


def _fees(body: bytes, at: datetime) -> Readings:
    fees = Estimates.model_validate_json(body)
    return read(COIN, at, {Metric.FEE: fees.next_block, Metric.FEE_HOUR: fees.hour, Metric.FEE_ECONOMY: fees.day})


def _mempool(body: bytes, at: datetime) -> Readings:
    return Mempool.readings(COIN, body, at)


def _height(body: bytes, at: datetime) -> Readings:
    return read(COIN, at, {Metric.HEIGHT: TipHeight.validate_json(body)})


def _blocks(body: bytes, at: datetime) -> Readings:
    return tip_readings(COIN, body, at)


def _endpoint(path: str, parse: Parse) -> Endpoint:
    return Endpoint(PROVIDER, SOURCE, path, parse)


FEES = _endpoint("/api/fee-estimates", _fees)
MEMPOOL = _endpoint("/api/mempool", _mempool)
TIP_HEIGHT = _endpoint("/api/blocks/tip/height", _height)
BLOCKS = _endpoint("/api/blocks", _blocks)
CHAIN = Chain(PROVIDER, SOURCE, COIN, "/api/blocks")
