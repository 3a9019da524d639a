"""The adapters read the real recorded answers of the providers, where those lie beside the checkout."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model.quote import Coin
from bot.stats.endpoint import Origin
from bot.stats.metric import Metric
from bot.stats.providers import bitstamp, blockchair, coinbase, coingecko, esplora, kraken
from bot.stats.providers.registry import BTC
from tests.conftest import SHARED
from tests.stats.plans import AT, ORIGINS, name, plausible, same, values

PAYLOADS = SHARED / "payloads"
Expected = dict[Metric, float]

FEES: Expected = {Metric.FEE: 1, Metric.FEE_HOUR: 1, Metric.FEE_ECONOMY: 1}
MEMPOOL: Expected = {Metric.MEMPOOL_COUNT: 3_169, Metric.MEMPOOL_SIZE: 1_891_542}
BLOCK_100_000: Expected = {
    Metric.HEIGHT: 100_000,
    Metric.TIP_TIME: 1_293_623_863,
    Metric.TIP_BITS: 0x1B04864C,
    Metric.BLOCK_SIZE: 957,
    Metric.BLOCK_WEIGHT: 3_828,
}
BLOCK_729_910: Expected = {
    Metric.HEIGHT: 729_910,
    Metric.TIP_TIME: 1_648_778_242,
    Metric.TIP_BITS: 386_521_239,
    Metric.BLOCK_SIZE: 1_595_444,
    Metric.BLOCK_WEIGHT: 3_992_846,
}

# Every file an adapter reads, with all that it reads there; `test_nothing_else_is_read` holds for all the others.
ANSWERS: tuple[tuple[str, Origin, Coin, Expected], ...] = (
    (
        "mempool.space/v1_fees_precise.json",
        BTC.fees_precise,
        Coin.BTC,
        {Metric.FEE: 2.023, Metric.FEE_HOUR: 0.502, Metric.FEE_ECONOMY: 0.2},
    ),
    ("mempool.space/v1_fees_recommended.json", BTC.fees_recommended, Coin.BTC, FEES),
    ("mempool.space/mempool.json", BTC.mempool, Coin.BTC, MEMPOOL),
    ("mempool.space/mempool.json", esplora.MEMPOOL, Coin.BTC, MEMPOOL),
    ("mempool.space/blocks_tip_height.json", BTC.tip_height, Coin.BTC, {Metric.HEIGHT: 698_767}),
    ("mempool.space/blocks_tip_height.json", esplora.TIP_HEIGHT, Coin.BTC, {Metric.HEIGHT: 698_767}),
    ("mempool.space/v1_blocks_bulk_minHeight_maxHeight.json", BTC.blocks, Coin.BTC, BLOCK_100_000),
    ("mempool.space/v1_mining_pool_slug_blocks_blockHeight.json", BTC.blocks, Coin.BTC, BLOCK_729_910),
    ("mempool.space/v1_mining_pool_slug_blocks_blockHeight.json", esplora.BLOCKS, Coin.BTC, BLOCK_729_910),
    (
        "mempool.space/v1_prices.json",
        BTC.prices,
        Coin.BTC,
        {
            Metric.PRICE: 43_753,
            Metric.EUR: 40_545 / 43_753,
            Metric.GBP: 37_528 / 43_753,
            Metric.CAD: 58_123 / 43_753,
            Metric.CHF: 37_438 / 43_753,
            Metric.AUD: 64_499 / 43_753,
            Metric.JPY: 6_218_915 / 43_753,
        },
    ),
    (
        "mempool.space/v1_mining_hashrate_timePeriod.json",
        BTC.mining,
        Coin.BTC,
        {Metric.HASHRATE: 252_033_247_355_212_300_000.0, Metric.DIFFICULTY: 31_251_101_365_711.12},
    ),
    (
        "mempool.space/v1_mining_reward_stats_blockCount.json",
        BTC.rewards,
        Coin.BTC,
        {Metric.TRANSACTIONS: 164_216 * 1.44, Metric.BLOCK_FEES: 0.131_174_825_4},
    ),
    (
        "mempool.space/v1_difficulty_adjustment.json",
        BTC.adjustment,
        Coin.BTC,
        {Metric.RETARGET_CHANGE: 98.45932018381687, Metric.RETARGET_TIME: 1_627_762_478},
    ),
    (
        "coingecko/simple_price.json",
        coingecko.SIMPLE_PRICE,
        Coin.BTC,
        {Metric.PRICE: 76_975, Metric.MARKET_CAP: 1_542_226_908_349.8406, Metric.CHANGE_24H: -1.4093297098441402},
    ),
    ("coingecko/coins_markets.json", coingecko.MARKETS, Coin.BTC, {Metric.CHANGE_7D: -4.042267423689584}),
    ("coingecko/global.json", coingecko.WHOLE_MARKET, Coin.BTC, {Metric.ALL_MARKET_CAP: 2_621_040_321_355.0405}),
    ("coingecko/global.json", coingecko.WHOLE_MARKET, Coin.BCH, {Metric.ALL_MARKET_CAP: 2_621_040_321_355.0405}),
    (
        "coingecko/exchange_rates.json",
        coingecko.EXCHANGE_RATES,
        Coin.BCH,
        {
            Metric.EUR: 65_223.37 / 75_817.765,
            Metric.GBP: 56_399.471 / 75_817.765,
            Metric.JPY: 159.31650190427007,
            Metric.CHF: 0.7857709997122706,
            Metric.CAD: 1.3811800044488254,
            Metric.AUD: 105_840.918 / 75_817.765,
        },
    ),
    ("kraken/ticker_XBTUSD_2023-12-06_44100.json", kraken.TICKER, Coin.BTC, {Metric.PRICE: 44_099.9}),
    ("kraken/ticker_XBTUSD_2023_27712.json", kraken.TICKER, Coin.BTC, {Metric.PRICE: 27_712.1}),
    ("kraken/ticker_XBTUSD_82999.json", kraken.TICKER, Coin.BTC, {Metric.PRICE: 82_998.9}),
    ("xchange/coinbasepro__example-ticker-data.json", coinbase.TICKERS[Coin.BTC], Coin.BTC, {Metric.PRICE: 246.28}),
    (
        "ccxt/coinbaseexchange_ticker_btc-usdt_2024-03-13.json",
        coinbase.TICKERS[Coin.BTC],
        Coin.BTC,
        {Metric.PRICE: 73_367.8},
    ),
    ("xchange/bitstamp__example-ticker-data.json", bitstamp.TICKERS[Coin.BTC], Coin.BTC, {Metric.PRICE: 134.89}),
    (
        "ccxt/bitstamp_ticker_btcusdt_2024-03-13.json",
        bitstamp.TICKERS[Coin.BTC],
        Coin.BTC,
        {Metric.PRICE: 73_285, Metric.CHANGE_24H: 1.58},
    ),
    (
        "blockchair/bitcoin_stats_2023-04-03.json",
        blockchair.STATS[Coin.BTC],
        Coin.BTC,
        {
            Metric.HEIGHT: 783_770,
            Metric.TIP_TIME: 1_680_530_690,
            Metric.DIFFICULTY: 46_843_400_286_277,
            Metric.HASHRATE: 345_095_835_785_586_196_564.0,
            Metric.MEMPOOL_COUNT: 29_979,
            Metric.FEE: 21,
            Metric.PRICE: 28_271,
            Metric.CHANGE_24H: -0.15658,
            Metric.MARKET_CAP: 546_793_120_160,
            Metric.BLOCK_INTERVAL: 86_400 / 148,
            Metric.TRANSACTIONS: 370_690,
            Metric.MEDIAN_FEE: 3_495,
            Metric.BLOCK_FEES: 6_780 * 370_690 / 148 / 1e8,
            Metric.RETARGET_TIME: 1_680_798_749,
        },
    ),
    (
        "blockchair/bitcoin_stats_docs_2021-07-08.json",
        blockchair.STATS[Coin.BTC],
        Coin.BTC,
        {
            Metric.HEIGHT: 690_164,
            Metric.TIP_TIME: 1_625_755_020,
            Metric.DIFFICULTY: 14_363_025_673_660,
            Metric.HASHRATE: 92_904_707_138_521_187_685.0,
            Metric.MEMPOOL_COUNT: 6_591,
            Metric.FEE: 17,
            Metric.PRICE: 32_723,
            Metric.CHANGE_24H: -5.7534,
            Metric.MARKET_CAP: 613_578_128_025,
            Metric.BLOCK_INTERVAL: 86_400 / 130,
            Metric.TRANSACTIONS: 229_726,
            Metric.MEDIAN_FEE: 5_269,
            Metric.BLOCK_FEES: 14_421 * 229_726 / 130 / 1e8,
            Metric.RETARGET_TIME: 1_626_636_200,
        },
    ),
    (
        "blockchair/bitcoin-cash_stats_2021-11-19T1948.json",
        blockchair.STATS[Coin.BCH],
        Coin.BCH,
        {
            Metric.HEIGHT: 714_807,
            Metric.TIP_TIME: 1_637_351_231,
            Metric.DIFFICULTY: 219_997_662_911.22,
            Metric.HASHRATE: 1_893_552_640_078_511_302.0,
            Metric.MEMPOOL_COUNT: 60,
            Metric.MEMPOOL_SIZE: 33_223,
            Metric.FEE: 1,
            Metric.FEE_HOUR: 1,
            Metric.FEE_ECONOMY: 1,
            Metric.PRICE: 574.95,
            Metric.CHANGE_24H: 2.04831,
            Metric.MARKET_CAP: 10_873_133_656,
            Metric.BLOCK_INTERVAL: 86_400 / 173,
            Metric.TRANSACTIONS: 80_934,
            Metric.MEDIAN_FEE: 220,
            Metric.BLOCK_FEES: 1_399 * 80_934 / 173 / 1e8,
        },
    ),
    (
        "blockchair/bitcoin-cash_stats_2021-11-19T2252.json",
        blockchair.STATS[Coin.BCH],
        Coin.BCH,
        {
            Metric.HEIGHT: 714_831,
            Metric.TIP_TIME: 1_637_361_759,
            Metric.DIFFICULTY: 223_375_579_782.69,
            Metric.HASHRATE: 1_834_399_254_089_347_628.0,
            Metric.MEMPOOL_COUNT: 477,
            Metric.MEMPOOL_SIZE: 274_464,
            Metric.FEE: 1,
            Metric.FEE_HOUR: 1,
            Metric.FEE_ECONOMY: 1,
            Metric.PRICE: 574.43,
            Metric.CHANGE_24H: 3.84861,
            Metric.MARKET_CAP: 10_872_151_751,
            Metric.BLOCK_INTERVAL: 86_400 / 165,
            Metric.TRANSACTIONS: 80_880,
            Metric.MEDIAN_FEE: 220,
            Metric.BLOCK_FEES: 1_322 * 80_880 / 165 / 1e8,
        },
    ),
)

# Parts of the websocket's real frames have the shapes of the REST answers; the blocks' proof of work was checked.
FRAME = "mempool.space/e2e/mainnet_mempoolInfo.json"
FRAMES: tuple[tuple[str, str, Origin, Expected], ...] = (
    (FRAME, "fees", BTC.fees_recommended, {Metric.FEE: 8, Metric.FEE_HOUR: 8, Metric.FEE_ECONOMY: 4}),
    (
        FRAME,
        "da",
        BTC.adjustment,
        {Metric.RETARGET_CHANGE: 5.914788959658535, Metric.RETARGET_TIME: 1_712_766_704.114},
    ),
    (
        FRAME,
        "conversions",
        BTC.prices,
        {
            Metric.PRICE: 69_880,
            Metric.EUR: 64_823 / 69_880,
            Metric.GBP: 55_198 / 69_880,
            Metric.CAD: 95_154 / 69_880,
            Metric.CHF: 63_041 / 69_880,
            Metric.AUD: 107_374 / 69_880,
            Metric.JPY: 10_601_000 / 69_880,
        },
    ),
    (
        FRAME,
        "blocks",
        BTC.blocks,
        {
            Metric.HEIGHT: 837_050,
            Metric.TIP_TIME: 1_711_854_927,
            Metric.TIP_BITS: 386_097_875,
            Metric.BLOCK_SIZE: 2_137_871,
            Metric.BLOCK_WEIGHT: 3_992_678,
        },
    ),
    (
        "mempool.space/e2e/tx01_ws_blocks_01.json",
        "blocks",
        esplora.BLOCKS,
        {
            Metric.HEIGHT: 890_447,
            Metric.TIP_TIME: 1_743_541_240,
            Metric.TIP_BITS: 386_038_124,
            Metric.BLOCK_SIZE: 1_747_789,
            Metric.BLOCK_WEIGHT: 3_993_172,
        },
    ),
)


@pytest.fixture(scope="module", autouse=True)
def payloads(shared: Path) -> Path:
    return shared / "payloads"


@pytest.mark.parametrize(
    ("file", "origin", "coin", "expected"), ANSWERS, ids=[f"{file} {name(one)}" for file, one, *_ in ANSWERS]
)
def test_a_recorded_answer_is_read(file: str, origin: Origin, coin: Coin, expected: Expected) -> None:
    """Every recorded answer of an address we use gives exactly these numbers, in the units of their metrics."""
    found = values(origin, same((PAYLOADS / file).read_bytes())) or {}

    assert {metric: value for (metric, of), value in found.items() if of is coin} == pytest.approx(expected, rel=1e-12)
    assert plausible(found) == found


@pytest.mark.parametrize(
    ("file", "part", "origin", "expected"), FRAMES, ids=[f"{file} {part}" for file, part, *_ in FRAMES]
)
def test_a_part_of_a_recorded_frame_is_read(file: str, part: str, origin: Origin, expected: Expected) -> None:
    """What the websocket sends has the shape of the REST answers, with moments of adjustments in milliseconds."""
    frame = json.loads((PAYLOADS / file).read_bytes())

    found = values(origin, same(json.dumps(frame[part]).encode())) or {}

    assert {metric: value for (metric, of), value in found.items() if of is Coin.BTC} == pytest.approx(
        expected, rel=1e-12
    )


def test_blockchairs_numbers_are_as_old_as_its_cache() -> None:
    """The moment shown for Blockchair's numbers is when its cache was filled."""
    body = (PAYLOADS / "blockchair/bitcoin-cash_stats_2021-11-19T1948.json").read_bytes()

    reading = blockchair.STATS[Coin.BCH].parse(body, AT)[Metric.PRICE, Coin.BCH]

    assert reading.observed_at == datetime(2021, 11, 19, 19, 48, 9, tzinfo=UTC)


@pytest.mark.parametrize("origin", ORIGINS, ids=name)
def test_nothing_else_is_read(origin: Origin, payloads: Path) -> None:
    """Whatever file is put before an adapter, it refuses it in order, or the table above says what it is."""
    known = {file for file, *_ in ANSWERS}

    for path in sorted(path for path in payloads.rglob("*") if path.is_file()):
        found = values(origin, same(path.read_bytes()))

        assert found is None or str(path.relative_to(payloads)) in known, path
        assert found is None or plausible(found) == found, path
