"""Every provider with its public address, and for each metric what it is asked, in this order."""

from collections.abc import Mapping

from bot.model.quote import Coin
from bot.stats.endpoint import Origin
from bot.stats.metric import CURRENCIES, Metric, Need
from bot.stats.providers import (
    bitstamp,
    blockchair,
    coinbase,
    coingecko,
    coinpaprika,
    electrum,
    esplora,
    kraken,
    node,
    tokenmetrics,
)
from bot.stats.providers.mempool import Explorer
from bot.stats.settings import Kind, ProviderSettings

# Budgets are half of what the providers say, or a guess on the safe side where they say nothing. CoinPaprika's is by
# the month (20,000), about one each other minute: it is asked last, and its three pages at most once a minute.
DEFAULT_PROVIDERS: Mapping[str, ProviderSettings] = {
    "btc_node": ProviderSettings(
        "http://127.0.0.1:8332", enabled=False, priority=0, per_minute=600, user="bot", kind=Kind.RPC
    ),
    "bch_node": ProviderSettings(
        "http://127.0.0.1:8342", enabled=False, priority=0, per_minute=600, user="bot", kind=Kind.RPC
    ),
    "btc_electrum": ProviderSettings("ssl://electrum.blockstream.info:50002", kind=Kind.ELECTRUM),
    "bch_electrum": ProviderSettings("ssl://bch.imaginary.cash:50002", kind=Kind.ELECTRUM),
    "mempool_space": ProviderSettings("https://mempool.space"),
    "bchexplorer": ProviderSettings("https://bchexplorer.cash"),
    "blockstream": ProviderSettings("https://blockstream.info", per_minute=20),
    "blockchair": ProviderSettings("https://api.blockchair.com", per_minute=15),
    "coingecko": ProviderSettings("https://api.coingecko.com/api/v3", per_minute=15, key_header="x-cg-demo-api-key"),
    "kraken": ProviderSettings("https://api.kraken.com", per_minute=30),
    "coinbase": ProviderSettings("https://api.exchange.coinbase.com"),
    "bitstamp": ProviderSettings("https://www.bitstamp.net"),
    "coinpaprika": ProviderSettings("https://api.coinpaprika.com/v1", priority=60, per_minute=3),
    "token_metrics": ProviderSettings(
        "https://api.tokenmetrics.com", enabled=False, priority=70, per_minute=10, key_header="api_key"
    ),
}

BTC = Explorer("mempool_space", "mempool.space", Coin.BTC)
BCH = Explorer("bchexplorer", "bchexplorer.cash", Coin.BCH)
BLOCKCHAIR = blockchair.STATS
MARKETS = (coingecko.SIMPLE_PRICE, kraken.TICKER)  # these give both coins at one moment


def _routes(coin: Coin, explorer: Explorer) -> dict[Need, tuple[Origin, ...]]:
    """Return what is asked for both chains in the same way."""
    other = BLOCKCHAIR[coin]
    exchanges = (*MARKETS, coinbase.TICKERS[coin], bitstamp.TICKERS[coin])
    aggregators = (other, coinpaprika.TICKERS[coin], tokenmetrics.PRICES)
    prices = (*exchanges, BTC.prices, *aggregators) if coin is Coin.BTC else (*exchanges, *aggregators)
    return {
        (Metric.PRICE, coin): prices,
        (Metric.CHANGE_24H, coin): (coingecko.SIMPLE_PRICE, other, bitstamp.TICKERS[coin], coinpaprika.TICKERS[coin]),
        (Metric.CHANGE_7D, coin): (coingecko.MARKETS, coinpaprika.TICKERS[coin]),
        (Metric.MARKET_CAP, coin): (coingecko.SIMPLE_PRICE, other, coinpaprika.TICKERS[coin]),
        (Metric.ALL_MARKET_CAP, coin): (coingecko.WHOLE_MARKET, coinpaprika.MARKET),
        (Metric.MEDIAN_FEE, coin): (other,),
        (Metric.HASHRATE, coin): (explorer.mining, other),
        (Metric.DIFFICULTY, coin): (explorer.mining, other),
        (Metric.TRANSACTIONS, coin): (explorer.rewards, other),
        (Metric.BLOCK_FEES, coin): (explorer.rewards, other),
        **{(metric, coin): (coingecko.EXCHANGE_RATES, BTC.prices) for metric in CURRENCIES.values()},
    }


# Blockchair's size of BTC's mempool is in bytes with witness data, which cannot stand in for vB.
_BTC: Mapping[Need, tuple[Origin, ...]] = {
    (Metric.FEE, Coin.BTC): (BTC.fees_precise, BTC.fees_recommended, esplora.FEES, BLOCKCHAIR[Coin.BTC]),
    (Metric.FEE_HOUR, Coin.BTC): (BTC.fees_precise, BTC.fees_recommended, esplora.FEES),
    (Metric.FEE_ECONOMY, Coin.BTC): (BTC.fees_precise, BTC.fees_recommended, esplora.FEES),
    (Metric.HEIGHT, Coin.BTC): (BTC.blocks, esplora.BLOCKS, BLOCKCHAIR[Coin.BTC], BTC.tip_height, esplora.TIP_HEIGHT),
    (Metric.TIP_TIME, Coin.BTC): (BTC.blocks, esplora.BLOCKS, BLOCKCHAIR[Coin.BTC]),
    (Metric.TIP_BITS, Coin.BTC): (BTC.blocks, esplora.BLOCKS),
    (Metric.BLOCK_SIZE, Coin.BTC): (BTC.blocks, esplora.BLOCKS),
    (Metric.BLOCK_WEIGHT, Coin.BTC): (BTC.blocks, esplora.BLOCKS),
    (Metric.BLOCK_INTERVAL, Coin.BTC): (BTC.chain.interval, esplora.CHAIN.interval, BLOCKCHAIR[Coin.BTC]),
    (Metric.MEMPOOL_COUNT, Coin.BTC): (BTC.mempool, esplora.MEMPOOL, BLOCKCHAIR[Coin.BTC]),
    (Metric.MEMPOOL_SIZE, Coin.BTC): (BTC.mempool, esplora.MEMPOOL),
    (Metric.RETARGET_CHANGE, Coin.BTC): (BTC.adjustment, esplora.CHAIN.retarget),
    (Metric.RETARGET_TIME, Coin.BTC): (BTC.adjustment, esplora.CHAIN.retarget, BLOCKCHAIR[Coin.BTC]),
}

_BCH: Mapping[Need, tuple[Origin, ...]] = {
    (Metric.FEE, Coin.BCH): (BCH.fees_recommended, BLOCKCHAIR[Coin.BCH]),
    (Metric.FEE_HOUR, Coin.BCH): (BCH.fees_recommended, BLOCKCHAIR[Coin.BCH]),
    (Metric.FEE_ECONOMY, Coin.BCH): (BCH.fees_recommended, BLOCKCHAIR[Coin.BCH]),
    (Metric.HEIGHT, Coin.BCH): (BCH.blocks, BLOCKCHAIR[Coin.BCH], BCH.tip_height),
    (Metric.TIP_TIME, Coin.BCH): (BCH.blocks, BLOCKCHAIR[Coin.BCH]),
    (Metric.TIP_BITS, Coin.BCH): (BCH.blocks,),
    (Metric.BLOCK_SIZE, Coin.BCH): (BCH.blocks,),
    (Metric.BLOCK_LIMIT, Coin.BCH): (BCH.blocks,),
    (Metric.BLOCK_INTERVAL, Coin.BCH): (BCH.chain.interval, BLOCKCHAIR[Coin.BCH]),
    (Metric.MEMPOOL_COUNT, Coin.BCH): (BCH.mempool, BLOCKCHAIR[Coin.BCH]),
    (Metric.MEMPOOL_SIZE, Coin.BCH): (BCH.mempool, BLOCKCHAIR[Coin.BCH]),
}

PUBLISHED: Mapping[Need, tuple[Origin, ...]] = {**_routes(Coin.BTC, BTC), **_routes(Coin.BCH, BCH), **_BTC, **_BCH}
ALL: tuple[Mapping[Need, tuple[Origin, ...]], ...] = (node.ROUTES, PUBLISHED, electrum.ROUTES)
ROUTES: Mapping[Need, tuple[Origin, ...]] = {
    need: tuple(origin for routes in ALL for origin in routes.get(need, ()))
    for need in dict.fromkeys(need for routes in ALL for need in routes)
}
