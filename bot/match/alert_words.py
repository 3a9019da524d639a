"""The words of alerts: what numbers are called, what they may do, in which units their lines are drawn."""

from collections.abc import Mapping
from enum import StrEnum

from bot.match.amount_words import CASH
from bot.model.quote import Coin, Unit


class Sign(StrEnum):
    """What a word says of the line, once everything else is taken out."""

    BELOW = "below"
    AT_MOST = "at-most"
    ABOVE = "above"
    AT_LEAST = "at-least"
    REACH = "reach"
    UP = "up"
    DOWN = "down"
    MOVE = "move"
    MINUS = "minus"
    NOT = "not"
    PERCENT = "%"
    USD = "usd"
    FIAT = "fiat"
    SAT = "sat"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    ELSEWHERE = "elsewhere"  # another coin


Phrase = tuple[str, ...]
SPANS = {Sign.HOUR: 1, Sign.DAY: 24, Sign.WEEK: 7 * 24}  # in hours

WATCHED: Mapping[str, str] = {
    "price": "price/prices/value/worth/rate/exchange rate/trades/trading/quote",
    "fee": "fee/fees/next block fee/fee rate/fee rates/feerate/tx fee/tx fees/transaction fee/transaction fees"
    "/network fee/network fees/sat per byte",
    "fee-economy": "economy fee/economy fees/slow fee/low priority fee",
    "fee-hour": "hour fee/hourly fee",
    "median-fee": "median fee/median fees",
    "payment-cost": "cost/costs/payment cost/transaction cost/tx cost/cost of a payment/cost of sending",
    "ratio": "ratio/exchange ratio",
    "market-cap": "market cap/marketcap/mcap/cap/capitalization/capitalisation/market capitalization",
    "dominance": "dominance/market share",
    "hashrate": "hashrate/hash rate/hash power/hashpower/hashing power",
    "hashrate-share": "hashrate share/hash rate share/share of hashrate",
    "difficulty": "difficulty/mining difficulty/diff",
    "mempool-count": "mempool/mempool transactions/unconfirmed transactions/unconfirmed/waiting transactions"
    "/mempool count",
    "mempool-size": "mempool size/size of mempool/size of the mempool/backlog",
    "mempool-blocks": "blocks waiting/mempool blocks/waiting blocks",
    "block-age": "last block/block age/no block/no new block",
    "block-interval": "block interval/block time/block times",
    "block-size": "block size/blocksize",
    "transactions": "transactions/transactions a day/transactions per day/txs/usage",
    "transactions-per-second": "transactions per second/transactions a second/tps/tx per second",
    "height": "height/block height/block number/block",
    "halving-blocks": "blocks to the halving/blocks to halving/halving",
    "mining-profit": "mining profit/mining profitability/profitability",
    "mining-revenue": "mining revenue/hashprice/hash price",
}
"""The statistics an alert can be set on, by key, with what they are called there."""

SCALES: Mapping[str, tuple[frozenset[Unit], float]] = {
    **{name: (frozenset({Unit.HASHES_PER_SECOND}), scale) for name, scale in (
        ("th", 1e12), ("ths", 1e12), ("ph", 1e15), ("phs", 1e15), ("eh", 1e18), ("ehs", 1e18), ("exahash", 1e18),
        ("zh", 1e21), ("zhs", 1e21), ("zettahash", 1e21), ("petahash", 1e15),
    )},
    **{name: (frozenset({Unit.BYTES, Unit.BLOCK_BYTES}), scale) for name, scale in (
        ("kb", 1e3), ("kvb", 1e3), ("mb", 1e6), ("vmb", 1e6), ("mvb", 1e6), ("megabyte", 1e6), ("megabytes", 1e6),
        ("gb", 1e9),
    )},
    **{name: (frozenset({Unit.SECONDS, Unit.INTERVAL}), scale) for name, scale in (
        ("s", 1), ("sec", 1), ("secs", 1), ("second", 1), ("seconds", 1), ("min", 60), ("mins", 60), ("minute", 60),
        ("minutes", 60), ("h", 3600), ("hour", 3600), ("hours", 3600), ("hr", 3600), ("hrs", 3600),
    )},
}  # fmt: skip
"""Units that scale a number, by what they are called; they must stand there where a statistic is counted in them."""

NEEDS_SCALE: Mapping[Unit, str] = {
    Unit.HASHES_PER_SECOND: "EH/s",
    Unit.BYTES: "MB",
    Unit.BLOCK_BYTES: "MB",
    Unit.SECONDS: "min",
    Unit.INTERVAL: "min",
}

BOUNDS: Mapping[Unit, tuple[float, float]] = {
    Unit.USD: (1e-4, 1e14),
    Unit.SHARE: (1e-3, 100),
    Unit.TIMES: (1e-3, 1e3),
    Unit.BCH_PER_BTC: (1e-6, 1e6),
    Unit.FEE_RATE: (0.01, 1e5),
    Unit.SATOSHI: (1, 1e8),
    Unit.BLOCKS: (0.01, 1e6),
    Unit.HEIGHT: (1, 1e8),
    Unit.SECONDS: (60, 1e5),
    Unit.INTERVAL: (60, 1e5),
    Unit.TRANSACTIONS: (1, 1e9),
    Unit.TRANSACTIONS_PER_SECOND: (1e-3, 1e5),
    Unit.BYTES: (1e3, 1e12),
    Unit.BLOCK_BYTES: (1e2, 1e12),
    Unit.HASHES_PER_SECOND: (1e12, 1e25),
    Unit.DIFFICULTY: (1, 1e20),
}
"""Between which a line makes sense: wider than anything that ever was."""

PRICE_BOUNDS = (1e-4, 1e9)  # US dollars for one coin

_COINS = {
    Coin.BTC: "btc/xbt/bitcoin/bitcoins/bit coin/bitcoin core",
    Coin.BCH: "bch/bcc/bcash/b cash/bitcoin cash/bitcoincash/bit coin cash/btc cash",
}

_SIGNS = {
    Sign.AT_MOST: "<=/=</≤/at most/or less/or lower/or below/down to/drops to/drop to/falls to/fall to/no more than",
    Sign.AT_LEAST: ">=/=>/≥/at least/or more/or higher/or above/up to/rises to/rise to/climbs to/no less than",
    Sign.BELOW: "</under/below/less than/lower than/beneath/cheaper than/smaller than/is less than/fewer than/undr/belw"
    "/goes under/go under/underneath",
    Sign.ABOVE: ">/over/above/more than/higher than/greater than/exceeds/exceed/beyond/bigger than/passes/pass/breaks"
    "/break/tops/surpasses/surpass/abv/longer than",
    Sign.REACH: "=/hits/hit/reaches/reach/touches/touch/gets to/get to/goes to/go to/crosses/cross/is at/are at/equals"
    "/costs exactly",
    Sign.UP: "rises/rise/up/gains/gain/pumps/pump/climbs/climb/jumps/jump/grows/grow/increases/increase/goes up/moons"
    "/raises/surges/+",
    Sign.DOWN: "drops/drop/falls/fall/down/dumps/dump/crashes/crash/loses/lose/sinks/sink/dips/dip/declines/decline"
    "/decreases/decrease/goes down/tanks",
    Sign.MINUS: "-",
    Sign.MOVE: "±/+-/+/-/moves/move/changes/change/swings/swing/either way/up or down",
    Sign.NOT: "not/never/isnt/arent/doesnt/dont/without/unless/no longer",
    Sign.PERCENT: "%/percent/pct/per cent",
    Sign.USD: "$/usd/dollar/dollars/bucks/us dollars/us$/usdt",
    Sign.FIAT: "€/£/¥/eur/euro/euros/gbp/pound/pounds/jpy/yen/chf/franc/francs/cad/aud",
    Sign.SAT: "sat/sats/satoshi/satoshis/sat vb/sats vb/sat b/sats b/sat byte/sats byte/sat vbyte/sats vbyte/sat per vb"
    "/sats per vb/sat per vbyte/sats per vbyte/satoshi per byte/satoshis per byte/sats per byte/spvb",
    Sign.HOUR: "h/hr/hrs/hour/hours",
    Sign.DAY: "d/day/days/daily",
    Sign.WEEK: "w/wk/week/weeks/weekly",
    Sign.ELSEWHERE: "eth/ethereum/ether/ltc/litecoin/doge/dogecoin/sol/solana/xrp/ripple/xmr/monero/bsv/bitcoin sv/ada"
    "/cardano/bnb/usdc/tether/zcash/dash/shib/trx/tron/bitcoin gold/btg/xec/ecash/gold/silver/stocks",
}

_ASIDE = """
a an the of for in on at to is are be been it its when if once as soon by than and or me my i please pls plz hey hi
hello bot want would like know now current currently live next network networks chain coin coins goes go gets get
going within over last past time per vb vbyte byte b s transaction tx per exactly about around again back level
number mark line point there any moment that this with has have ever should will can could you us its does do
kindly thanks thank one send alert alerts finally ever really just even sometime someday today right straight please
"""

ASIDE = frozenset(_ASIDE.split())
"""Words that say nothing of the line."""

TRIGGERS = (
    r"(?:tell|ping|alert|notify|warn|message|inform|remind|dm|text|poke|buzz|call|wake)\s+(?:me|us)(?:\s+up)?"
    r"(?:\s+please)?\s+(?:when|if|once|as soon as|whenever|the moment)"
    r"|let\s+(?:me|us)\s+know\s+(?:when|if|once|as soon as|whenever)"
    r"|(?:set|create|make|add)\s+(?:me\s+)?(?:an?\s+)?(?:alert|alarm|notification|reminder)\s+(?:when|if|for|on|at|once)"
    r"|(?:alert|notify)\s+(?:when|if|once|on|at)"
    r"|i\s+(?:want|would like|need)\s+(?:an?\s+)?(?:alert|alarm|ping|notification)\s+(?:when|if|for|on|at|once)"
    r"|give\s+me\s+a\s+(?:shout|ping|heads up|heads-up|sign)\s+(?:when|if|once)"
)

Meaning = Coin | Sign | str


def _table() -> dict[Phrase, Meaning]:
    table: dict[Phrase, Meaning] = {}
    for key, names in WATCHED.items():
        table |= {tuple(name.split()): key for name in names.split("/")}
    for coin, names in _COINS.items():
        table |= {tuple(name.split()): coin for name in names.split("/")}
    for sign, names in _SIGNS.items():
        table |= {tuple(name.split()): sign for name in _split(names)}
    return table | {("bitcoin", slip): Coin.BCH for slip in CASH}


def _split(names: str) -> list[str]:
    """Return the names between bars; the sign `+/-` is one of them."""
    return [name.replace("\0", "/") for name in names.replace("+/-/", "+\0-/").split("/") if name]


MEANINGS = _table()
LONGEST = max(map(len, MEANINGS))
MENDED = tuple(
    word
    for (word, *more), meaning in MEANINGS.items()
    if not more and word.isalpha() and len(word) > 4 and meaning is not Sign.ELSEWHERE  # noqa: PLR2004 - shorter words have too many neighbours
)
"""Words in which a slip is forgiven; the names of other coins are too near to other words."""
