"""What a question costs from the asker's message to the bot's answer, what a start costs, and how much memory.

`python -m benchmarks.end_to_end`: the real Application in a local Telegram, no live look-ups, asked slowly enough
for the limit of 30 messages a second, whose waits are no cost of ours.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import TemporaryDirectory

from benchmarks.memory import resident_megabytes
from bot.config import load_settings
from bot.faces.simulator import LocalRequest, LocalTelegram
from bot.faces.telegram import Hearing, make_application, serve
from bot.faces.telegram.app import App
from bot.memory import settle
from bot.model.clock import utc_now
from bot.store import open_store
from bot.wiring import open_pipeline

ROUNDS = 300
PAUSE = 0.04  # seconds between questions
STARTS = 5
QUESTIONS = (
    "y did bch fork",
    "is btc faster than bcash lol",
    "which one should i buy",
    "are wallets the same",
    "1mb or 32mb?",
    "is bitcoin dead",
    "eth gas fees?",
    "who is satoshi nakamoto",
)


def start_seconds() -> float:
    """Return how long a fresh interpreter takes from nothing to a pipeline that can answer."""
    code = (
        "import asyncio; from bot.config import load_settings; from bot.wiring import open_pipeline\n"
        "from bot.faces.telegram import make_application\n"
        "async def main():\n"
        "    async with open_pipeline(load_settings(None, {}), offline=True) as pipeline:\n"
        "        make_application(pipeline, '1:x')\n"
        "asyncio.run(main())"
    )
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


@asynccontextmanager
async def running(app: App, telegram: LocalTelegram) -> AsyncIterator[None]:
    """Let an application serve meanwhile, with an inbox in a file."""
    stop = asyncio.Event()
    with TemporaryDirectory() as folder:
        async with open_store(f"sqlite+aiosqlite:///{folder}/bot.db", utc_now) as store:
            hearing = Hearing(store.inbox, transport=lambda: LocalRequest(telegram))
            serving = asyncio.create_task(serve(app, hearing, stop))
            yield
            stop.set()
            await serving


async def measure() -> None:
    """Run the bot in a local Telegram and print the figures."""
    starts = [start_seconds() for _ in range(STARTS)]
    telegram = LocalTelegram("bench_bot")
    async with open_pipeline(load_settings(None, {}), offline=True) as pipeline:
        app = make_application(pipeline, telegram.token, request=lambda: LocalRequest(telegram))
        settle()
        async with running(app, telegram):
            costs = sorted([await one(telegram, number) for number in range(ROUNDS)])
    sys.stdout.write(
        f"start to ready: median {statistics.median(starts):.2f} s of {STARTS}\n"
        f"question to answer: median {statistics.median(costs) * 1e3:.1f} ms, "
        f"p99 {costs[int(len(costs) * 0.99)] * 1e3:.1f} ms of {ROUNDS}\n"
        f"resident: {resident_megabytes():.0f} MB, Python {sys.version.split()[0]}\n"
    )


async def one(telegram: LocalTelegram, number: int) -> float:
    """Ask one question of a new person and return the seconds until the answer stands in the chat."""
    person = telegram.person(f"P{number}")
    began = time.perf_counter()
    person.say(person.private, QUESTIONS[number % len(QUESTIONS)])
    await telegram.written(person.private)
    seconds = time.perf_counter() - began
    await asyncio.sleep(PAUSE)
    return seconds


if __name__ == "__main__":
    asyncio.run(measure())
