"""How fast the webhook confirms updates, alone and beside silent connections.

    python -m benchmarks.webhook [UPDATES] [SILENT]

The server stands in a process of its own and keeps each update in an SQLite file, one commit each, before it says 200.
Forty connections call it, as many as Telegram opens.
"""

import asyncio
import json
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

import httpx

from bot.faces.http import Address, Hook, Webhook, listening
from bot.faces.http.webhook import HEADER

SECRET = "a-secret-of-more-than-32-characters"  # noqa: S105 - of nothing
CONNECTIONS = 40


class Kept:
    """Keeps updates in a file, a commit each."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file)
        self._database.execute("pragma journal_mode=wal")
        self._database.execute("create table inbox (id integer primary key, body text)")

    async def receive(self, raws: Sequence[Any]) -> None:
        """Keep them."""
        with self._database:
            rows = [(raw["update_id"], json.dumps(raw)) for raw in raws]
            self._database.executemany("insert or ignore into inbox values (?, ?)", rows)


async def stand(file: Path) -> None:
    """Serve until standard input ends, saying first where, and for each line the processor time used so far."""
    hook = Hook("https://bot.example/telegram", SECRET, Address("127.0.0.1", 0))
    async with listening(Webhook(hook, Kept(file)), hook.listen, "benchmark") as address:
        print(address.port, flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(process_time(), flush=True)


async def deliver(port: int, numbers: Sequence[int]) -> list[float]:
    """Return how long each update took, in milliseconds."""
    left, times = list(numbers), list[float]()
    message = {"text": "x" * 300, "chat": {"id": 1, "type": "private"}, "date": 0, "message_id": 1}
    headers = {HEADER: SECRET, "content-type": "application/json"}

    async def one(client: httpx.AsyncClient) -> None:
        while left:
            body = json.dumps({"update_id": left.pop(), "message": message})
            began = perf_counter()
            answer = await client.post(f"http://127.0.0.1:{port}/telegram", content=body, headers=headers)
            answer.raise_for_status()
            times.append((perf_counter() - began) * 1000)

    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        await asyncio.gather(*(one(client) for _ in range(CONNECTIONS)))
    return times


async def measure(updates: int = 2000, silent: int = 500) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        server = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.webhook", "stand", f"{folder}/inbox.db"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        if server.stdin is None or server.stdout is None:
            return
        ask, tell = server.stdin, server.stdout
        port = int(await tell.readline())

        async def used() -> float:
            ask.write(b"\n")
            return float(await tell.readline())

        idle: list[asyncio.StreamWriter] = []
        for count in (0, silent):
            idle += [(await asyncio.open_connection("127.0.0.1", port))[1] for _ in range(count)]
            first = await deliver(port, [10**9 + count])
            began, before = perf_counter(), await used()
            times = await deliver(port, range(1 + count * 10**6, updates + 1 + count * 10**6))
            rate, p99 = updates / (perf_counter() - began), quantiles(times, n=100)[98]
            each = (await used() - before) * 1000 / updates
            print(
                f"{count} silent: the first after them {first[0]:.1f} ms, then {rate:.0f}/s,"
                f" median {median(times):.1f} ms, p99 {p99:.1f} ms; {each:.2f} ms of a processor each"
            )
        for writer in idle:
            writer.close()
        server.stdin.close()
        await server.wait()


if __name__ == "__main__":
    if sys.argv[1:2] == ["stand"]:
        asyncio.run(stand(Path(sys.argv[2])))
    else:
        asyncio.run(measure(*map(int, sys.argv[1:])))
