"""Every provider with its public address, and for each metric the endpoints in the order they are asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model.quote import Coin
from bot.stats.endpoint import Endpoint
from bot.stats.metric import Metric, Need
from bot.stats.providers import blockchair, coinbase, coingecko, kraken
from bot.stats.providers.mempool import Explorer


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """Where a provider is, and whether it is asked at all."""

    base_url: str
    enabled: bool = True


DEFAULT_PROVIDERS: Mapping[str, ProviderSettings] = {
    "mempool_space": ProviderSettings("https://mempool.space"),
    "bchexplorer": ProviderSettings("https://bchexplorer.cash"),
    "blockchair": ProviderSettings("https://api.blockchair.com"),
    "coingecko": ProviderSettings("https://api.coingecko.com/api/v3"),
    "kraken": ProviderSettings("https://api.kraken.com"),
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
