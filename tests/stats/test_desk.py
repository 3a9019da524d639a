"""The desk against a real HTTP server on loopback that answers, fails and lies."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import Never

import pytest

from bot.model.quote import Coin, Missing, Quality, Quote, Snapshot
from bot.stats import DEFAULT_PROVIDERS, STATS, Desk, ProviderSettings, open_desk
from bot.stats.asert import next_bits
from bot.stats.catalog import CATALOG
from bot.stats.desk import LOOK_UP, Habits
from bot.stats.header import difficulty
from bot.stats.source import Source
from tests.conftest import StandingClock
from tests.patiently import LONG, PATIENT
from tests.timelapse import lapse
from tests.web import FAULTS, POISONS, SHORT, Web


@pytest.fixture
async def desk(web: Web, clock: StandingClock) -> AsyncIterator[Desk]:
    async with aclosing(web.desk(clock)) as desk:
        yield desk


async def quotes(desk: Desk, key: str) -> dict[Coin, Quote | Missing]:
    (snapshot,) = await desk.snapshots((key,))
    return dict(snapshot.sides)


async def quote(desk: Desk, key: str, coin: Coin) -> Quote:
    side = (await quotes(desk, key))[coin]
    assert isinstance(side, Quote), side
    return side


REVENUE = 86_400 * 1e15 / 2**32  # USD a day for a PH/s at difficulty 1 and a reward worth one dollar
PROFIT = (3.145 * 90_000 / 1.49e14) / (3.1251 * 450 / 7.3e11)

NOON = StandingClock().now.timestamp()
LIVE = {
    "price": (90_000, 450),
    "change-24h": (-1.2, 2.4),
    "market-cap": (1_801_800_000_000.5, 9_020_000_000.25),
    "ratio": (200, 0.005),
    "fee": (2.5, 1),
    "payment-cost": (353 * 90_000 / 1e8, 226 * 450 / 1e8),
    "height": (976_500, 978_100),
    "block-age": (480, 900),
    "mempool-count": (31_690, 120),
    "mempool-size": (18_915_420, 44_000),
    "hashrate": (1.05e21, 5.2e18),
    "difficulty": (1.49e14, 7.3e11),
    "next-difficulty": (1.49e14 * 1.017, difficulty(next_bits(978_100, int(NOON) - 900))),
    "supply": (20_114_065.625, 20_119_065.625),
    "halving-blocks": (73_500, 71_900),
    "change-7d": (-4.25, 6.5),
    "dominance": (1_801_800_000_000.5 / 30_000_000_000.005, 9_020_000_000.25 / 30_000_000_000.005),
    "fee-hour": (0.5, 1),
    "fee-economy": (0.2, 1),
    "median-fee": (320, 226),
    "payment-sat": (353, 226),
    "block-interval": (590, 612),
    "block-size": (1_700_000, 60_000),
    "block-fullness": (100 * 3.993 / 4, 100 * 60_000 / 32_000_640),
    "block-limit": (4_000_000, 32_000_640),
    "mempool-blocks": (18.915_42, 44_000 / 32_000_640),
    "hashrate-share": (105_000 / 1_055.2, 520 / 1_055.2),
    "mined": (20_114_065.625 / 209_999.999_769, 20_119_065.625 / 209_999.999_769),
    "subsidy": (3.125, 3.125),
    "halving-height": (1_050_000, 1_050_000),
    "transactions": (432_000, 21_600),
    "transactions-per-second": (5, 0.25),
    "mining-revenue": (REVENUE / 1.49e14 * 3.145 * 90_000, REVENUE / 7.3e11 * 3.1251 * 450),
    "mining-profit": (PROFIT, 1 / PROFIT),
}

# What only one chain has.
LONE = {"retarget": 1.7, "retarget-date": 743_400.114}


@pytest.mark.parametrize("key", LIVE)
async def test_every_statistic_reads_its_first_source(key: str, desk: Desk) -> None:
    """With all sources well, a statistic has the first one's number for both coins."""
    sides = await quotes(desk, key)

    assert {coin: side.value for coin, side in sides.items() if isinstance(side, Quote)} == pytest.approx(
        dict(zip(Coin, LIVE[key], strict=True)), rel=1e-9
    )


def test_the_table_above_names_every_statistic() -> None:
    """No statistic goes untested."""
    assert {*LIVE, *LONE, "halving"} == set(STATS)


def test_titles_tell_statistics_apart() -> None:
    """No two rows of the table of all statistics read the same, and each has its own phrasings."""
    asks = [ask for stat in STATS.values() for ask in stat.ask]

    assert len({stat.title for stat in STATS.values()}) == len(STATS)
    assert len(set(asks)) == len(asks)


@pytest.mark.parametrize("key", LONE)
async def test_a_chain_without_a_statistic_says_why(key: str, desk: Desk, web: Web, clock: StandingClock) -> None:
    """BTC has an adjustment ahead; BCH has none, for a reason that readers understand, and nobody is asked."""
    sides = await quotes(desk, key)

    assert isinstance(btc := sides[Coin.BTC], Quote)
    assert btc.value % clock.now.timestamp() == pytest.approx(LONE[key])
    assert sides[Coin.BCH] == Missing("its difficulty adjusts with every block, so no adjustment lies ahead")
    assert set(web.asked) == {"/mempool_space/api/v1/difficulty-adjustment"}


async def test_the_next_halving_follows_each_chains_own_rule(desk: Desk, clock: StandingClock) -> None:
    """BTC counts 600 s a block from now; BCH keeps to the schedule of its anchor."""
    sides = await quotes(desk, "halving")

    assert isinstance(btc := sides[Coin.BTC], Quote)
    assert isinstance(bch := sides[Coin.BCH], Quote)
    assert btc.value == clock.now.timestamp() + 73_500 * 600
    assert bch.value == 1_605_447_844 + 600 * (1_050_000 - 661_646)


@pytest.mark.parametrize("key", ["halving", "next-difficulty"])
async def test_nothing_is_told_of_a_chain_before_its_rule(key: str, desk: Desk, web: Web) -> None:
    """Below the block that ASERT counts from, its schedule and its difficulty mean nothing."""
    web.answers["/bchexplorer/api/v1/blocks"][0]["height"] = 150
    web.answers["/blockchair/bitcoin-cash/stats"]["data"]["best_block_height"] = 150

    sides = await quotes(desk, key)

    assert isinstance(sides[Coin.BTC], Quote)
    assert sides[Coin.BCH] == Missing("does not follow from what bchexplorer.cash gave")


@pytest.mark.parametrize("fault", [*FAULTS, *POISONS])
async def test_a_bad_first_source_gives_way_to_the_second(fault: str, web: Web, clock: StandingClock) -> None:
    """Whatever the first source does, the second one's number is shown, with its name."""
    web.fail(fault, "bchexplorer", "mempool_space")

    async with aclosing(web.desk(clock)) as desk:
        fee = await quotes(desk, "fee")

    assert {coin: (side.value, side.source) for coin, side in fee.items() if isinstance(side, Quote)} == {
        Coin.BTC: (3.5, "Blockstream"),
        Coin.BCH: (2, "Blockchair"),
    }


@pytest.mark.parametrize("fault", [*FAULTS, *POISONS])
async def test_all_sources_bad_means_missing_with_the_reasons(fault: str, web: Web, clock: StandingClock) -> None:
    """No number is made up, and every source's failure is named."""
    web.fail(fault)

    async with aclosing(web.desk(clock)) as desk:
        fee = await quotes(desk, "fee")

    assert isinstance(bch := fee[Coin.BCH], Missing)
    assert "bchexplorer.cash" in bch.reason
    assert "Blockchair" in bch.reason


EXCHANGES = ("coingecko", "kraken", "coinbase", "bitstamp")
EXPLORERS = ("mempool_space", "blockstream")

# Each statistic with its sources failing one after the other; the median fee has one source alone.
FALLBACKS = {
    "price, CoinGecko down": ("price", ("coingecko",), 90_020, "Kraken"),
    "price, Kraken too": ("price", ("coingecko", "kraken"), 90_030, "Coinbase"),
    "price, Coinbase too": ("price", EXCHANGES[:3], 90_040, "Bitstamp"),
    "price, Bitstamp too": ("price", EXCHANGES, 90_100, "mempool.space"),
    "price, mempool.space too": ("price", (*EXCHANGES, "mempool_space"), 90_010, "Blockchair"),
    "price, only CoinPaprika": ("price", (*EXCHANGES, "mempool_space", "blockchair"), 90_050.5, "CoinPaprika"),
    "change": ("change-24h", ("coingecko",), -1.25, "Blockchair"),
    "change, Blockchair too": ("change-24h", ("coingecko", "blockchair"), -1.35, "Bitstamp"),
    "change, only CoinPaprika": ("change-24h", ("coingecko", "blockchair", "bitstamp"), -1.31, "CoinPaprika"),
    "change of the week": ("change-7d", ("coingecko",), -4.4, "CoinPaprika"),
    "market cap": ("market-cap", ("coingecko",), 1_802_000_000_000, "Blockchair"),
    "market cap, Blockchair too": ("market-cap", ("coingecko", "blockchair"), 1_802_500_000_000, "CoinPaprika"),
    "dominance": ("dominance", ("coingecko", "blockchair"), 180_250 / 3_050, "CoinPaprika"),
    "market cap, derived": (
        "market-cap",
        ("coingecko", "blockchair", "coinpaprika"),
        20_114_065.625 * 90_020,
        "mempool.space + Kraken",
    ),
    "height": ("height", ("mempool_space",), 976_500, "Blockstream"),
    "height, only Blockchair": ("height", EXPLORERS, 976_500, "Blockchair"),
    "hash rate, a text": ("hashrate", ("mempool_space",), 1.049e21, "Blockchair (24 h)"),
    "difficulty": ("difficulty", ("mempool_space",), 1.49e14, "Blockchair"),
    "mempool": ("mempool-count", ("mempool_space",), 31_500, "Blockstream"),
    "mempool, only Blockchair": ("mempool-count", EXPLORERS, 31_000, "Blockchair"),
    "mempool size": ("mempool-size", ("mempool_space",), 18_000_000, "Blockstream"),
    "mempool in blocks": ("mempool-blocks", ("mempool_space",), 18, "Blockstream"),
    "last block": ("block-age", ("mempool_space",), 480, "Blockstream"),
    "last block, only Blockchair": ("block-age", EXPLORERS, 440, "Blockchair"),
    "block interval": ("block-interval", ("mempool_space",), 580, "Blockstream"),
    "block interval, only Blockchair": ("block-interval", EXPLORERS, 576, "Blockchair"),
    "block size": ("block-size", ("mempool_space",), 1_700_000, "Blockstream"),
    "block fullness": ("block-fullness", ("mempool_space",), 99.825, "Blockstream"),
    "block limit": ("block-limit", ("mempool_space",), 4_000_000, "Blockstream"),
    "fee": ("fee", ("mempool_space",), 3.5, "Blockstream"),
    "fee, only Blockchair": ("fee", EXPLORERS, 4, "Blockchair"),
    "fee, an hour": ("fee-hour", ("mempool_space",), 1.5, "Blockstream"),
    "fee, no hurry": ("fee-economy", ("mempool_space",), 0.75, "Blockstream"),
    "payment in sat": ("payment-sat", ("mempool_space",), 494, "Blockstream"),
    "payment": ("payment-cost", ("mempool_space", "coingecko"), 494 * 90_020 / 1e8, "Blockstream + Kraken"),
    "ratio": ("ratio", ("coingecko",), 90_020 / 450.2, "Kraken"),
    "hash rates": ("hashrate-share", ("mempool_space", "bchexplorer"), 104_900 / 1_054.19, "Blockchair (24 h)"),
    "next difficulty": ("next-difficulty", ("mempool_space",), 1.49e14 * 1.2, "Blockchair + Blockstream"),
    "retarget": ("retarget", ("mempool_space",), 20, "Blockstream"),
    "retarget date": ("retarget-date", ("mempool_space",), NOON - 480 + 1_260 * 500, "Blockstream"),
    "retarget date, only Blockchair": ("retarget-date", EXPLORERS, NOON + 9 * 86_400, "Blockchair"),
    "supply": ("supply", ("mempool_space",), 20_114_065.625, "Blockstream"),
    "mined": ("mined", EXPLORERS, 20_114_065.625 / 209_999.999_769, "Blockchair"),
    "subsidy": ("subsidy", EXPLORERS, 3.125, "Blockchair"),
    "halving": ("halving", EXPLORERS, NOON - 40 + 73_500 * 600, "Blockchair"),
    "halving height": ("halving-height", ("mempool_space",), 1_050_000, "Blockstream"),
    "halving blocks": ("halving-blocks", ("mempool_space",), 73_500, "Blockstream"),
    "transactions": ("transactions", ("mempool_space",), 420_000, "Blockchair"),
    "transactions a second": ("transactions-per-second", ("mempool_space",), 420 / 86.4, "Blockchair"),
    "mining revenue": (
        "mining-revenue",
        (*EXPLORERS, "coingecko"),
        REVENUE / 1.49e14 * (3.125 + 0.0252) * 90_020,
        "Blockchair + Kraken",
    ),
    "mining profit": (
        "mining-profit",
        (*EXPLORERS, "bchexplorer", "coingecko"),
        (3.1502 * 90_020 / 1.49e14) / (3.12545 * 450.2 / 730_000_000_000.5),
        "Blockchair + Kraken",
    ),
}


def test_the_table_of_fallbacks_names_every_statistic() -> None:
    """Each statistic survives the loss of its first source, but for the one that has one source alone."""
    assert {key for key, *_ in FALLBACKS.values()} == set(STATS) - {"median-fee"}


@pytest.mark.parametrize(("key", "down", "value", "source"), FALLBACKS.values(), ids=FALLBACKS)
async def test_sources_are_asked_in_order(  # noqa: PLR0913 - a row of the table and two fixtures
    *, key: str, down: tuple[str, ...], value: float, source: str, desk: Desk, web: Web
) -> None:
    """Each source that fails hands over to the next one of its statistic."""
    web.fail("500", *down)

    got = await quote(desk, key, Coin.BTC)

    assert got.value == pytest.approx(value)
    assert got.source == source


# BCH without its explorer, whose blocks alone have a size and a limit.
BCH_FALLBACKS = {
    "fee": 2,
    "fee-hour": 2,
    "fee-economy": 2,
    "payment-sat": 452,
    "height": 978_100,
    "block-age": 860,
    "block-interval": 640,
    "block-limit": 32_000_000,
    "mempool-count": 118,
    "mempool-size": 43_000,
    "mempool-blocks": 43 / 32_000,
    "hashrate": 5.19e18,
    "difficulty": 730_000_000_000.5,
    "supply": 20_119_065.625,
    "transactions": 20_250,
}


@pytest.mark.parametrize(("key", "value"), BCH_FALLBACKS.items())
async def test_blockchair_stands_in_for_the_explorer_of_bch(key: str, value: float, desk: Desk, web: Web) -> None:
    """Where a limit is not known, the least that it can be counts."""
    web.fail("500", "bchexplorer")

    got = await quote(desk, key, Coin.BCH)

    assert got.value == pytest.approx(value)
    assert got.source == ("Blockchair (24 h)" if key == "hashrate" else "Blockchair")


@pytest.mark.parametrize("state", [None, {}, {"next_block_size_limit": None}, {"next_block_size_limit": "32000000"}])
async def test_a_limit_that_is_not_given_is_the_least_there_is(state: object, desk: Desk, web: Web) -> None:
    """An explorer that has not indexed the adaptive limit still gives heights and sizes, and no limit is made up."""
    web.answers["/bchexplorer/api/v1/blocks"][0]["abla_state"] = state

    limit = await quote(desk, "block-limit", Coin.BCH)
    filled = await quote(desk, "block-fullness", Coin.BCH)

    assert limit.value == 32_000_000
    assert filled.value == pytest.approx(100 * 60 / 32_000)


async def test_a_lone_side_is_missing_alone(desk: Desk, web: Web) -> None:
    """A chain whose sources fail leaves the other chain's number standing."""
    web.fail("500", "bchexplorer", "blockchair")

    fee = await quotes(desk, "fee")

    assert isinstance(fee[Coin.BTC], Quote)
    assert fee[Coin.BCH] == Missing("bchexplorer.cash answered HTTP 500, Blockchair answered HTTP 500")


async def test_bytes_never_stand_in_for_virtual_bytes(desk: Desk, web: Web) -> None:
    """Blockchair's BTC mempool is in bytes, so without the explorers its size in vMB is missing."""
    web.fail("500", *EXPLORERS)

    size = await quotes(desk, "mempool-size")

    assert isinstance(size[Coin.BTC], Missing)


async def test_two_hundred_askers_cost_one_request(desk: Desk, web: Web) -> None:
    """All who ask at once share a request, and those who ask soon after get its cached number."""
    await asyncio.gather(*(desk.snapshots(("fee",)) for _ in range(200)))
    later = await quote(desk, "fee", Coin.BTC)

    assert set(web.asked.values()) == {1}
    assert later.quality is Quality.CACHED


async def test_two_hundred_askers_of_a_stale_number_cost_one_request(
    desk: Desk, web: Web, clock: StandingClock
) -> None:
    """The same when a number was known and is no longer fresh."""
    await quotes(desk, "fee")
    clock.pass_by(STATS["fee"].fresh_for)

    found = await asyncio.gather(*(quote(desk, "fee", Coin.BTC) for _ in range(200)))

    assert set(web.asked.values()) == {2}
    assert {(one.value, one.quality) for one in found} == {(2.5, Quality.LIVE)}


async def test_a_number_is_fetched_anew_when_it_is_no_longer_fresh(desk: Desk, web: Web, clock: StandingClock) -> None:
    """A number older than its statistic's `fresh_for` is looked up again."""
    await quotes(desk, "fee")
    clock.pass_by(STATS["fee"].fresh_for)

    again = await quote(desk, "fee", Coin.BTC)

    assert web.asked["/mempool_space/api/v1/fees/precise"] == 2
    assert again.quality is Quality.LIVE


@pytest.mark.parametrize(("later", "kept"), [(0, True), (1, False)], ids=["old", "too old"])
async def test_the_last_known_number_outlives_its_sources(
    *, later: int, kept: bool, desk: Desk, web: Web, clock: StandingClock
) -> None:
    """A number is kept for `keep_for` when every source is down, with its own age, then dropped."""
    first = await quote(desk, "fee", Coin.BTC)
    web.fail("500")
    clock.pass_by(STATS["fee"].keep_for + timedelta(seconds=later))

    side = (await quotes(desk, "fee"))[Coin.BTC]

    assert isinstance(side, Quote) is kept
    if isinstance(side, Quote):
        assert (side.quality, side.observed_at) == (Quality.LAST_KNOWN, first.observed_at)


async def test_a_source_that_failed_is_left_alone_for_a_while(desk: Desk, web: Web, clock: StandingClock) -> None:
    """A failed source is skipped for half a minute, then asked again."""
    web.fail("500", "mempool_space")
    await quotes(desk, "mempool-count")
    await quotes(desk, "mempool-count")
    asked = web.asked["/mempool_space/api/mempool"]
    web.heal()
    clock.pass_by(timedelta(seconds=50))

    healed = await quote(desk, "mempool-count", Coin.BTC)

    assert asked == 1
    assert healed.source == "mempool.space"


@pytest.mark.parametrize(("deadline", "patience"), [(SHORT, LONG), (LONG, SHORT)], ids=["down", "slow"])
async def test_a_source_that_hangs_is_not_asked_at_another_address(
    *, deadline: timedelta, patience: timedelta, web: Web, clock: StandingClock
) -> None:
    """Two addresses of one silent source cost one wait, not two, whether it has been given up or not yet."""
    web.fail("hang", "mempool_space")
    providers = web.providers()
    providers["mempool_space"] = replace(providers["mempool_space"], timeout=deadline)
    desk = open_desk(providers, clock, habits=Habits(LONG, patience=patience))

    looking = asyncio.create_task(quote(desk, "fee", Coin.BTC))
    while not (desk._flights or looking.done()):  # noqa: ASYNC110 - the silent one is asked; others may take their time
        await asyncio.sleep(0)
    desk._habits = PATIENT
    fee = await looking
    await desk.aclose()

    assert fee.source == "Blockstream"
    assert web.asked["/mempool_space/api/v1/fees/recommended"] == 0


async def test_a_source_that_lags_is_passed_over(desk: Desk, web: Web, clock: StandingClock) -> None:
    """A source whose own clock says its number is old hands over to one with a current number."""
    web.answers["/coingecko/simple/price"]["bitcoin"]["last_updated_at"] -= 3600

    price = await quote(desk, "price", Coin.BTC)

    assert price.source == "Kraken"


async def test_a_number_all_sources_call_old_is_shown_as_such(desk: Desk, web: Web, clock: StandingClock) -> None:
    """Where nobody has a current number, the youngest is shown as last known, with its true age."""
    for coin in ("bitcoin", "bitcoin-cash"):
        web.answers["/coingecko/simple/price"][coin]["last_updated_at"] -= 3600
    web.fail("500", *EXCHANGES[1:], "blockchair", "mempool_space", "coinpaprika")

    price = await quote(desk, "price", Coin.BTC)

    assert price.quality is Quality.LAST_KNOWN
    assert clock.now - price.observed_at == timedelta(seconds=3620)


@pytest.mark.parametrize(("minutes", "shown"), [(20, True), (30, True), (31, False), (60 * 24 * 365, False)])
async def test_an_old_fee_is_not_quoted(
    *, minutes: int, shown: bool, desk: Desk, web: Web, clock: StandingClock
) -> None:
    """What a source itself calls older than half an hour is no fee to pay by, not even as the last known one."""
    since = f"{clock.now - timedelta(minutes=minutes):%Y-%m-%d %H:%M:%S}"
    web.answers["/blockchair/bitcoin/stats"]["context"]["cache"]["since"] = since
    web.fail("500", *EXPLORERS)

    side = (await quotes(desk, "fee"))[Coin.BTC]

    if shown:
        assert isinstance(side, Quote)
        assert (side.quality, clock.now - side.observed_at) == (Quality.LAST_KNOWN, timedelta(minutes=minutes))
    else:
        assert isinstance(side, Missing)
        assert "Blockchair gave a number that is too old" in side.reason


async def test_a_providers_clock_ahead_of_ours_gives_no_negative_age(
    desk: Desk, web: Web, clock: StandingClock
) -> None:
    """A number from the future is as old as its look-up, and a block from the future was found just now."""
    web.answers["/coingecko/simple/price"]["bitcoin"]["last_updated_at"] += 600
    web.answers["/mempool_space/api/v1/blocks"][0]["timestamp"] += 6000

    price = await quote(desk, "price", Coin.BTC)
    block_age = await quote(desk, "block-age", Coin.BTC)

    assert price.observed_at == clock.now
    assert block_age.value == 0


async def test_a_switched_off_source_is_never_asked(web: Web, clock: StandingClock) -> None:
    """`enabled: false` takes a provider out."""
    providers = {**web.providers(), "coingecko": ProviderSettings(f"{web.root}/coingecko", enabled=False)}
    desk = open_desk(providers, clock, habits=PATIENT)

    price = await quote(desk, "price", Coin.BTC)
    await desk.aclose()

    assert price.source == "Kraken"
    assert web.asked["/coingecko/simple/price"] == 0


async def test_without_any_source_the_reason_says_so(web: Web, clock: StandingClock) -> None:
    """Nothing is enabled, so nothing can be said."""
    providers = {name: ProviderSettings(one.base_url, enabled=False) for name, one in web.providers().items()}
    desk = open_desk(providers, clock, habits=PATIENT)

    sides = await quotes(desk, "price")
    await desk.aclose()

    assert sides[Coin.BTC] == Missing("no source is enabled")


async def test_offline_asks_nobody(web: Web, clock: StandingClock) -> None:
    """Offline, every number is missing and no request is made."""
    desk = open_desk(web.providers(), clock, offline=True)

    sides = [side for snapshot in await desk.snapshots(tuple(STATS)) for side in snapshot.sides.values()]
    await desk.aclose()

    never = {reason for one in CATALOG.values() for reason in one.lacks.values()}
    assert {side.reason for side in sides if isinstance(side, Missing)} == {"offline", *never}
    assert all(isinstance(side, Missing) for side in sides)
    assert not web.asked


async def test_a_look_up_ends_in_time(web: Web, clock: StandingClock) -> None:
    """When sources hang one after the other, the look-up's own limit ends it and the reason says so."""
    web.fail("hang")
    waiting = {name: replace(one, timeout=LONG) for name, one in web.providers().items()}
    desk = open_desk(waiting, clock, habits=Habits(SHORT, patience=LONG))

    sides = await quotes(desk, "fee")
    await desk.aclose()

    assert sides[Coin.BTC] == Missing("other sources not asked for want of time")


class Silent(Source):
    """Never answers."""

    async def answer(self, _: object) -> Never:
        await asyncio.Event().wait()
        raise AssertionError


def test_all_statistics_together_take_no_longer_than_one(clock: StandingClock) -> None:
    """With every source silent, all that there are end with the time limit of one."""

    async def main() -> tuple[Sequence[Snapshot], float]:
        desk = Desk({name: Silent(name, one, clock) for name, one in DEFAULT_PROVIDERS.items()}, clock, Habits())
        snapshots = await desk.snapshots(tuple(STATS))
        took = asyncio.get_running_loop().time()
        await desk.aclose()
        return snapshots, took

    snapshots, took = lapse(main())

    assert took == pytest.approx(LOOK_UP.total_seconds())
    assert all(isinstance(side, Missing) for one in snapshots for side in one.sides.values())


SHAPES: dict[str, Callable[[Web], None]] = {
    "Kraken's error list": lambda web: web.answers["/kraken/0/public/Ticker"]["error"].append("EGeneral:Busy"),
    "a ticker without its price": lambda web: web.answers["/kraken/0/public/Ticker"]["result"].clear(),
    "milliseconds for seconds": lambda web: web.answers["/coingecko/simple/price"]["bitcoin"].update(
        last_updated_at=1_779_092_258_000_000
    ),
    "a text for a number": lambda web: web.answers["/coingecko/simple/price"]["bitcoin"].update(usd="90000"),
}


@pytest.mark.parametrize("change", SHAPES.values(), ids=SHAPES)
async def test_a_changed_shape_is_a_failed_source(change: Callable[[Web], None], desk: Desk, web: Web) -> None:
    """What is not of the documented shape is never read as a number."""
    web.fail("500", *EXCHANGES[2:], "mempool_space", "blockchair", "coinpaprika")
    change(web)
    names = {"/kraken/0/public/Ticker": "coingecko", "/coingecko/simple/price": "kraken"}
    web.fail("500", *(down for path, down in names.items() if web.answers[path] != Web(web.now).answers[path]))

    sides = await quotes(desk, "price")

    assert isinstance(sides[Coin.BTC], Missing)
