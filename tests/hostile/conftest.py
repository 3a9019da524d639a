"""A stage under siege: the shipped knowledge, a journal into a real file, and everything that is logged."""

import re
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.faces.telegram.pace import Pace
from bot.faces.telegram.quota import Quota
from bot.pipeline import Pipeline
from tests.conftest import ROOT
from tests.hostile.siege import Siege, hear
from tests.telegram.conftest import Stage, file, journal, kept, store

__all__ = ["file", "journal", "kept", "siege", "store"]

OWN = re.compile(r"https://[^\s\"'<>}]+|[@#$]\w+")


@pytest.fixture(scope="session")
def own() -> frozenset[str]:
    """Links, mentions and tags that the knowledge itself holds."""
    texts = (path.read_text("utf-8") for path in (ROOT / "knowledge").rglob("*.yml"))
    return frozenset({"@duel_bot", "@names", *(found for text in texts for found in OWN.findall(text))})


@pytest.fixture
async def siege(kept: Stage, pipeline: Pipeline, own: frozenset[str], file: Path) -> AsyncIterator[Siege]:
    """The stage where questions are kept; afterwards the knowledge is as it was, and the database is whole."""
    # the limits have tests of their own, and would make these last a minute
    kept.app.bot._rate_limiter = Pace(limits=lambda _: Quota())
    siege = Siege(kept, pipeline, own)
    hear(siege)
    version = siege.version

    yield siege

    assert siege.version == version
    with sqlite3.connect(file) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
