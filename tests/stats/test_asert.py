"""ASERT against the official vectors, and against its own law."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.stats.asert import HALF_LIFE, MAIN, Anchor, compact, next_bits
from bot.stats.header import EASIEST, difficulty, target

VECTORS = 14_000


def test_every_official_vector_matches(shared: Path) -> None:
    """Bitcoin Cash Node's own test vectors, each a height, a time and the target that follows."""
    checked = 0
    for file in sorted((shared / "formulas" / "asert_vectors").glob("run*")):
        lines = file.read_text("utf-8").splitlines()
        head = [line.partition(":")[2].strip() for line in lines if line.startswith("##")][1:4]
        anchor = Anchor(int(head[0]), int(head[2], 16), int(head[1]))
        rows = [line.split()[1:4] for line in lines if line.strip() and not line.startswith("#")]
        wrong = [row for row in rows if next_bits(int(row[0]), int(row[1]), anchor) != int(row[2], 16)]
        assert wrong == []
        checked += len(rows)

    assert checked == VECTORS


BLOCKS = 10_000
ON_TIME = MAIN.parent_time + 600 * (BLOCKS + 1)
LAW = {
    "on schedule": (0, 1.0),
    "a half-life behind": (HALF_LIFE, 0.5),
    "two half-lives behind": (2 * HALF_LIFE, 0.25),
    "a half-life ahead": (-HALF_LIFE, 2.0),
    "half of one ahead": (-HALF_LIFE // 2, 2**0.5),
}


@pytest.mark.parametrize(("late", "factor"), LAW.values(), ids=LAW)
def test_each_half_life_halves_or_doubles(late: int, factor: float) -> None:
    """The difficulty depends on how far the chain is behind its schedule, and on nothing else."""
    found = difficulty(next_bits(MAIN.height + BLOCKS, ON_TIME + late))

    assert found == pytest.approx(factor * difficulty(MAIN.bits), rel=2e-4)


def test_it_never_gets_easier_than_it_may() -> None:
    assert next_bits(MAIN.height, MAIN.parent_time + 10**9) == EASIEST
    assert target(next_bits(MAIN.height + 10**7, MAIN.parent_time)) >= 1


@given(some.integers(0, 10**6), some.integers(-(10**8), 10**8))
def test_more_time_is_never_harder(blocks: int, late: int) -> None:
    """The later a block, the easier or the same the next one."""
    time = MAIN.parent_time + 600 * blocks + late

    assert target(next_bits(MAIN.height + blocks, time)) <= target(next_bits(MAIN.height + blocks, time + 600))


@given(some.integers(1, target(EASIEST)))
def test_compact_form_keeps_the_first_digits(aim: int) -> None:
    """A target comes back from its compact form cut to its leading bytes, and stays the same from then on."""
    once = target(compact(aim))

    assert once <= aim < once + max(1, aim >> 15)
    assert target(compact(once)) == once
