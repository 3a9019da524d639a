"""The desk against real nodes of both chains, and real Electrum servers over them; skipped where they cannot be had."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.errors import SourceError
from bot.model.quote import Coin, Missing, Quality, Quote
from bot.stats import DEFAULT_PROVIDERS, STATS, Desk, ProviderSettings, open_desk
from bot.stats.endpoint import Conversation, Origin
from bot.stats.line import open_line
from bot.stats.metric import Metric
from bot.stats.providers import electrum, node
from bot.stats.source import Source
from tests.conftest import StandingClock
from tests.nodes import SPACING, Node
from tests.patiently import LONG, PATIENT
from tests.stats.conftest import BLOCKS
from tests.web import SHORT

LATER = timedelta(minutes=2)
REGTEST = 0x207FFFFF
EASY = 4.6565423739e-10
Sides = dict[Coin, Quote | Missing]


def desk_over(clock: StandingClock, **providers: ProviderSettings) -> Desk:
    """Return a desk that asks nobody else."""
    off = {name: replace(one, enabled=False) for name, one in DEFAULT_PROVIDERS.items()}
    return open_desk({**off, **providers}, clock, habits=PATIENT)


@pytest.fixture
async def desk(nodes: dict[Coin, Node], clock: StandingClock) -> AsyncIterator[Desk]:
    desk = desk_over(clock, **{f"{coin}_node": node.settings(LONG) for coin, node in nodes.items()})
    yield desk
    await desk.aclose()


@pytest.fixture
async def spare_desk(spare: Node, clock: StandingClock) -> AsyncIterator[Desk]:
    desk = desk_over(clock, btc_node=spare.settings(LONG))
    yield desk
    await desk.aclose()


async def look(desk: Desk, key: str) -> Sides:
    (snapshot,) = await desk.snapshots((key,))
    return dict(snapshot.sides)


async def quote(desk: Desk, key: str, coin: Coin = Coin.BTC) -> Quote:
    side = (await look(desk, key))[coin]
    assert isinstance(side, Quote), side
    return side


async def values(name: str, settings: ProviderSettings, origin: Origin, clock: StandingClock) -> dict[Metric, float]:
    source = Source(name, replace(settings, timeout=LONG), clock)
    try:
        readings = await source.answer(origin)
    finally:
        await source.aclose()
    return {metric: reading.value for (metric, _), reading in readings.items()}


@pytest.mark.parametrize("coin", Coin)
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("height", BLOCKS),
        ("block-age", 300),
        ("difficulty", EASY),
        ("hashrate", 2 / SPACING.total_seconds()),
        ("halving-blocks", 210_000 - BLOCKS),
        ("supply", 50 * (BLOCKS + 1)),
    ],
)
async def test_an_own_nodes_number_is_shown(
    *, key: str, value: float, coin: Coin, desk: Desk, clock: StandingClock
) -> None:
    """A statistic is read from the node, under its name."""
    clock.pass_by(timedelta(seconds=300))

    got = await quote(desk, key, coin)

    assert got.value == pytest.approx(value, rel=1e-6)
    assert got.source.removesuffix(" (24 h)") == "own node"


@pytest.mark.parametrize("coin", Coin)
@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (Metric.TIP_BITS, REGTEST),
        (Metric.BLOCK_INTERVAL, SPACING.total_seconds()),
        (Metric.BLOCK_SIZE, pytest.approx(200, abs=10)),
    ],
)
async def test_what_no_statistic_shows_yet_is_read_as_well(
    *, metric: Metric, expected: float, coin: Coin, nodes: dict[Coin, Node], clock: StandingClock
) -> None:
    """The target, the mean time between blocks and their size come from the node, too."""
    (origin,) = node.ROUTES[metric, coin]

    found = await values(f"{coin}_node", nodes[coin].settings(LONG), origin, clock)

    assert found[metric] == expected


@pytest.mark.parametrize("coin", Coin)
async def test_a_payment_that_waits_is_counted(
    coin: Coin, desk: Desk, nodes: dict[Coin, Node], clock: StandingClock
) -> None:
    """The count follows the mempool, and memory is not taken for its size."""
    before = await quote(desk, "mempool-count", coin)
    nodes[coin].pay()
    clock.pass_by(STATS["mempool-count"].fresh_for)

    after = await quote(desk, "mempool-count", coin)
    size = (await look(desk, "mempool-size"))[coin]

    assert after.value == before.value + 1
    assert size == Missing("own node did not give it")


async def test_a_fee_that_nobody_knows_is_missing(desk: Desk) -> None:
    """Neither -1 nor an error is a fee."""
    sides = await look(desk, "fee")

    assert sides[Coin.BTC] == Missing("own node did not give it")
    assert sides[Coin.BCH] == Missing("own node reports error -1")


async def test_a_method_that_a_node_lacks_is_a_reason(nodes: dict[Coin, Node], clock: StandingClock) -> None:
    """These nodes count no transactions of a day."""
    (origin,) = node.ROUTES[Metric.TRANSACTIONS, Coin.BTC]

    with pytest.raises(SourceError, match="does not know the method"):
        await values("btc_node", nodes[Coin.BTC].settings(LONG), origin, clock)


async def test_a_wrong_password_is_a_reason(nodes: dict[Coin, Node], clock: StandingClock) -> None:
    """A node that turns us away is named with what it said."""
    desk = desk_over(clock, btc_node=replace(nodes[Coin.BTC].settings(LONG), key="wrong"))

    sides = await look(desk, "height")
    await desk.aclose()

    assert sides[Coin.BTC] == Missing("own node answered HTTP 401")


async def test_a_node_that_hears_nothing_is_not_believed(desk: Desk, clock: StandingClock) -> None:
    """A node whose last block is half a day old has lost the others."""
    clock.pass_by(timedelta(hours=12))

    sides = await look(desk, "mempool-count")

    assert set(sides.values()) == {Missing("own node has heard of no block for hours")}


async def test_a_node_without_its_chain_is_not_believed(spare: Node, spare_desk: Desk, clock: StandingClock) -> None:
    """A node gives numbers once it has caught up."""
    behind = (await look(spare_desk, "height"))[Coin.BTC]
    spare.mine(3, clock.now)
    clock.pass_by(LATER)

    assert behind == Missing("own node is still catching up with its chain")
    assert (await quote(spare_desk, "height")).value == 3


async def test_the_height_follows_a_reorganisation(spare: Node, spare_desk: Desk, clock: StandingClock) -> None:
    """When blocks are taken back, the height goes down once it is no longer fresh, and up again with new ones."""
    spare.mine(10, clock.now)
    before = await quote(spare_desk, "height")
    spare.call("invalidateblock", spare.call("getblockhash", 8))
    cached = await quote(spare_desk, "height")
    clock.pass_by(STATS["height"].fresh_for)

    after = await quote(spare_desk, "height")
    spare.mine(5, clock.now + SPACING)
    clock.pass_by(STATS["height"].fresh_for)
    again = await quote(spare_desk, "height")

    assert [one.value for one in (before, cached, after, again)] == [10, 10, 7, 12]
    assert after.quality is Quality.LIVE


async def test_a_node_that_hangs_leaves_its_last_number(nodes: dict[Coin, Node], clock: StandingClock) -> None:
    """While a node answers nothing, its last number is shown with its age; when it goes on, so do the numbers."""
    desk = desk_over(clock, bch_node=nodes[Coin.BCH].settings(LONG))
    source = desk._sources["bch_node"]
    patient, short = source._line, open_line(nodes[Coin.BCH].settings(SHORT))
    first = await quote(desk, "height", Coin.BCH)
    clock.pass_by(LATER)
    nodes[Coin.BCH].program.freeze()
    source._line = short
    try:
        hung = await quote(desk, "height", Coin.BCH)
    finally:
        nodes[Coin.BCH].program.thaw()
    source._line = patient
    await short.aclose()
    (state,) = desk.states
    clock.pass_by(LATER)

    again = await quote(desk, "height", Coin.BCH)
    await desk.aclose()

    assert (hung.quality, hung.observed_at, hung.value) == (Quality.LAST_KNOWN, first.observed_at, first.value)
    assert state.last_error == "timed out"
    assert (again.quality, again.observed_at) == (Quality.LIVE, clock.now)


async def test_a_node_that_is_killed_leaves_its_last_number_for_a_while(
    spare: Node, spare_desk: Desk, clock: StandingClock
) -> None:
    """The last number outlives the node for `keep_for`, then it is missing with the reason."""
    spare.mine(3, clock.now)
    first = await quote(spare_desk, "height")
    spare.program.kill()
    clock.pass_by(LATER)

    kept = await quote(spare_desk, "height")
    clock.pass_by(STATS["height"].keep_for)
    gone = (await look(spare_desk, "height"))[Coin.BTC]

    assert (kept.quality, kept.observed_at) == (Quality.LAST_KNOWN, first.observed_at)
    assert gone == Missing("own node could not be reached")


@pytest.mark.parametrize("coin", Coin)
async def test_an_electrum_server_says_what_its_node_says(
    coin: Coin, nodes: dict[Coin, Node], electrum_urls: dict[Coin, str], clock: StandingClock
) -> None:
    """Height, time, target and difficulty of the best block are the same, whoever is asked."""
    settings = replace(DEFAULT_PROVIDERS[f"{coin}_electrum"], base_url=electrum_urls[coin])
    tip = Conversation("", "", "tip", partial(electrum.tip, coin, REGTEST))
    (own,) = node.ROUTES[Metric.HEIGHT, coin]

    found = await values(f"{coin}_electrum", settings, tip, clock)

    assert found == await values(f"{coin}_node", nodes[coin].settings(LONG), own, clock)
    assert found[Metric.HEIGHT] == BLOCKS


@pytest.fixture
async def electrum_desk(electrum_urls: dict[Coin, str], clock: StandingClock) -> AsyncIterator[Desk]:
    names = {coin: f"{coin}_electrum" for coin in Coin}
    desk = desk_over(
        clock,
        **{
            name: replace(DEFAULT_PROVIDERS[name], base_url=electrum_urls[coin], timeout=LONG)
            for coin, name in names.items()
        },
    )
    yield desk
    await desk.aclose()


async def test_an_electrum_server_of_a_test_network_is_not_believed(electrum_desk: Desk) -> None:
    """Its blocks took no work, so they are none of the main net's."""
    sides = await look(electrum_desk, "height")

    assert set(sides.values()) == {Missing("Electrum server showed a block without the work that it takes")}


async def test_an_electrum_server_gives_the_least_fee(electrum_desk: Desk) -> None:
    """An old server that knows no `mempool.get_info` is asked for its relay fee; a fee of -1 on BTC is none."""
    sides = await look(electrum_desk, "fee")

    assert isinstance(bch := sides[Coin.BCH], Quote)
    assert (bch.value, bch.source) == (1, "Electrum server")
    assert sides[Coin.BTC] == Missing("Electrum server did not give it")


async def test_bins_that_are_not_full_give_no_size(electrum_desk: Desk) -> None:
    """An empty histogram does not mean an empty mempool."""
    size = (await look(electrum_desk, "mempool-size"))[Coin.BTC]

    assert size == Missing("Electrum server did not give it")
