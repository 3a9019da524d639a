"""Real nodes of both chains on loopback, and real Electrum servers over them, each in a process of its own.

bcoin and bcash come from npm, ElectrumX from PyPI, once, into the user's cache. They run a private test network, where
a block takes no work, and keep it in memory.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.model.quote import Coin
from bot.stats import DEFAULT_PROVIDERS, ProviderSettings
from tests.ports import reserved

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "btc-bch-bot-tests"
PACKAGES = {Coin.BTC: "bcoin@1.0.2", Coin.BCH: "bcash@1.1.1"}
ELECTRUMX = "electrumX==1.13.0"
CHAINS = {Coin.BTC: "BitcoinSegwit", Coin.BCH: "BitcoinCashABC"}  # as ElectrumX names them
KEY = "regtest"
INSTALL = timedelta(minutes=3)
START = timedelta(minutes=2)
SPACING = timedelta(minutes=10)
PATIENCE = 1_000  # questions, until something has come about
# What a node that keeps all in memory never loads, and need not have built.
STUBS = {
    "leveldown/leveldown.js": "module.exports = function LevelDOWN() {};\n",
    "loady/lib/loady.js": "module.exports = () => null;\n",
}


def _installed(name: str, commands: Sequence[Sequence[str]], finish: Callable[[Path], None]) -> Path:
    """Return the folder that commands fill, from the cache where it is; skips the test where they fail."""
    folder = CACHE / name
    if folder.is_dir():
        return folder
    building = CACHE / f"{name}.{os.getpid()}"
    building.mkdir(parents=True)
    for command in commands:
        try:
            subprocess.run(command, cwd=building, check=True, capture_output=True, timeout=INSTALL.total_seconds())
        except (OSError, subprocess.SubprocessError) as error:
            shutil.rmtree(building)
            pytest.skip(f"{name} cannot be installed: {error}")
    finish(building)
    with suppress(OSError):  # another run has been faster
        building.rename(folder)
    shutil.rmtree(building, ignore_errors=True)
    return folder


def _stub(folder: Path) -> None:
    for place, text in STUBS.items():
        (folder / "node_modules" / place).write_text(text, "utf-8")


def node_modules() -> Path:
    """Return the folder of both nodes' packages."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        pytest.skip("there is no node and npm to run bcoin and bcash with")
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1", "--prefix=.")
    return _installed("nodes", [[npm, "install", *quiet, *PACKAGES.values()]], _stub) / "node_modules"


def electrumx() -> tuple[str, str]:
    """Return the command that serves a chain to wallets."""
    python = [sys.executable, "-m", "venv", "."]
    pip = ["bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", ELECTRUMX]
    folder = _installed("electrumx", [python, pip], lambda _: None) / "bin"
    return str(folder / "python"), str(folder / "electrumx_server")


class Program:
    """A process of another program, ready to be asked.

    Args:
        command: see `subprocess`.
        environment: all that it gets.
        ready: what its log says at that point.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], ready: str) -> None:
        self._process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._ready = threading.Event()
        self._log: list[str] = []
        self._reader = threading.Thread(target=self._read, args=(ready,))
        self._reader.start()

    def wait(self) -> None:
        """Wait until it is ready."""
        is_ready = self._ready.wait(START.total_seconds())
        assert is_ready, self._log[-20:]
        assert self._process.poll() is None, self._log[-20:]

    def freeze(self) -> None:
        """Stop it in its tracks: it keeps its connections and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout
        self._process.stdout.close()

    def _read(self, ready: str) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._log.append(line)
            if ready in line:
                self._ready.set()
        self._ready.set()


def patient_client() -> httpx.Client:
    """Return a client that waits for a port: a node says that its wallet is loaded a moment before it listens."""
    transport = httpx.HTTPTransport(retries=8)
    return httpx.Client(auth=("any", KEY), trust_env=False, timeout=60, transport=transport)


@dataclass(frozen=True, slots=True)
class Node:
    """One chain's node; its clock is set block by block."""

    coin: Coin
    program: Program
    url: str
    wallet_url: str
    _client: httpx.Client = field(default_factory=patient_client)

    def call(self, method: str, *params: Any) -> Any:
        """Return what a method of its JSON-RPC gives."""
        answer = self._client.post(self.url, json={"method": method, "params": params}).json()
        assert answer["error"] is None, answer["error"]
        return answer["result"]

    def address(self) -> str:
        """Return an address of its own."""
        answer = self._client.post(f"{self.wallet_url}/wallet/primary/address", json={"account": "default"})
        return str(answer.json()["address"])

    def mine(self, count: int, last: datetime) -> None:
        """Find blocks, ten minutes apart, the last one at a given time."""
        address = self.address()
        for left in reversed(range(count)):
            self.call("setmocktime", int((last - left * SPACING).timestamp()))
            self.call("generatetoaddress", 1, address)

    def pay(self) -> None:
        """Send a payment to itself, and see it wait in the mempool."""
        payment = {"rate": 10_000, "outputs": [{"address": self.address(), "value": 100_000}]}
        waiting = len(self.call("getrawmempool"))
        # The wallet hears of blocks, and the node of payments, a moment later.
        assert any(self._send(payment) for _ in range(PATIENCE))
        assert any(len(self.call("getrawmempool")) > waiting for _ in range(PATIENCE))

    def settings(self, timeout: timedelta) -> ProviderSettings:
        """Return what leads a desk to it."""
        return replace(
            DEFAULT_PROVIDERS[f"{self.coin}_node"], base_url=self.url, enabled=True, key=KEY, timeout=timeout
        )

    def close(self) -> None:
        """End it."""
        self._client.close()
        self.program.kill()

    def _send(self, payment: Mapping[str, Any]) -> bool:
        return self._client.post(f"{self.wallet_url}/wallet/primary/send", json=payment).is_success


def start_node(coin: Coin, folder: Path, port: int, wallet_port: int) -> Node:
    """Start a node without any block; `wait` for its program before it is asked."""
    name = PACKAGES[coin].partition("@")[0]
    command = [
        str(shutil.which("node")),
        str(node_modules() / name / "bin" / "node"),
        "--network=regtest",
        "--memory=true",
        "--listen=false",
        "--max-outbound=1",
        "--index-tx=true",
        "--log-level=info",
        "--log-file=false",
        "--http-host=127.0.0.1",
        f"--http-port={port}",
        f"--api-key={KEY}",
        "--wallet-http-host=127.0.0.1",
        f"--wallet-http-port={wallet_port}",
        f"--wallet-api-key={KEY}",
        f"--prefix={folder}",
    ]
    program = Program(command, {"PATH": os.environ["PATH"], "NODE_BACKEND": "js"}, "Loaded primary wallet")
    return Node(coin, program, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{wallet_port}")


@contextmanager
def open_nodes(folder: Path, coins: Sequence[Coin]) -> Iterator[dict[Coin, Node]]:
    """Run a node of each chain, without any block."""
    with reserved(2 * len(coins)) as ports, ExitStack() as stack:
        nodes = {
            coin: stack.enter_context(closing(start_node(coin, folder / coin, *pair)))
            for coin, pair in zip(coins, zip(ports[::2], ports[1::2], strict=True), strict=True)
        }
        for node in nodes.values():
            node.program.wait()
        yield nodes


@contextmanager
def open_electrumx(folder: Path, nodes: Mapping[Coin, Node]) -> Iterator[dict[Coin, str]]:
    """Serve each node's chain to wallets; gives the addresses."""
    with reserved(len(nodes)) as ports, ExitStack() as stack:
        urls = {coin: f"tcp://127.0.0.1:{port}" for coin, port in zip(nodes, ports, strict=True)}
        programs: list[Program] = []
        for coin, node in nodes.items():
            (folder / coin).mkdir()
            environment = {
                "COIN": CHAINS[coin],
                "NET": "regtest",
                "DAEMON_URL": node.url.replace("//", f"//any:{KEY}@"),
                "DB_DIRECTORY": str(folder / coin),
                "SERVICES": urls[coin],
                "PEER_DISCOVERY": "off",
                "PEER_ANNOUNCE": "",
                "ALLOW_ROOT": "yes",
            }
            programs.append(Program(electrumx(), environment, "TCP server listening"))
            stack.callback(programs[-1].kill)
        for program in programs:
            program.wait()
        yield urls
