"""What several programs may send together, on a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import structlog

from bot.store.allowance import REMEMBERED, Allowance
from tests.bases import Base
from tests.crews import open_crew
from tests.postgres import Cluster

FEW, MANY = (3, 1000.0), (5, 2000.0)


@pytest.fixture
def base(postgres: Cluster) -> Base:
    return Base(postgres.new_database())


@pytest.fixture
async def programs(base: Base) -> AsyncIterator[list[Allowance]]:
    async with open_crew(base.url) as crew:
        yield [Allowance(store._engine) for store, _ in crew]


async def test_programs_count_together(programs: list[Allowance]) -> None:
    """However many ask at once, a window is filled once; another chat has its own."""
    found = await asyncio.gather(*(programs[number % 2].reserve("7", [FEW, MANY]) for number in range(10)))
    other = await programs[0].reserve("8", [FEW, MANY])

    assert sum(wait == 0 for wait in found) == FEW[0]
    assert all(900 < wait < 1001 for wait in found if wait)
    assert other == 0


async def test_the_fullest_window_counts(programs: list[Allowance], base: Base) -> None:
    """With room in the narrow one, the wide one is waited for; calls of long ago are not remembered."""
    one, two = programs
    for _ in range(MANY[0]):
        assert await one.reserve("7", [MANY]) == 0
    await base.run("update paces set taken = array(select moment - 1500 from unnest(taken) as moment)")

    wait = await two.reserve("7", [FEW, MANY])
    await base.run("update paces set taken = array(select moment - 500 from unnest(taken) as moment)")
    for _ in range(2 * REMEMBERED):
        assert await two.reserve("7", [(50, 1.0)]) == 0
    ((remembered,),) = await base.rows("select cardinality(taken) from paces")

    assert 400 < wait < 501
    assert remembered == REMEMBERED


async def test_a_silence_is_everybodys(programs: list[Allowance], base: Base) -> None:
    """What one is told to wait, all wait; the longer silence counts; then it is forgotten."""
    one, two = programs
    await one.silence("7", 100)
    await two.silence("7", 50)

    wait = await two.reserve("7", [FEW])
    await base.run("update paces set silent_until = 0, at = at - 5000")
    async with open_crew(base.url, 1) as ((_, crew),):
        await crew.expire()

    assert 55 < wait < 101
    assert await base.rows("select * from paces") == []


async def test_without_the_database_each_counts_alone(programs: list[Allowance], base: Base) -> None:
    """A failing database holds up no answer, and is said."""
    await base.run("drop table paces")

    with structlog.testing.capture_logs() as logs:
        wait = await programs[0].reserve("7", [FEW])
        await programs[0].silence("7", 5)

    assert wait == 0
    assert [log["event"] for log in logs] == ["pace.not_shared"] * 2
