"""The inbox on real databases: what is kept once, what is left, what stays of what is done."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, MutableMapping
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.errors import StoreError
from bot.model.incoming import Incoming
from bot.store import Inbox, open_store
from bot.store.inbox import AT_ONCE, KEPT
from tests.bases import Base
from tests.conftest import StandingClock
from tests.inboxes import open_inbox

SAID = b'{"message":{"text":"my grandmother asks"}}'


@pytest.fixture
async def inbox(url: str, clock: StandingClock) -> AsyncIterator[Inbox]:
    async with open_inbox(clock=clock, url=url) as inbox:
        yield inbox


def arrived(clock: StandingClock, *numbers: int) -> list[Incoming]:
    return [Incoming(number, 7, SAID, clock()) for number in numbers]


async def test_what_is_kept_is_unfinished_in_order(inbox: Inbox, clock: StandingClock) -> None:
    """Updates come back as they were given, oldest first."""
    batch = arrived(clock, 12, 10, 11)

    new = await inbox.keep(batch)

    assert [one.update_id for one in new] == [10, 11, 12]
    assert await inbox.unfinished() == new
    assert set(new) == set(batch)


async def test_an_update_is_new_once(inbox: Inbox, clock: StandingClock, url: str) -> None:
    """A repeated update is not new: in a batch, in the next one, when it is finished, after a restart."""
    first = await inbox.keep(arrived(clock, 1, 1, 2))
    second = await inbox.keep(arrived(clock, 2, 3))
    await inbox.finish([1, 2, 3])
    third = await inbox.keep(arrived(clock, 1, 2, 3))
    async with open_inbox(clock=clock, url=url) as after:
        fourth = await after.keep(arrived(clock, 1, 2, 3, 4))

    assert [[one.update_id for one in new] for new in (first, second, third, fourth)] == [[1, 2], [3], [], [4]]


async def test_what_is_done_leaves_no_holes_in_a_file(tmp_path: Path, clock: StandingClock) -> None:
    """Ids take some bytes each; the pages where the updates stood are free for the next ones."""
    file = tmp_path / "bot.db"
    async with open_inbox(clock=clock, url=f"sqlite+aiosqlite:///{file}") as inbox:
        await inbox.keep([Incoming(number, 7, SAID * 8, clock()) for number in range(2_000)])
        for first in range(20):
            await inbox.finish(range(first, 2_000, 20))
    with closing(sqlite3.connect(file)) as connection:
        pages, free = (connection.execute(f"PRAGMA {one}").fetchone()[0] for one in ("page_count", "freelist_count"))

    assert (pages - free) * 4_096 < 2_000 * 150


async def test_callers_at_the_same_time_share_an_update_out(inbox: Inbox, clock: StandingClock) -> None:
    """Of three callers that bring the same update at once, one gets it."""
    found = await asyncio.gather(*(inbox.keep(arrived(clock, 5)) for _ in range(3)))

    assert sorted(len(new) for new in found) == [0, 0, 1]


async def test_a_caller_that_gives_up_takes_nothing_along(inbox: Inbox, clock: StandingClock) -> None:
    """What is kept for somebody who no longer waits is new to another who waits."""
    gone, here = (asyncio.create_task(inbox.keep(arrived(clock, 5))) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()

    assert [one.update_id for one in await here] == [5]


async def test_ends_share_a_commit(tmp_path: Path, clock: StandingClock) -> None:
    """Many that end at once are written together: far fewer commits than updates."""
    async with open_inbox(tmp_path, clock) as inbox:
        await inbox.keep(arrived(clock, *range(100)))
        with sqlite3.connect(tmp_path / "inbox.db") as database:
            before = database.execute("pragma data_version").fetchone()[0]
            await asyncio.gather(*(inbox.finish([number]) for number in range(100)))
            after = database.execute("pragma data_version").fetchone()[0]

        assert await inbox.unfinished() == ()
    assert after - before == 1


async def test_what_was_said_goes_with_the_work(inbox: Inbox, clock: StandingClock, base: Base) -> None:
    """Of what is finished or set aside only the id stays, and for the latter the reason."""
    await inbox.keep(arrived(clock, 1, 2, 3))

    await inbox.finish([1])
    await inbox.set_aside(2, "KeyError" * 50)

    left = [(1, 0, b"", ""), (2, 0, b"", ("KeyError" * 50)[:100]), (3, 7, SAID, "")]
    assert await base.rows("select update_id, lane, body, why from inbox order by 1") == left
    assert [one.update_id for one in await inbox.unfinished()] == [3]


async def test_ids_are_kept_longer_than_telegram_repeats_them(inbox: Inbox, clock: StandingClock, base: Base) -> None:
    """A day after its end an update is still known; later only unfinished ones are."""
    await inbox.keep(arrived(clock, *range(AT_ONCE + 2)))
    await inbox.finish(range(AT_ONCE + 1))
    clock.pass_by(timedelta(days=1))
    await inbox.expire()
    kept = await base.rows("select count(*) from inbox")
    clock.pass_by(KEPT)

    await inbox.expire()

    assert kept == [(AT_ONCE + 2,)]
    assert await base.rows("select update_id from inbox") == [(AT_ONCE + 1,)]


async def test_a_failing_database_is_said_to_everybody(inbox: Inbox, clock: StandingClock, base: Base) -> None:
    """Nothing is kept then; ends that were not noted are noted with the next commit that works."""
    await inbox.keep(arrived(clock, 1))
    await base.run("alter table inbox rename to away")
    waiting = [inbox.keep(arrived(clock, 2)), inbox.keep(arrived(clock, 3)), inbox.finish([1])]
    found = await asyncio.gather(*waiting, return_exceptions=True)
    await base.run("alter table away rename to inbox")

    new = await inbox.keep(arrived(clock, 2))

    assert [type(one) for one in found] == [StoreError] * 3
    assert [one.update_id for one in new] == [2]
    assert [one.update_id for one in await inbox.unfinished()] == [2]


async def test_cleaning_goes_on_where_the_database_fails(inbox: Inbox, base: Base) -> None:
    """A failure is logged, and the next hour is waited for."""
    await base.run("drop table inbox")
    logged: asyncio.Queue[str] = asyncio.Queue()

    def keep(_logger: object, _level: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        logged.put_nowait(event["event"])
        raise structlog.DropEvent

    structlog.configure(processors=[keep])
    cleaning = asyncio.create_task(inbox.keep_clean())
    event = await logged.get()

    assert event == "inbox.not_cleaned"
    assert not cleaning.done()
    cleaning.cancel()


async def test_a_migrated_database_has_an_inbox(url: str, clock: StandingClock) -> None:
    """The migrations make the table that the program uses."""
    async with open_store(url, clock) as store:
        new = await store.inbox.keep(arrived(clock, 2**40))
        await store.inbox.finish([2**40])
        left = await store.inbox.unfinished()

    assert [one.lane for one in new] == [7]
    assert left == ()
