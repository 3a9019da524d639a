"""Every test of the store runs on each kind of database there is."""

from pathlib import Path

import pytest

from tests.bases import KINDS, Base
from tests.postgres import Cluster


@pytest.fixture(params=KINDS)
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Base:
    if request.param == "sqlite":
        return Base(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    cluster: Cluster = request.getfixturevalue("postgres")
    return Base(cluster.new_database())


@pytest.fixture
def url(base: Base) -> str:
    return base.url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite, for what only one can do."""
    return tmp_path / "bot.db"


@pytest.fixture
def file_url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"
