"""The adapters read the real recorded answers of the providers, where those lie beside the checkout."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model.quote import Coin
from bot.stats.endpoint import Endpoint
from bot.stats.metric import Metric, is_plausible
from bot.stats.providers import blockchair, coinbase, coingecko, kraken
from bot.stats.providers.registry import BTC
from tests.conftest import SHARED

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
PAYLOADS = SHARED / "payloads"
Expected = dict[Metric, float]

CONTRACTS: dict[str, tuple[Endpoint, Coin, Expected]] = {
    "mempool.space/v1_fees_precise.json": (BTC.fees_precise, Coin.BTC, {Metric.FEE: 2.023}),
    "mempool.space/v1_fees_recommended.json": (BTC.fees_recommended, Coin.BTC, {Metric.FEE: 1}),
    "mempool.space/mempool.json": (
        BTC.mempool,
        Coin.BTC,
        {Metric.MEMPOOL_COUNT: 3169, Metric.MEMPOOL_SIZE: 1_891_542},
    ),
    "mempool.space/blocks_tip_height.json": (BTC.tip_height, Coin.BTC, {Metric.HEIGHT: 698_767}),
    "mempool.space/v1_prices.json": (BTC.prices, Coin.BTC, {Metric.PRICE: 43_753}),
    "mempool.space/v1_mining_hashrate_timePeriod.json": (
        BTC.mining,
        Coin.BTC,
        {Metric.HASHRATE: 252_033_247_355_212_300_000.0, Metric.DIFFICULTY: 31_251_101_365_711.12},
    ),
    "mempool.space/v1_blocks_bulk_minHeight_maxHeight.json": (
        BTC.blocks,
        Coin.BTC,
        {Metric.HEIGHT: 100_000, Metric.TIP_TIME: 1_293_623_863},
    ),
    "coingecko/simple_price.json": (
        coingecko.SIMPLE_PRICE,
        Coin.BTC,
        {Metric.PRICE: 76_975, Metric.MARKET_CAP: 1_542_226_908_349.8406, Metric.CHANGE_24H: -1.4093297098441402},
    ),
    "kraken/ticker_XBTUSD_2023-12-06_44100.json": (kraken.TICKER, Coin.BTC, {Metric.PRICE: 44_099.9}),
    "kraken/ticker_XBTUSD_2023_27712.json": (kraken.TICKER, Coin.BTC, {}),
    "kraken/ticker_XBTUSD_82999.json": (kraken.TICKER, Coin.BTC, {Metric.PRICE: 82_998.9}),
    "xchange/coinbasepro__example-ticker-data.json": (
        coinbase.TICKERS[Coin.BTC],
        Coin.BTC,
        {Metric.PRICE: 246.28},
    ),
    "ccxt/coinbaseexchange_ticker_btc-usdt_2024-03-13.json": (
        coinbase.TICKERS[Coin.BTC],
        Coin.BTC,
        {Metric.PRICE: 73_367.8},
    ),
    "blockchair/bitcoin_stats_2023-04-03.json": (
        blockchair.STATS[Coin.BTC],
        Coin.BTC,
        {Metric.HEIGHT: 783_770, Metric.HASHRATE: 345_095_835_785_586_196_564.0, Metric.FEE: 21},
    ),
    "blockchair/bitcoin_stats_docs_2021-07-08.json": (
        blockchair.STATS[Coin.BTC],
        Coin.BTC,
        {Metric.HEIGHT: 690_164, Metric.TIP_TIME: 1_625_755_020, Metric.PRICE: 32_723},
    ),
    "blockchair/bitcoin-cash_stats_2021-11-19T1948.json": (
        blockchair.STATS[Coin.BCH],
        Coin.BCH,
        {Metric.HEIGHT: 714_807, Metric.FEE: 1, Metric.MEMPOOL_SIZE: 33_223, Metric.CHANGE_24H: 2.04831},
    ),
    "blockchair/bitcoin-cash_stats_2021-11-19T2252.json": (blockchair.STATS[Coin.BCH], Coin.BCH, {}),
}


@pytest.fixture(scope="module", autouse=True)
def payloads(shared: Path) -> Path:
    return shared / "payloads"


@pytest.mark.parametrize(("name", "endpoint", "coin", "expected"), [(n, *row) for n, row in CONTRACTS.items()])
def test_a_recorded_answer_is_read(*, name: str, endpoint: Endpoint, coin: Coin, expected: Expected) -> None:
    """Every recorded answer of an address we use gives plausible numbers, and the known ones exactly."""
    readings = endpoint.parse((PAYLOADS / name).read_bytes(), AT)

    assert readings
    assert all(is_plausible(metric, reading.value) for (metric, _), reading in readings.items())
    assert {metric: readings[metric, coin].value for metric in expected} == expected


def test_blockchairs_numbers_are_as_old_as_its_cache() -> None:
    """The moment shown for Blockchair's numbers is when its cache was filled."""
    body = (PAYLOADS / "blockchair/bitcoin-cash_stats_2021-11-19T1948.json").read_bytes()

    reading = blockchair.STATS[Coin.BCH].parse(body, AT)[Metric.PRICE, Coin.BCH]

    assert reading.observed_at == datetime(2021, 11, 19, 19, 48, 9, tzinfo=UTC)


def test_a_block_of_the_websocket_has_the_fields_we_read() -> None:
    """Real blocks from 2024, whose proof of work was checked, pass the same reader."""
    frame = json.loads((PAYLOADS / "mempool.space/e2e/mainnet_mempoolInfo.json").read_bytes())
    blocks = json.dumps(frame["blocks"]).encode()

    readings = BTC.blocks.parse(blocks, AT)

    assert readings[Metric.HEIGHT, Coin.BTC].value == 837_050
