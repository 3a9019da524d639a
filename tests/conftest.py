"""What many tests need: the shipped knowledge, its matcher, a clock that stands still."""

import gc
import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from bot.config import Settings, load_settings
from bot.edition import Edition, Shelf
from bot.gallery import Gallery, NoHistory
from bot.match import Matcher
from bot.model.knowledge import Library
from bot.pipeline import Pipeline
from bot.reply.picture.painter import Painter
from bot.wiring import index, open_library
from tests import listening
from tests.patiently import LONG
from tests.postgres import MISSING, Cluster, cluster
from tests.web import Web, open_web

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@dataclass(slots=True)
class StandingClock:
    """Tells the time it was set to."""

    now: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


def pytest_sessionfinish() -> None:
    """Collect connections nobody closed: each has a thread, and the program would wait for it at its end."""
    gc.collect()


def pytest_configure(config: pytest.Config) -> None:
    """Listen to the whole run where that is wanted."""
    if os.environ.get(listening.VARIABLE):
        config.pluginmanager.register(listening.Listener(), "listener")


@pytest.fixture(autouse=True)
def logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Undo what a command of the program sets up for its own process."""
    root = logging.getLogger()
    before, crash = (root.handlers[:], root.level), sys.excepthook
    if request.config.pluginmanager.has_plugin("listener"):
        listening.speak()
        root.handlers += [handler for handler in before[0] if handler not in root.handlers]
    yield
    root.handlers[:], level = before
    root.setLevel(level)
    logging.setLogRecordFactory(logging.LogRecord)
    logging.raiseExceptions = True
    sys.excepthook = crash
    structlog.reset_defaults()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL; tests that need one are skipped where it is not."""
    with cluster() as found:
        if found is None:
            pytest.skip(MISSING)
        yield found


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load_settings(ROOT / "config.yml", {})


@pytest.fixture(scope="session")
def library(settings: Settings) -> Library:
    return open_library(settings)


@pytest.fixture(scope="session")
def matcher(library: Library, settings: Settings) -> Matcher:
    return index(library, settings)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material; tests that need it are skipped where it is not."""
    if not SHARED.is_dir():
        pytest.skip("the reference material is not beside this checkout")
    return SHARED


@pytest.fixture
async def web(clock: StandingClock) -> AsyncIterator[Web]:
    async with open_web(clock.now) as web:
        yield web


@pytest.fixture
async def pipeline(library: Library, matcher: Matcher, clock: StandingClock, web: Web) -> AsyncIterator[Pipeline]:
    """Everything between a question and a reply, its numbers from a web on loopback."""
    desk = web.desk(clock)
    async with Painter(deadline=LONG) as painter:
        shelf = Shelf(Edition(library, matcher, clock()))
        yield Pipeline(shelf, desk, clock, Gallery(desk, clock, painter, NoHistory(clock)))
    await desk.aclose()
