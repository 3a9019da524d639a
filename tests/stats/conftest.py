"""Real nodes and Electrum servers, for the tests that ask them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.model.clock import utc_now
from bot.model.quote import Coin
from tests.conftest import StandingClock
from tests.nodes import Node, open_electrumx, open_nodes

BLOCKS = 150  # a day's and a few more
FEW = 4


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Coin, Node]]:
    """A node of each chain, with `BLOCKS` of which the last was found when the clock starts; none is ever lost."""
    with open_nodes(tmp_path_factory.mktemp("nodes"), tuple(Coin)) as nodes:
        for node in nodes.values():
            node.mine(BLOCKS, StandingClock().now)
        yield nodes


@pytest.fixture(scope="session")
def electrum_urls(nodes: dict[Coin, Node], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Coin, str]]:
    """An Electrum server over each of those nodes."""
    with open_electrumx(tmp_path_factory.mktemp("electrumx"), nodes) as urls:
        yield urls


@pytest.fixture(scope="session")
def young(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Coin, Node]]:
    """A node of each chain with `FEW` blocks, the last of just now: a program of its own has the real time."""
    with open_nodes(tmp_path_factory.mktemp("young"), tuple(Coin)) as nodes:
        for node in nodes.values():
            node.mine(FEW, utc_now())
        yield nodes


@pytest.fixture(scope="session")
def young_electrum_urls(young: dict[Coin, Node], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Coin, str]]:
    """An Electrum server over each of those nodes."""
    with open_electrumx(tmp_path_factory.mktemp("young-electrumx"), young) as urls:
        yield urls


@pytest.fixture
def spare(tmp_path: Path) -> Iterator[Node]:
    """A node without any block, for a single test to do with as it likes."""
    with open_nodes(tmp_path, (Coin.BTC,)) as nodes:
        yield nodes[Coin.BTC]
