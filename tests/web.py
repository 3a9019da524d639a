"""A web on loopback: every provider of live numbers on one real HTTP server that can be told to misbehave."""

import asyncio
import gzip
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.model.clock import Clock
from bot.stats import DEFAULT_PROVIDERS, Desk, ProviderSettings, open_desk
from bot.stats.settings import Kind
from tests.patiently import LONG, PATIENT

Handler = Callable[[str, asyncio.StreamWriter], None]
Json = Any
SHORT = timedelta(milliseconds=250)  # for who will not
SILENT = {"hang", "drip"}  # faults that never end


def btc_block(height: int, timestamp: int, *, size: int = 1_600_000, weight: int = 3_992_500) -> Json:
    """Return a block of BTC as explorers list it."""
    return {"height": height, "timestamp": timestamp, "bits": 0x17021A91, "size": size, "weight": weight}


def bch_block(height: int, timestamp: int) -> Json:
    """Return a block of BCH as its explorer lists it: no weight, but the state of the adaptive limit."""
    limits = {"block_size": 60_000, "block_size_limit": 32_000_000, "next_block_size_limit": 32_000_640}
    return {"height": height, "timestamp": timestamp, "bits": 0x18018137, "size": 60_000, "abla_state": limits}


def paprika(key: str, now: datetime, figures: tuple[float, float, float, float]) -> Json:
    """Return a coin as CoinPaprika gives it; the figures are price, market cap and the changes of a day and a week."""
    names = ("price", "market_cap", "percent_change_24h", "percent_change_7d")
    updated = f"{now - timedelta(seconds=80):%Y-%m-%dT%H:%M:%S}Z"
    return {"id": key, "last_updated": updated, "quotes": {"USD": dict(zip(names, figures, strict=True))}}


def answers(now: datetime) -> dict[str, Json]:
    """Return a small answer for every address that is read, in the documented shapes, as of `now`."""
    seconds = int(now.timestamp())
    since = f"{now - timedelta(seconds=40):%Y-%m-%d %H:%M:%S}"
    return {
        "/mempool_space/api/v1/fees/precise": {
            "fastestFee": 2.5,
            "halfHourFee": 1.1,
            "hourFee": 0.5,
            "economyFee": 0.2,
        },
        "/mempool_space/api/v1/fees/recommended": {
            "fastestFee": 3,
            "halfHourFee": 2,
            "hourFee": 1,
            "economyFee": 1,
        },
        "/mempool_space/api/mempool": {"count": 31690, "vsize": 18915420, "total_fee": 20317481, "fee_histogram": []},
        "/mempool_space/api/v1/blocks": [
            btc_block(976_500, seconds - 480, size=1_700_000, weight=3_993_000),
            btc_block(976_499, seconds - 1300, size=1_500_000, weight=3_992_000),
        ],
        "/mempool_space/api/v1/blocks/976356": [btc_block(976_356, seconds - 480 - 144 * 590)],
        "/mempool_space/api/blocks/tip/height": 976500,
        "/mempool_space/api/v1/mining/hashrate/3d": {
            "hashrates": [],
            "difficulty": [],
            "currentHashrate": 1.05e21,
            "currentDifficulty": 1.49e14,
        },
        "/mempool_space/api/v1/mining/reward-stats/144": {
            "startBlock": 976_357,
            "endBlock": 976_500,
            "totalReward": "45288000000",
            "totalFee": "288000000",
            "totalTx": "432000",
        },
        "/mempool_space/api/v1/difficulty-adjustment": {
            "progressPercent": 37.5,
            "difficultyChange": 1.7,
            "estimatedRetargetDate": 1000 * (seconds + 743_400) + 114,
            "nextRetargetHeight": 977_760,
            "timeAvg": 590_000,
        },
        "/mempool_space/api/v1/prices": {
            "time": seconds - 120,
            "USD": 90_100,
            "EUR": 78_387,
            "GBP": 67_575,
            "JPY": 13_515_000,
            "CHF": 72_080,
            "CAD": 126_140,
            "AUD": 135_150,
        },
        "/blockstream/api/fee-estimates": {"1": 3.5, "2": 3.0, "6": 1.5, "144": 0.75, "1008": 0.5},
        "/blockstream/api/mempool": {
            "count": 31_500,
            "vsize": 18_000_000,
            "total_fee": 20_000_000,
            "fee_histogram": [],
        },
        "/blockstream/api/blocks": [
            btc_block(976_500, seconds - 480, size=1_700_000, weight=3_993_000),
            btc_block(976_499, seconds - 1300),
        ],
        "/blockstream/api/blocks/976356": [btc_block(976_356, seconds - 480 - 144 * 580)],
        "/blockstream/api/blocks/975744": [btc_block(975_744, seconds - 480 - 756 * 500)],
        "/blockstream/api/blocks/tip/height": 976_500,
        "/bchexplorer/api/v1/fees/recommended": {"fastestFee": 1, "halfHourFee": 1, "hourFee": 1, "economyFee": 1},
        "/bchexplorer/api/mempool": {"count": 120, "vsize": 44000, "total_fee": 60000, "fee_histogram": []},
        "/bchexplorer/api/v1/blocks": [bch_block(978_100, seconds - 900)],
        "/bchexplorer/api/v1/blocks/977956": [bch_block(977_956, seconds - 900 - 144 * 612)],
        "/bchexplorer/api/v1/mining/reward-stats/144": {
            "startBlock": 977_957,
            "endBlock": 978_100,
            "totalReward": "45001440000",
            "totalFee": "1440000",
            "totalTx": "21600",
        },
        "/bchexplorer/api/blocks/tip/height": 978100,
        "/bchexplorer/api/v1/mining/hashrate/3d": {"currentHashrate": 5.2e18, "currentDifficulty": 7.3e11},
        "/blockchair/bitcoin/stats": {
            "data": {
                "blocks": 976501,
                "best_block_height": 976500,
                "best_block_time": f"{now - timedelta(seconds=480):%Y-%m-%d %H:%M:%S}",
                "difficulty": 149000000000000,
                "hashrate_24h": "1049000000000000000000",
                "mempool_transactions": 31000,
                "mempool_size": 40718813,
                "suggested_transaction_fee_per_byte_sat": 4,
                "market_price_usd": 90010,
                "market_price_usd_change_24h_percentage": -1.25,
                "market_cap_usd": 1802000000000,
                "blocks_24h": 150,
                "transactions_24h": 420_000,
                "median_transaction_fee_24h": 320,
                "average_transaction_fee_24h": 900,
                "next_retarget_time_estimate": f"{now + timedelta(days=9):%Y-%m-%d %H:%M:%S}",
            },
            "context": {"code": 200, "cache": {"since": since}},
        },
        "/blockchair/bitcoin-cash/stats": {
            "data": {
                "blocks": 978101,
                "best_block_height": 978100,
                "best_block_time": f"{now - timedelta(seconds=900):%Y-%m-%d %H:%M:%S}",
                "difficulty": 730000000000.5,
                "hashrate_24h": "5190000000000000000",
                "mempool_transactions": 118,
                "mempool_size": 43000,
                "suggested_transaction_fee_per_byte_sat": 2,
                "market_price_usd": 450.5,
                "market_price_usd_change_24h_percentage": 2.5,
                "market_cap_usd": 9030000000,
                "blocks_24h": 135,
                "transactions_24h": 20_250,
                "median_transaction_fee_24h": 226,
                "average_transaction_fee_24h": 300,
            },
            "context": {"code": 200, "cache": {"since": since}},
        },
        "/coingecko/simple/price": {
            "bitcoin": {
                "usd": 90000,
                "usd_market_cap": 1801800000000.5,
                "usd_24h_change": -1.2,
                "last_updated_at": seconds - 20,
            },
            "bitcoin-cash": {
                "usd": 450,
                "usd_market_cap": 9020000000.25,
                "usd_24h_change": 2.4,
                "last_updated_at": seconds - 30,
            },
        },
        "/coingecko/coins/markets": [
            {
                "id": "bitcoin",
                "current_price": 90_000,
                "price_change_percentage_7d_in_currency": -4.25,
                "last_updated": f"{now - timedelta(seconds=50):%Y-%m-%dT%H:%M:%S}.599Z",
            },
            {
                "id": "bitcoin-cash",
                "current_price": 450.25,
                "price_change_percentage_7d_in_currency": 6.5,
                "last_updated": f"{now - timedelta(seconds=60):%Y-%m-%dT%H:%M:%S}.101Z",
            },
        ],
        "/coingecko/global": {
            "data": {
                "total_market_cap": {"btc": 33_333_333.3, "usd": 3_000_000_000_000.5},
                "market_cap_percentage": {"btc": 60.06},
                "updated_at": seconds - 70,
            }
        },
        "/coingecko/exchange_rates": {
            "rates": {
                "btc": {"name": "Bitcoin", "unit": "BTC", "value": 1.0, "type": "crypto"},
                "usd": {"name": "US Dollar", "unit": "$", "value": 90_000, "type": "fiat"},
                "eur": {"name": "Euro", "unit": "€", "value": 78_300, "type": "fiat"},
                "gbp": {"name": "British Pound Sterling", "unit": "£", "value": 67_500, "type": "fiat"},
                "jpy": {"name": "Japanese Yen", "unit": "¥", "value": 13_500_000, "type": "fiat"},
                "chf": {"name": "Swiss Franc", "unit": "Fr.", "value": 72_000, "type": "fiat"},
                "cad": {"name": "Canadian Dollar", "unit": "CA$", "value": 126_000, "type": "fiat"},
                "aud": {"name": "Australian Dollar", "unit": "A$", "value": 135_000, "type": "fiat"},
            }
        },
        "/coingecko/coins/bitcoin/market_chart": {
            "prices": [[1000 * (seconds - 3600 * hour) + 41, 89_000 + 10 * hour] for hour in range(200, -1, -1)],
            "market_caps": [],
            "total_volumes": [],
        },
        "/coingecko/coins/bitcoin-cash/market_chart": {
            "prices": [[1000 * (seconds - 3600 * hour) + 41, 440 + hour / 10] for hour in range(200, -1, -1)],
        },
        "/kraken/0/public/Ticker": {
            "error": [],
            "result": {
                "XXBTZUSD": {"a": ["90021.0", "1", "1.0"], "c": ["90020.00000", "0.1"], "o": "89000.0"},
                "BCHUSD": {"a": ["450.5", "1", "1.0"], "c": ["450.20000", "1.5"], "o": "441.0"},
            },
        },
        "/bitstamp/api/v2/ticker/btcusd/": {
            "last": "90040",
            "timestamp": f"{seconds - 5}",
            "percent_change_24": "-1.35",
        },
        "/bitstamp/api/v2/ticker/bchusd/": {
            "last": "450.40",
            "timestamp": f"{seconds - 5}",
            "percent_change_24": "2.25",
        },
        "/coinpaprika/tickers/btc-bitcoin": paprika("btc-bitcoin", now, (90_050.5, 1_802_500_000_000, -1.31, -4.4)),
        "/coinpaprika/tickers/bch-bitcoin-cash": paprika("bch-bitcoin-cash", now, (450.6, 9_040_000_000, 2.35, 6.3)),
        "/coinpaprika/global": {
            "market_cap_usd": 3_050_000_000_000,
            "bitcoin_dominance_percentage": 59.1,
            "last_updated": seconds - 90,
        },
        "/token_metrics/v2/tokens": {
            "success": True,
            "message": "Data fetched successfully",
            "data": [
                {"TOKEN_ID": 3375, "TOKEN_NAME": "Bitcoin", "TOKEN_SYMBOL": "BTC"},
                {"TOKEN_ID": 3394, "TOKEN_NAME": "Bitcoin Cash", "TOKEN_SYMBOL": "BCH"},
                {"TOKEN_ID": 9001, "TOKEN_NAME": "Bridged Bitcoin", "TOKEN_SYMBOL": "BTC"},
            ],
        },
        "/token_metrics/v2/price": {
            "success": True,
            "message": "Data fetched successfully",
            "data": [
                {"TOKEN_ID": 3375, "TOKEN_SYMBOL": "BTC", "CURRENT_PRICE": 90_060.25},
                {"TOKEN_ID": 3394, "TOKEN_SYMBOL": "BCH", "CURRENT_PRICE": 450.7},
                {"TOKEN_ID": 9001, "TOKEN_SYMBOL": "BTC", "CURRENT_PRICE": 12.5},
            ],
        },
        "/coinbase/products/BTC-USD/ticker": {"price": "90030.00", "time": f"{now:%Y-%m-%dT%H:%M:%S}.123456Z"},
        "/coinbase/products/BCH-USD/ticker": {"price": "450.30", "time": f"{now:%Y-%m-%dT%H:%M:%S}.5Z"},
    }


Spoil = Callable[[Json, datetime], Json]
PRICES = {"usd", "USD", "price", "last", "c", "market_price_usd"}
DAY = 86_400


def with_numbers(tree: Json, value: Json) -> Json:
    """Return a JSON tree with every number, also those written as texts, replaced."""
    match tree:
        case dict():
            return {key: with_numbers(part, value) for key, part in tree.items()}
        case list():
            return [with_numbers(part, value) for part in tree]
        case str() if not tree.replace(".", "", 1).isdigit():
            return tree
        case str():
            return str(value)
    return value


def without_leaves(tree: Json) -> Json:
    """Return a JSON tree without its leaves."""
    match tree:
        case dict():
            return {key: without_leaves(part) for key, part in tree.items() if isinstance(part, dict | list)}
        case list():
            return [without_leaves(part) for part in tree if isinstance(part, dict | list)]
    return None


def with_times(tree: Json, now: datetime, shift: int) -> Json:
    """Return a JSON tree with every time, in whichever way it is written, moved by so many seconds."""
    match tree:
        case dict():
            return {key: with_times(part, now, shift) for key, part in tree.items()}
        case list():
            return [with_times(part, now, shift) for part in tree]
        case int() | float() if unit := unit_of(tree, now):
            return tree + unit * shift
        case str() if tree.isdecimal() and unit_of(int(tree), now) == 1:
            return str(int(tree) + shift)
        case str() if tree.startswith("20") and tree[4:5] == "-":
            return (datetime.fromisoformat(tree) + timedelta(seconds=shift)).isoformat(sep=tree[10])
    return tree


def unit_of(number: float, now: datetime) -> int:
    """Return how many units a second has, if a number is a time not far from now; else 0."""
    units = (unit for unit in (1, 1000) if abs(number - unit * now.timestamp()) < unit * 9e4)  # about a day
    return next(units, 0)


def with_prices_tenfold(tree: Json, name: str = "") -> Json:
    """Return a JSON tree with every price, though no market cap, ten times as high."""
    match tree:
        case dict():
            return {key: with_prices_tenfold(part, key) for key, part in tree.items()}
        case list():
            return [with_prices_tenfold(part, name) for part in tree]
        case int() | float() if name in PRICES and tree < 1e9:
            return tree * 10
        case str() if name in PRICES:
            return f"{float(tree) * 10}"
    return tree


def page(status: str, body: bytes, *, kind: str = "application/json", more: str = "") -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}Connection: close\r\n\r\n"
    )
    return head.encode() + body


def sends(data: bytes) -> Handler:
    return lambda _path, writer: writer.write(data)


def drips(_path: str, writer: asyncio.StreamWriter) -> None:
    """Send a byte every now and then, so that no wait for the next one is ever long."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{")
    loop = asyncio.get_running_loop()

    def drip() -> None:
        if not writer.is_closing():
            writer.write(b" ")
            loop.call_later(0.02, drip)

    drip()


class Web:
    """The server.

    `fault` holds what a provider does instead of answering, `once` what it does the next times, `handlers` what it
    sends instead; `asked` counts requests by address, `headers` and `queries` are those of the last one.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.answers = answers(now)
        self.asked: Counter[str] = Counter()
        self.headers: dict[str, dict[str, str]] = {}
        self.queries: dict[str, str] = {}
        self.fault: dict[str, str] = {}
        self.once: dict[str, list[str]] = {}
        self.handlers: dict[str, Handler] = {}
        self.root = ""
        self._open: list[asyncio.StreamWriter] = []

    def providers(self) -> dict[str, ProviderSettings]:
        """Return every provider of pages, found on this server and asked as often as one likes.

        Those that are silent by now are not waited for long.
        """
        return {
            name: replace(one, base_url=f"{self.root}/{name}", timeout=self._patience(name), per_minute=1_000)
            for name, one in DEFAULT_PROVIDERS.items()
            if one.kind is Kind.HTTP
        }

    def _patience(self, name: str) -> timedelta:
        return SHORT if self.fault.get(name) in SILENT else LONG

    def desk(self, clock: Clock) -> Desk:
        """Return a desk over all of them that waits for a slow machine, and so cannot tell it from a slow source."""
        return open_desk(self.providers(), clock, habits=PATIENT)

    def environment(self) -> dict[str, str]:
        """Return the variables that lead a program to this server, and to no other."""
        return {
            f"BOT__SOURCES__{name.upper()}__{key}": value
            for name, one in DEFAULT_PROVIDERS.items()
            for key, value in (
                ("BASE_URL", f"{self.root}/{name}"),
                ("ENABLED", str(one.kind is Kind.HTTP).lower()),
                ("TIMEOUT", str(self._patience(name).total_seconds())),
            )
        }

    def fail(self, fault: str, *providers: str) -> None:
        """Let providers, or all of them, misbehave from now on in one of `FAULTS`."""
        self.fault.update(dict.fromkeys(providers or DEFAULT_PROVIDERS, fault))

    def heal(self) -> None:
        """Let every provider answer again."""
        self.fault.clear()
        self.handlers.clear()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close, but for a fault that keeps the line open."""
        self._open.append(writer)
        request = await reader.readuntil(b"\r\n\r\n")
        path, _, query = request.split(b" ")[1].decode().partition("?")
        self.queries[path] = query
        self.asked[path] += 1
        lines = request.decode().split("\r\n")[1:]
        self.headers[path] = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        provider = path.split("/")[1]
        queue = self.once.get(provider)
        fault = queue.pop(0) if queue else self.fault.get(provider, "")
        handler = self.handlers.get(provider) or FAULTS.get(fault) or sends(page("200 OK", self._body(path, fault)))
        handler(path, writer)
        if fault not in SILENT:
            writer.close()

    def _body(self, path: str, fault: str) -> bytes:
        tree = self.answers[path]
        return json.dumps(SPOILS[fault](tree, self.now) if fault in SPOILS else tree).encode()

    def close(self) -> None:
        for writer in self._open:
            writer.close()


def _all(value: Json) -> Spoil:
    return lambda tree, _now: with_numbers(tree, value)


POISONS: Mapping[str, Spoil] = {
    "nan": _all(float("nan")),
    "infinity": _all(float("inf")),
    "negative": _all(-1),
    "null": _all(None),
    "zero": _all(0),
    "true": _all(True),
    "string": _all("lots"),
    "huge": _all(10**40),
    "missing": lambda tree, _now: without_leaves(tree),
}
DELUSIONS: Mapping[str, Spoil] = {
    "stale": lambda tree, now: with_times(tree, now, -DAY),
    "future": lambda tree, now: with_times(tree, now, DAY),
    "tenfold": lambda tree, _now: with_prices_tenfold(tree),
}

SPOILS = {**POISONS, **DELUSIONS}
BOMB = gzip.compress(bytes(30_000_000))

FAULTS: Mapping[str, Handler] = {
    "503": sends(page("503 Service Unavailable", b"")),
    "451": sends(page("451 Unavailable For Legal Reasons", b"{}")),
    "gzip bomb": sends(page("200 OK", BOMB, more="Content-Encoding: gzip\r\n")),
    "500": sends(page("500 Internal Server Error", b'{"error": "boom"}')),
    "429": sends(page("429 Too Many Requests", b"<html>slow down</html>", kind="text/html")),
    "403": sends(page("403 Forbidden", b"")),
    "html": sends(page("200 OK", b"<!DOCTYPE html><html><body>Just a moment</body></html>", kind="text/html")),
    "redirect": sends(page("302 Found", b"", more="Location: http://127.0.0.1:9/elsewhere\r\n")),
    "half of a JSON": sends(page("200 OK", b'{"fastestFee": 1, "data": [')),
    "empty": sends(page("200 OK", b"")),
    "endless": sends(page("200 OK", b"[" + b"1," * 1_500_000 + b"1]")),
    "cut": sends(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"fastestFee": 1'),
    "reset": lambda _path, writer: writer.transport.abort(),
    "hang": lambda _path, _writer: None,
    "drip": drips,
}


@asynccontextmanager
async def open_web(now: datetime) -> AsyncIterator[Web]:
    """Serve the providers on a free port."""
    web = Web(now)
    server = await asyncio.start_server(web.handle, "127.0.0.1", 0)
    web.root = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield web
    finally:
        web.close()
        server.close()
        await server.wait_closed()
