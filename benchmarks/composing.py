"""How long a fused answer takes once its numbers are known: look up in the cache, compose, render.

`python -m benchmarks.composing`: every entry with live numbers, against a loopback web.
"""

import asyncio
from statistics import median, quantiles
from time import perf_counter

from bot.config import load_settings
from bot.model.clock import utc_now
from bot.model.reply import Reply
from bot.reply.compose import Composer
from bot.reply.telegram_html import render
from bot.stats import Desk, open_desk
from bot.wiring import open_library
from tests.web import open_web

ROUNDS = 50


async def timed(composer: Composer, desk: Desk) -> list[float]:
    """Return the seconds each answer took."""
    took = []
    for entry in composer.library.entries:
        if not entry.live:
            continue
        await desk.snapshots(entry.needs)
        for _ in range(ROUNDS):
            start = perf_counter()
            reply: Reply = composer.entry(entry, await desk.snapshots(entry.needs), utc_now())
            render(reply)
            took.append(perf_counter() - start)
    return took


async def main() -> None:
    """Measure and print."""
    composer = Composer(open_library(load_settings(None, {})))
    async with open_web(utc_now()) as web:
        desk = open_desk(web.providers(), utc_now)
        took = await timed(composer, desk)
        await desk.aclose()
    print(f"{len(took)} answers: median {1e3 * median(took):.2f} ms, p99 {1e3 * quantiles(took, n=100)[-1]:.2f} ms")


if __name__ == "__main__":
    asyncio.run(main())
