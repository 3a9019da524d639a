"""`python -m bot stats --json` against real nodes and Electrum servers, and against what providers once answered.

The program waits for nobody longer than a reader would, so on a busy machine a number may be missing; none is wrong.
"""

import asyncio
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.faces.terminal.numbers import as_objects
from bot.model.clock import utc_now
from bot.model.quote import Coin
from bot.stats import DEFAULT_PROVIDERS, STATS, ProviderSettings
from tests.conftest import ROOT
from tests.nodes import Node
from tests.patiently import LONG
from tests.stats.conftest import FEW
from tests.web import Json, Web, open_web, with_times

BTC, BCH = Coin
Key = tuple[str, Coin]
Numbers = dict[Key, dict[str, Any]]


async def printed(providers: Mapping[str, ProviderSettings]) -> Numbers:
    """Return what the program prints, in a process of its own, where nobody but those providers is asked."""
    environment = {f"{name}__ENABLED": "false" for name in DEFAULT_PROVIDERS}
    for name, one in providers.items():
        environment |= {f"{name}__ENABLED": "true", f"{name}__BASE_URL": one.base_url, f"{name}__KEY": one.key or ""}
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "stats", "--json"),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={
            **os.environ,
            "BOT__DATABASE__URL": "sqlite+aiosqlite://",
            **{f"BOT__SOURCES__{variable.upper()}": value for variable, value in environment.items()},
        },
    )
    out, _ = await program.communicate()
    assert program.returncode == 0
    return as_numbers(json.loads(out))


def as_numbers(objects: Iterable[dict[str, Any]]) -> Numbers:
    return {(one["stat"], Coin(one["coin"])): one for one in objects}


def given(numbers: Numbers) -> dict[Key, float]:
    """Return the numbers there are, each with all that belongs to it, where each that is missing has a reason."""
    found = {key: one for key, one in numbers.items() if one["quality"] != "missing"}
    assert list(numbers) == [(key, coin) for key in STATS for coin in Coin]
    assert all(one["reason"] and one["value"] is None for key, one in numbers.items() if key not in found)
    for one in found.values():
        assert one["unit"] == STATS[one["stat"]].unit
        assert datetime.fromisoformat(one["observed_at"]) <= utc_now()
        assert one["age"] >= 0
        assert one["quality"] in {"live", "cached", "last-known", "derived", "disputed"}
    return {key: one["value"] for key, one in found.items()}


def of_both(**values: float) -> dict[Key, float]:
    return {(key.replace("_", "-"), coin): value for key, value in values.items() for coin in Coin}


async def test_own_nodes_numbers_are_printed(young: dict[Coin, Node]) -> None:
    """Against a real node of each chain: their numbers, and for all others why there are none."""
    numbers = await printed({f"{coin}_node": one.settings(LONG) for coin, one in young.items()})

    found = given(numbers)

    of_height = of_both(height=FEW, supply=50 * (FEW + 1), subsidy=50, halving_height=210_000, mempool_count=0)
    assert {numbers[key]["source"] for key in found} == {"own node"}
    known = {**of_height, **of_both(block_interval=600), ("block-limit", BTC): 4_000_000}
    assert {key: value for key, value in found.items() if key in known}.items() <= known.items()
    assert {coin for _, coin in found} == set(Coin)


async def test_electrum_servers_numbers_are_printed(young_electrum_urls: dict[Coin, str]) -> None:
    """Against real Electrum servers: a relay fee, and no block of a network where none takes work."""
    numbers = await printed({f"{coin}_electrum": ProviderSettings(url) for coin, url in young_electrum_urls.items()})

    found = given(numbers)

    relayed = dict.fromkeys([("fee", BCH), ("fee-hour", BCH), ("fee-economy", BCH)], 1)
    assert found.items() <= {**relayed, ("payment-sat", BCH): 226}.items()
    assert {numbers[key]["source"] for key in found} == {"Electrum server"}


# Where each recorded answer was given, a part of it that is meant, and a moment near the times in it.
RECORDED: dict[str, tuple[str, str, datetime]] = {
    "/mempool_space/api/v1/fees/precise": ("mempool.space/v1_fees_precise.json", "", datetime(2026, 1, 1, tzinfo=UTC)),
    "/mempool_space/api/mempool": ("mempool.space/mempool.json", "", datetime(2026, 1, 1, tzinfo=UTC)),
    "/mempool_space/api/v1/blocks": (
        "mempool.space/e2e/mainnet_mempoolInfo.json",
        "blocks",
        datetime(2024, 3, 31, 3, 15, 30, tzinfo=UTC),
    ),
    "/mempool_space/api/v1/mining/hashrate/3d": (
        "mempool.space/v1_mining_hashrate_timePeriod.json",
        "",
        datetime(2022, 5, 16, tzinfo=UTC),
    ),
    "/mempool_space/api/v1/mining/reward-stats/144": (
        "mempool.space/v1_mining_reward_stats_blockCount.json",
        "",
        datetime(2026, 1, 1, tzinfo=UTC),
    ),
    "/mempool_space/api/v1/difficulty-adjustment": (
        "mempool.space/e2e/mainnet_mempoolInfo.json",
        "da",
        datetime(2024, 3, 31, 3, 15, 30, tzinfo=UTC),
    ),
    "/coingecko/simple/price": ("coingecko/simple_price.json", "", datetime(2026, 5, 18, 8, 18, tzinfo=UTC)),
    "/coingecko/coins/markets": ("coingecko/coins_markets.json", "", datetime(2026, 5, 18, 12, 50, tzinfo=UTC)),
    "/coingecko/global": ("coingecko/global.json", "", datetime(2026, 5, 27, 10, 40, tzinfo=UTC)),
    "/kraken/0/public/Ticker": ("kraken/ticker_XBTUSD_82999.json", "", datetime(2026, 1, 1, tzinfo=UTC)),
    "/blockchair/bitcoin-cash/stats": (
        "blockchair/bitcoin-cash_stats_2021-11-19T1948.json",
        "",
        datetime(2021, 11, 19, 19, 48, 30, tzinfo=UTC),
    ),
}
REPLAYED: dict[Key, tuple[float, str]] = {
    ("change-24h", BTC): (-1.4093297098441402, "CoinGecko"),
    ("change-7d", BTC): (-4.042267423689584, "CoinGecko"),
    ("market-cap", BTC): (1_542_226_908_349.8406, "CoinGecko"),
    ("dominance", BTC): (154_222_690_834_984.06 / 2_621_040_321_355.0405, "CoinGecko"),
    ("fee", BTC): (2.023, "mempool.space"),
    ("fee-hour", BTC): (0.502, "mempool.space"),
    ("fee-economy", BTC): (0.2, "mempool.space"),
    ("payment-sat", BTC): (286, "mempool.space"),
    ("height", BTC): (837_050, "mempool.space"),
    ("block-size", BTC): (2_137_871, "mempool.space"),
    ("block-fullness", BTC): (99.816_95, "mempool.space"),
    ("mempool-count", BTC): (3_169, "mempool.space"),
    ("mempool-size", BTC): (1_891_542, "mempool.space"),
    ("hashrate", BTC): (252_033_247_355_212_300_000.0, "mempool.space (7 d)"),
    ("difficulty", BTC): (31_251_101_365_711.12, "mempool.space"),
    ("retarget", BTC): (5.914788959658535, "mempool.space"),
    ("transactions", BTC): (164_216 * 1.44, "mempool.space"),
    ("supply", BTC): (19_669_068.75, "mempool.space"),
    ("subsidy", BTC): (6.25, "mempool.space"),
    ("halving-height", BTC): (840_000, "mempool.space"),
    ("price", BCH): (574.95, "Blockchair"),
    ("change-24h", BCH): (2.04831, "Blockchair"),
    ("market-cap", BCH): (10_873_133_656, "Blockchair"),
    ("fee", BCH): (1, "Blockchair"),
    ("median-fee", BCH): (220, "Blockchair"),
    ("payment-cost", BCH): (226 * 574.95 / 1e8, "Blockchair"),
    ("height", BCH): (714_807, "Blockchair"),
    ("block-interval", BCH): (86_400 / 173, "Blockchair"),
    ("mempool-size", BCH): (33_223, "Blockchair"),
    ("hashrate", BCH): (1_893_552_640_078_511_302.0, "Blockchair (24 h)"),
    ("difficulty", BCH): (219_997_662_911.22, "Blockchair"),
    ("transactions", BCH): (80_934, "Blockchair"),
    ("subsidy", BCH): (6.25, "Blockchair"),
}


def replay(web: Web, payloads: Path) -> None:
    """Let a web give the recorded answers, as if they were of now, and nothing else."""
    web.answers = defaultdict(dict)
    for path, (file, part, then) in RECORDED.items():
        tree: Json = json.loads((payloads / file).read_bytes())
        web.answers[path] = with_times(tree[part] if part else tree, then, int((web.now - then).total_seconds()))


async def test_recorded_answers_are_printed(shared: Path) -> None:
    """Against what the providers really answered once, each number is the one in the file, in its unit."""
    async with open_web(utc_now()) as web:
        replay(web, shared / "payloads")
        desk = web.desk(utc_now)
        numbers = as_numbers(as_objects(await desk.snapshots(tuple(STATS)), utc_now()))
        await desk.aclose()

    found = given(numbers)

    assert {key: found[key] for key in REPLAYED} == pytest.approx({key: value for key, (value, _) in REPLAYED.items()})
    assert {key: numbers[key]["source"] for key in REPLAYED} == {key: source for key, (_, source) in REPLAYED.items()}
    price = numbers["price", BTC]
    assert (price["quality"], price["value"], price["other"]["value"]) == ("disputed", 76_975, 82_998.9)
