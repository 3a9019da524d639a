"""What follows from two blocks of an explorer's list."""

import json

import pytest

from bot.model.quote import Coin
from bot.stats.endpoint import Get, Request
from bot.stats.metric import Metric
from bot.stats.providers.blocks import Chain
from tests.stats.plans import AT, Bodies, values
from tests.web import btc_block

CHAIN = Chain("blockstream", "Blockstream", Coin.BTC, "/api/blocks")
NOW = int(AT.timestamp())


def chain(*blocks: tuple[int, int]) -> Bodies:
    """Answer with the first of those blocks as the tip, and with all of them where a height is asked for."""
    listed = [btc_block(height, timestamp) for height, timestamp in blocks]

    def bodies(request: Request) -> bytes:
        assert isinstance(request, Get)
        return json.dumps(listed[:1] if request.path == "/api/blocks" else listed[1:]).encode()

    return bodies


def test_the_mean_interval_is_that_of_a_day_of_blocks() -> None:
    """144 blocks that took 24 hours took 600 s each."""
    found = values(CHAIN.interval, chain((976_500, NOW), (976_357, NOW - 85_800), (976_356, NOW - 86_400)))

    assert found == {(Metric.BLOCK_INTERVAL, Coin.BTC): 600}


RETARGETS = {
    "faster": (1_008, 500, 20.0, NOW + 1_008 * 500),
    "slower": (1_008, 750, -20.0, NOW + 1_008 * 750),
    "on time": (2_015, 600, 0.0, NOW + 600),
    "much faster, cut at four times": (1_008, 100, 300.0, NOW + 1_008 * 100),
    "much slower, cut at a quarter": (1_008, 6_000, -75.0, NOW + 1_008 * 6_000),
}


@pytest.mark.parametrize(("passed", "spacing", "change", "when"), RETARGETS.values(), ids=RETARGETS)
def test_the_next_adjustment_follows_the_pace(passed: int, spacing: int, change: float, when: float) -> None:
    """Difficulty changes by what blocks took less or more than 600 s, at most by a factor of four."""
    found = values(CHAIN.retarget, chain((974_736 + 1_008 + passed, NOW), (975_744, NOW - passed * spacing)))

    assert found == pytest.approx(
        {(Metric.RETARGET_CHANGE, Coin.BTC): change, (Metric.RETARGET_TIME, Coin.BTC): when}, abs=1e-9
    )


def test_an_adjustment_is_not_foretold_from_few_blocks() -> None:
    """Before a day of the epoch has passed, nothing is said."""
    assert values(CHAIN.retarget, chain((975_744 + 143, NOW), (975_744, NOW - 86_000))) == {}


ODD = {
    "another block": ((976_500, NOW), (976_300, NOW - 120_000)),
    "a start after the tip": ((976_500, NOW), (976_356, NOW + 60)),
    "a tip from the future": ((976_500, NOW + 7_260), (976_356, NOW - 80_000)),
    "the tip again": ((0, NOW), (0, NOW)),
    "nothing": ((976_500, NOW),),
}


@pytest.mark.parametrize("blocks", ODD.values(), ids=ODD)
def test_blocks_that_do_not_follow_each_other_are_refused(blocks: tuple[tuple[int, int], ...]) -> None:
    """An explorer that gives other blocks than asked for gives no interval."""
    assert values(CHAIN.interval, chain(*blocks)) is None
