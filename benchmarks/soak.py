"""Whether the bot grows, over minutes at a high rate with pictures and reloads: memory, files, threads.

    python -m benchmarks.soak [MINUTES] [--rate 60] [--pictures 1] [--reload 10] [--warm-up 12]

People ask as in `benchmarks/load.py`, and besides send `/chart` and `/card` so many times a second in all; every so
many seconds an entry of the knowledge changes. After the warm-up a line is laid through the memory of the bot, without
that of the processes it starts for a moment: through the median of each minute, so that it does not matter whether
somebody looked while two editions were there. Its slope is given in MiB an hour. Files and threads must not be more in
the last third than in the one before, by their medians. What is remembered for ten minutes must fill up first.
"""

import argparse
import asyncio
import shutil
import statistics
import time
from itertools import count, groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.asking import Crowd, Mix, catalogue, settled
from benchmarks.running import ROOT, RUN, NotingTelegram, Program, Usage, environment, free_port, hushed, is_up, usage
from bot.faces.simulator.server import serve
from bot.meanwhile import meanwhile

EVERY = 5.0  # seconds between two looks
MOST = 1.0  # MiB an hour
MINUTE, STRETCH = 60.0, 120.0  # seconds
PICTURES = ("/chart fees 7d", "/card", "/chart price 30d")
PAINTERS = 50  # people who want pictures


async def pictures(telegram: NotingTelegram, each: float) -> None:
    """Ask for pictures for ever, so many a second, everybody in turn."""
    people = [telegram.person("Painter") for _ in range(PAINTERS)]
    for number in count():
        person = people[number % PAINTERS]
        person.say(person.private, PICTURES[number % len(PICTURES)])
        await asyncio.sleep(1 / each)


async def reloads(folder: Path, every: float) -> None:
    """Change an entry for ever."""
    file = folder / "btc-vs-bch" / "soaked.yml"
    for number in count():
        await asyncio.sleep(every)
        text = f"soaked:\n  ask: [how often was the sponge soaked]\n  verdict: It was soaked {number} times.\n"
        file.write_text(text, "utf-8")


async def watched(program: Program, seen: list[tuple[float, Usage]]) -> None:
    """Note for ever what a program uses, by seconds since now."""
    began = time.monotonic()
    while True:
        seen.append((time.monotonic() - began, usage(program.pid)))
        await asyncio.sleep(EVERY)


def medians(seen: list[tuple[float, Usage]], each: float) -> list[tuple[float, float]]:
    """Return the median memory of each stretch of so many seconds, by when it began."""
    found = groupby(seen, lambda one: one[0] // each)
    return [(number * each, statistics.median(used.rss for _, used in some)) for number, some in found]


def slope(seen: list[tuple[float, Usage]]) -> float:
    """Return how fast the memory grows, in MiB an hour, by the line with the least squares."""
    found = statistics.linear_regression(*zip(*medians(seen, MINUTE), strict=True))
    return found.slope * 3600


def grew(values: list[int]) -> bool:
    """Tell whether the median of the last third is above that of the third before."""
    third = max(1, len(values) // 3)
    return statistics.median(values[-third:]) > statistics.median(values[-2 * third : -third] or values)


async def measure(options: argparse.Namespace, home: Path) -> None:
    """Print the figures and the verdict."""
    hushed()
    known = await catalogue(home, options.questions, Mix().popular, 1)
    shutil.copytree(ROOT / "knowledge", home / "knowledge")
    telegram, seen, port = NotingTelegram(), list[tuple[float, Usage]](), free_port()
    async with serve(telegram) as base_url:
        more = {"BOT__KNOWLEDGE__PATH": str(home / "knowledge"), "BOT__HTTP__LISTEN": str(port)}
        program = Program(RUN, environment(home, telegram.token, base_url, **more), home / "log.txt")
        crowd = Crowd(telegram, known, Mix(), options.chats)
        crowd.repeats = True
        await program.start()
        await is_up(telegram, "polling")
        async with meanwhile(
            lambda: watched(program, seen),
            lambda: pictures(telegram, options.pictures),
            lambda: reloads(home / "knowledge", options.reload),
        ):
            await crowd.steadily(options.rate, options.minutes * 60)
        await settled(lambda: crowd.answered, len(crowd.dues))
        await program.end()
    warm = [one for one in seen if one[0] >= options.warm_up * 60] or seen
    files, threads = [used.files for _, used in warm], [used.threads for _, used in warm]
    lines = program.lines()
    growth = slope(warm)
    print(f"{options.minutes:g} minutes, {options.rate:g} updates/s and {options.pictures:g} pictures/s; {crowd.mix}")
    print(f"{sum('event=knowledge.' in line for line in lines)} lines about new knowledge; {crowd.lost()} lost")
    calm = [f"{memory:.0f}" for _, memory in medians(seen, STRETCH)]
    print(f"memory: {growth:+.1f} MiB/h after the warm-up, {seen[-1][1].rss_most:.0f} MiB at most")
    print(f"every {STRETCH / 60:g} minutes: {' '.join(calm)} MiB")
    print(f"files: {min(files)} to {max(files)}, at the end {files[-1]}; threads: {min(threads)} to {max(threads)}")
    is_fine = growth <= MOST and not grew(files) and not grew(threads)
    print("verdict: " + ("it does not grow" if is_fine else "it grows"))


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("minutes", nargs="?", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=60.0, help="updates in a second")
    parser.add_argument("--pictures", type=float, default=1.0, help="in a second")
    parser.add_argument("--reload", type=float, default=10.0, help="seconds between two changes of the knowledge")
    parser.add_argument("--warm-up", type=float, default=12.0, help="minutes that do not count")
    parser.add_argument("--chats", type=int, default=2_000)
    parser.add_argument("--questions", type=int, default=400)
    with TemporaryDirectory() as home:
        asyncio.run(measure(parser.parse_args(), Path(home)))


if __name__ == "__main__":
    main()
