"""Every provider with its public address, and for each metric the endpoints in the order they are asked."""

from collections.abc import Mapping

from bot.model.quote import Coin
from bot.stats.endpoint import Endpoint
from bot.stats.metric import Metric, Need
from bot.stats.providers import blockchair, coinbase, coingecko, kraken
from bot.stats.providers.mempool import Explorer
from bot.stats.settings import Kind, ProviderSettings

# Budgets are half of what the providers say, or a guess on the safe side where they say nothing.
DEFAULT_PROVIDERS: Mapping[str, ProviderSettings] = {
    "btc_node": ProviderSettings(
        "http://127.0.0.1:8332", enabled=False, priority=0, per_minute=600, user="bot", kind=Kind.RPC
    ),
    "bch_node": ProviderSettings(
        "http://127.0.0.1:8342", enabled=False, priority=0, per_minute=600, user="bot", kind=Kind.RPC
    ),
    "mempool_space": ProviderSettings("https://mempool.space"),
    "bchexplorer": ProviderSettings("https://bchexplorer.cash"),
    "blockchair": ProviderSettings("https://api.blockchair.com", per_minute=15),
    "coingecko": ProviderSettings("https://api.coingecko.com/api/v3", per_minute=15, key_header="x-cg-demo-api-key"),
    "kraken": ProviderSettings("https://api.kraken.com", per_minute=30),
    "coinbase": ProviderSettings("https://api.exchange.coinbase.com"),
}

BTC = Explorer("mempool_space", "mempool.space", Coin.BTC)
BCH = Explorer("bchexplorer", "bchexplorer.cash", Coin.BCH)
BLOCKCHAIR = blockchair.STATS
MARKETS = (coingecko.SIMPLE_PRICE, kraken.TICKER)  # these give both coins at one moment


def _routes(coin: Coin, explorer: Explorer) -> dict[Need, tuple[Endpoint, ...]]:
    other = BLOCKCHAIR[coin]
    return {
        (Metric.CHANGE_24H, coin): (coingecko.SIMPLE_PRICE, other),
        (Metric.MARKET_CAP, coin): (coingecko.SIMPLE_PRICE, other),
        (Metric.HEIGHT, coin): (explorer.blocks, explorer.tip_height, other),
        (Metric.TIP_TIME, coin): (explorer.blocks, other),
        (Metric.MEMPOOL_COUNT, coin): (explorer.mempool, other),
        (Metric.HASHRATE, coin): (explorer.mining, other),
        (Metric.DIFFICULTY, coin): (explorer.mining, other),
    }


# Blockchair's size of BTC's mempool is in bytes with witness data, which cannot stand in for vB.
ROUTES: Mapping[Need, tuple[Endpoint, ...]] = {
    **_routes(Coin.BTC, BTC),
    **_routes(Coin.BCH, BCH),
    (Metric.PRICE, Coin.BTC): (*MARKETS, coinbase.TICKERS[Coin.BTC], BTC.prices, BLOCKCHAIR[Coin.BTC]),
    (Metric.PRICE, Coin.BCH): (*MARKETS, coinbase.TICKERS[Coin.BCH], BLOCKCHAIR[Coin.BCH]),
    (Metric.FEE, Coin.BTC): (BTC.fees_precise, BTC.fees_recommended, BLOCKCHAIR[Coin.BTC]),
    (Metric.FEE, Coin.BCH): (BCH.fees_recommended, BLOCKCHAIR[Coin.BCH]),
    (Metric.MEMPOOL_SIZE, Coin.BTC): (BTC.mempool,),
    (Metric.MEMPOOL_SIZE, Coin.BCH): (BCH.mempool, BLOCKCHAIR[Coin.BCH]),
}
