"""Settings of chats in a real database."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.model.standing import Role, Trouble
from bot.store import Chats, open_store
from tests.conftest import StandingClock

OLD, NEW, ANN = -5_001, -1_001_000_000_001, 100_001


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
async def chats(file: Path, clock: StandingClock) -> AsyncIterator[Chats]:
    async with open_store(f"sqlite+aiosqlite:///{file}", clock) as store:
        yield store.chats


async def test_settings_outlive_a_restart(file: Path, clock: StandingClock) -> None:
    """Words and lists come back as they were, and so does what can be taken back."""
    for changes in ({"mode": "commands"}, {"topics": ("5", "7")}):
        async with open_store(f"sqlite+aiosqlite:///{file}", clock) as store:
            await store.chats.change(OLD, changes)

    async with open_store(f"sqlite+aiosqlite:///{file}", clock) as store:
        found = await store.chats.standing(OLD)

    assert found.settings == {"mode": "commands", "topics": ("5", "7")}
    assert found.previous == {"mode": "commands"}


async def test_undo_goes_back_once_and_forth(chats: Chats) -> None:
    """Undo takes the last change back, undoing that brings it again; without a change there is nothing to undo."""
    assert await chats.undo(OLD) is None
    await chats.change(OLD, {"mode": "commands"})
    await chats.change(OLD, {"mode": "listening"})
    await chats.change(OLD, {"mode": "listening"})

    undone, redone = await chats.undo(OLD), await chats.undo(OLD)

    assert undone
    assert redone
    assert (undone.settings, redone.settings) == ({"mode": "commands"}, {"mode": "listening"})


@pytest.mark.parametrize("chat", [OLD, ANN], ids=["group", "person"])
async def test_what_was_read_before_is_not_what_is_kept_now(chat: int, file: Path, clock: StandingClock) -> None:
    """Whoever asks again after a change, an undo, a move or a /forgetme hears of it."""
    async with open_store(f"sqlite+aiosqlite:///{file}", clock) as store:
        chats, seen = store.chats, list[object]()
        seen.append((await chats.standing(chat)).settings)
        await chats.change(chat, {"mode": "commands"})
        seen.append((await chats.standing(chat)).settings)
        await chats.undo(chat)
        seen.append((await chats.standing(chat)).settings)
        await chats.undo(chat)
        if chat > 0:
            await (await store.records()).forget(chat)
        else:
            await chats.move(chat, NEW)
        seen.append((await chats.standing(chat)).settings)
        seen.append((await chats.standing(chat)).chat)

    assert seen == [{}, {"mode": "commands"}, {}, *([{"mode": "commands"}, NEW] if chat < 0 else [{}, ANN])]


async def test_settings_made_after_the_move_win(chats: Chats) -> None:
    """Whoever set the supergroup up already keeps that; the old id leads to it for ever, and nowhere else."""
    await chats.change(OLD, {"mode": "commands"})
    await chats.change(NEW, {"mode": "listening"})

    await chats.move(OLD, NEW)
    await chats.move(OLD, -1_009)

    assert (await chats.standing(OLD)).settings == {"mode": "listening"}
    assert (await chats.change(OLD, {"detail": "full"})).chat == NEW


async def test_a_move_of_a_group_nobody_set_up_is_known_too(chats: Chats) -> None:
    """What is set through an old panel goes to the supergroup."""
    await chats.move(OLD, NEW)

    await chats.change(OLD, {"mode": "commands"})

    assert (await chats.standing(NEW)).settings == {"mode": "commands"}


async def test_groups_in_trouble_are_listed_newest_first(chats: Chats, clock: StandingClock) -> None:
    """Gone and hindered ones; not those that moved, nor people."""
    await chats.stand(-1, Role.KICKED, Trouble.KICKED)
    await chats.move(OLD, NEW)
    await chats.change(ANN, {"detail": "short"})
    await chats.stand(ANN, Role.KICKED, Trouble.KICKED)
    clock.pass_by(timedelta(hours=1))
    await chats.trouble(-2, Trouble.SLOW_MODE)
    await chats.stand(-3, Role.MEMBER)

    found = await chats.troubled()

    assert [(one.chat, one.trouble) for one in found] == [(-2, Trouble.SLOW_MODE), (-1, Trouble.KICKED)]


async def test_the_same_trouble_again_is_nothing_new(chats: Chats, clock: StandingClock) -> None:
    """The time is that of the first refusal, so that it is tried again after a while."""
    await chats.trouble(OLD, Trouble.SILENCED)
    before = (await chats.standing(OLD)).at
    clock.pass_by(timedelta(hours=1))

    await chats.trouble(OLD, Trouble.SILENCED)

    assert (await chats.standing(OLD)).at == before


async def test_deletions_wait_for_their_time_over_a_restart(file: Path, clock: StandingClock) -> None:
    """What is due is given until it is noted as done, oldest first."""
    url = f"sqlite+aiosqlite:///{file}"
    async with open_store(url, clock) as store:
        await store.chats.delete_later(OLD, (8, 9), clock() + timedelta(minutes=5))
        await store.chats.delete_later(OLD, (7,), clock() + timedelta(minutes=1))
        await store.chats.delete_later(OLD, (), clock())
        assert await store.chats.due() == ()
    clock.pass_by(timedelta(minutes=5))

    async with open_store(url, clock) as store:
        due = await store.chats.due()
        await store.chats.deleted(due[:2])
        left = await store.chats.due()

    assert due[0] == (OLD, 7)
    assert left == due[2:]


async def test_a_failing_database_is_a_store_error(chats: Chats, file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("drop table chats")

    with pytest.raises(StoreError):
        await chats.standing(OLD)
