"""How long `/gaps` takes on what was recorded: read, put together by meaning, compose, render; what recording costs.

`python -m benchmarks.gaps [500 2000]`: unanswered questions in a real SQLite file, their vectors kept as the bot keeps
them; the second figure is without, as after a change of the encoder.
"""

import asyncio
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.config import load_settings
from bot.gaps import Gaps
from bot.journal import Asking, Journal, asked
from bot.match import Meanings
from bot.model.clock import utc_now
from bot.model.knowledge import Library
from bot.model.question import Question
from bot.model.record import Spot
from bot.model.verdict import Refuse, Rule
from bot.reply.gaps import gaps_page
from bot.reply.telegram_html import render
from bot.store import Records, open_store
from bot.wiring import index, open_library
from tests.questions import five_hundred

ROUNDS = 5
SIZES = (500, 2_000)


async def record(records: Records, meanings: Meanings, count: int, *, is_kept: bool) -> float:
    """Record so many questions and return the seconds of one."""
    texts = (five_hundred() * (count // 500 + 1))[:count]
    verdict = Refuse(None, 0.1, (), Rule.NOTHING_NEAR)
    began = perf_counter()
    for number, (_, text) in enumerate(texts):
        one = asked(Question(text, utc_now()), verdict, Asking(number % 300, "en", Spot(number % 300, number)))
        (vector,) = meanings.vectors([text]) if is_kept else (None,)
        await records.note(replace(one, vector=vector))
    return (perf_counter() - began) / count


async def measure(records: Records, meanings: Meanings, library: Library) -> tuple[float, int]:
    """Return the median seconds of one `/gaps`, and how many gaps there are."""
    gaps = Gaps(Journal(records), lambda: meanings, lambda: library)
    took = []
    count = 0
    for _ in range(ROUNDS):
        began = perf_counter()
        found = await gaps.found() or ()
        render(gaps_page(found, 0, can_edit=True).reply)
        took.append(perf_counter() - began)
        count = len(found)
    return median(took), count


async def main(sizes: list[int]) -> None:
    """Measure and print."""
    settings = load_settings(None, {})
    library = open_library(settings)
    meanings = Meanings(index(library, settings))
    for size in sizes:
        for is_kept in (True, False):
            with tempfile.TemporaryDirectory() as folder:
                async with open_store(f"sqlite+aiosqlite:///{Path(folder)}/bot.db", utc_now) as store:
                    records = await store.records()
                    each = await record(records, meanings, size, is_kept=is_kept)
                    seconds, count = await measure(records, meanings, library)
                    began = perf_counter()
                    await records.insight(timedelta(days=30).days)
                    insight = perf_counter() - began
            print(
                f"{size} questions, vectors {'kept' if is_kept else 'computed'}: /gaps {seconds:.2f} s ({count} gaps), "
                f"recording {each * 1e3:.1f} ms each, /insight {insight * 1e3:.0f} ms without its picture"
            )


if __name__ == "__main__":
    asyncio.run(main([int(size) for size in sys.argv[1:]] or list(SIZES)))
