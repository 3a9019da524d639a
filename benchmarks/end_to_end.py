"""What a question costs from the asker's message to the bot's answer, what a start costs, and how much memory.

`python -m benchmarks.end_to_end`: the real Application in a local Telegram, no live look-ups.
"""

import asyncio
import statistics
import sys
import time
from pathlib import Path

ROUNDS = 300
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
STATUS = Path("/proc/self/status")


def resident_megabytes() -> float:
    """Return this process's resident memory."""
    line = next(line for line in STATUS.read_text("utf-8").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


async def measure() -> None:
    """Run the bot in a local Telegram and print the figures."""
    began = time.perf_counter()
    from bot.config import load_settings
    from bot.faces.telegram import make_application
    from bot.wiring import open_pipeline

    imported = time.perf_counter()
    from bot.faces.simulator import LocalRequest, LocalTelegram

    telegram = LocalTelegram("bench_bot")
    built = time.perf_counter()
    async with open_pipeline(load_settings(None, {}), offline=True) as pipeline:
        app = make_application(pipeline, telegram.token, request=lambda: LocalRequest(telegram))
        app.bot.rate_limiter._base_limiter = None  # noqa: SLF001 - thirty a second is Telegram's limit, not our cost
        async with app:
            await app.start()
            await app.updater.start_polling()
            ready = time.perf_counter()
            costs = [await one(telegram, number) for number in range(ROUNDS)]
            await app.updater.stop()
            await app.stop()
    costs.sort()
    print(f"start to ready: {imported - began + ready - built:.2f} s (imports {imported - began:.2f} s)")
    print(
        f"question to answer, {ROUNDS} of {len(QUESTIONS)} kinds: median {statistics.median(costs) * 1e3:.1f} ms,",
        end=" ",
    )
    print(f"p99 {costs[int(len(costs) * 0.99)] * 1e3:.1f} ms")
    print(f"resident: {resident_megabytes():.0f} MB, Python {sys.version.split()[0]}")


async def one(telegram: "LocalTelegram", number: int) -> float:
    """Ask one question of a new person and return the seconds until the answer stands in the chat."""
    person = telegram.person(f"P{number}")
    began = time.perf_counter()
    person.say(person.private, QUESTIONS[number % len(QUESTIONS)])
    await telegram.written(person.private)
    return time.perf_counter() - began


if __name__ == "__main__":
    asyncio.run(measure())
