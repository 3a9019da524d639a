"""What saving a knowledge file costs: how soon it is live, and how long answers take meanwhile.

`python -m benchmarks.reloading [COUNT]`: the real Application in a local Telegram, over a copy of the shipped pack, or
over a generated one of COUNT entries in files of 25. One phrasing is edited at a time; questions come one by one
before, and while the new edition is read, learned, swapped in and examined.
"""

import asyncio
import gc
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from benchmarks.end_to_end import PAUSE, one, running
from benchmarks.memory import resident_megabytes
from bot.config import Settings, load_settings
from bot.faces.simulator import LocalRequest, LocalTelegram
from bot.faces.telegram import make_application
from bot.memory import economise
from bot.model.clock import utc_now
from bot.model.news import News
from bot.pipeline import Pipeline
from bot.watch import Watcher
from bot.wiring import open_pipeline, order

EDITS = 5
USUAL = 200  # questions asked while nothing is saved
AFTER = 40  # questions asked after a swap, while the exam is sat
BESIDE = 25  # entries in a file
VERBS = ("send", "store", "split", "trace", "sign", "lock", "count", "merge", "price", "check")
THINGS = ("parcel", "letter", "ticket", "ledger", "wallet", "coupon", "engine", "garden", "bridge", "camera")
MANNERS = ("abroad", "at night", "by hand", "in winter", "offline", "for free", "in bulk", "twice", "safely", "at sea")


def entries(count: int) -> Iterator[str]:
    """Yield entries that differ in what is done, to what, how, and in which department."""
    for number in range(count):
        verb, thing = VERBS[number % 10], THINGS[number // 10 % 10]
        deed = f"{verb} a {thing} {MANNERS[number // 100 % 10]} in hall {number // 1000 + 1}"
        yield f"e{number}:\n  ask:\n    - how do i {deed}\n    - may i {deed} please\n  verdict: See desk {number}.\n"


def generate(folder: Path, count: int) -> None:
    """Write a pack of so many entries."""
    folder.mkdir()
    written = list(entries(count))
    for start in range(0, count, BESIDE):
        (folder / f"part-{start // BESIDE:03}.yml").write_text("".join(written[start : start + BESIDE]), "utf-8")


def settings_of(home: Path, count: int) -> Settings:
    """Return settings whose knowledge may be written to: the shipped pack, or a generated one."""
    settings = load_settings(None, {})
    if count:
        generate(home / "knowledge", count)
    else:
        copytree(settings.knowledge.path, home / "knowledge")
    knowledge = settings.knowledge.model_copy(update={"path": home / "knowledge", "cache": home / "cache"})
    return settings.model_copy(update={"knowledge": knowledge})


@asynccontextmanager
async def watched(settings: Settings, pipeline: Pipeline) -> AsyncIterator[None]:
    """Keep the pipeline's knowledge up to date meanwhile."""

    async def tell(news: News) -> None:
        print(news)

    task = asyncio.create_task(Watcher(pipeline.shelf, order(settings), utc_now, tell).run())
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def edit(settings: Settings, number: int) -> None:
    """Change one phrasing of one file, in place."""
    folder = settings.knowledge.path
    file = folder / "part-000.yml" if (folder / "part-000.yml").exists() else folder / "btc-vs-bch" / "payments.yml"
    text = file.read_text("utf-8")
    place = text.index("    - ") + 6
    file.write_text(f"{text[:place]}attempt {number} {text[place:]}", "utf-8")


async def live_after(telegram: LocalTelegram, pipeline: Pipeline, began: float, costs: list[float]) -> float:
    """Ask until another edition is on the shelf, and on; return the seconds until it was."""
    before, seconds, left = pipeline.shelf.current, 0.0, AFTER
    while left:
        costs.append(await one(telegram, len(costs)))
        if pipeline.shelf.current is not before:
            seconds = seconds or time.perf_counter() - began
            left -= 1
    return seconds


def shown(name: str, costs: list[float]) -> str:
    """Return a line about how long answers took."""
    ordered = sorted(cost * 1e3 for cost in costs)
    return (
        f"{name}: median {statistics.median(ordered):.1f} ms, p99 {ordered[int(len(ordered) * 0.99)]:.1f} ms, "
        f"longest {ordered[-1]:.1f} ms of {len(ordered)}"
    )


async def measure(count: int, home: Path) -> None:
    """Print the figures."""
    settings, telegram = settings_of(home, count), LocalTelegram("bench_bot")
    async with open_pipeline(settings, offline=True) as pipeline:
        app = make_application(pipeline, telegram.token, request=lambda: LocalRequest(telegram))
        async with running(app, telegram), watched(settings, pipeline):
            gc.collect()
            gc.freeze()  # as `run` does
            usual = [await one(telegram, number) for number in range(USUAL)]
            sizes, meanwhile, lives = [resident_megabytes()], list[float](), list[float]()
            for number in range(EDITS):
                edit(settings, number)
                lives.append(await live_after(telegram, pipeline, time.perf_counter(), meanwhile))
                sizes.append(resident_megabytes())
    matcher = pipeline.shelf.current.matcher
    print(f"{len(matcher.candidates)} candidates, {len(matcher.phrases)} phrasings, pauses of {PAUSE} s")
    print(f"live after: {', '.join(f'{seconds:.2f}' for seconds in lives)} s")
    print(shown("usually", usual))
    print(shown("meanwhile", meanwhile))
    print(f"resident, before and after each edit: {', '.join(f'{size:.0f}' for size in sizes)} MB")


if __name__ == "__main__":
    economise()  # as `run` does
    with TemporaryDirectory() as _home:
        asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 0, Path(_home)))
