"""A small knowledge folder, real files, a real database, and the press over them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.press import Press
from bot.store import Store, open_store
from tests.conftest import StandingClock
from tests.press.places import CATS, PACK, REFUSALS, database, open_again


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge folder with one pack."""
    home = tmp_path / "knowledge" / "cats"
    home.mkdir(parents=True)
    for name, text in {"pack.yml": PACK, "food.yml": CATS, "refusals.yml": REFUSALS}.items():
        (home / name).write_bytes(text.encode())
    return home.parent


@pytest.fixture
async def store(tmp_path: Path, clock: StandingClock) -> AsyncIterator[Store]:
    async with open_store(database(tmp_path), clock) as store:
        yield store


@pytest.fixture
def press(folder: Path, store: Store, clock: StandingClock) -> Press:
    return open_again(folder, store, clock)
