"""What a larger FAQ costs: time to build, time a question and memory at 100 to 100,000 phrasings.

`python -m benchmarks.sizes [COUNT…]`: the shipped pack's phrasings, then the same with slips of the keyboard, as many
as are wanted, each size in a process of its own.
"""

import subprocess
import sys
from collections.abc import Iterable
from random import Random
from time import perf_counter

import numpy as np

from benchmarks.faq import library_of
from benchmarks.memory import resident_megabytes
from benchmarks.typos import misspelled
from bot.config import load_settings
from bot.match import make_matcher, open_encoder
from bot.model.clock import utc_now
from bot.model.question import Question
from bot.wiring import open_library

SIZES = (100, 1_000, 10_000, 100_000)
ROUNDS = 300


def phrasings(count: int) -> Iterable[tuple[str, str]]:
    """Return so many phrasings, each with the entry it belongs to."""
    pack = open_library(load_settings(None, {})).packs["btc-vs-bch"]
    found = [(entry.id, text) for entry in pack.entries.values() for text in entry.ask]
    random = Random(3)  # noqa: S311 - typing mistakes, not secrets
    random.shuffle(found)
    texts = dict.fromkeys(found[:count])
    while len(texts) < count:
        owner, text = random.choice(found)
        texts[owner, misspelled(misspelled(text, random), random)] = None
    return texts


def measure(count: int) -> str:
    """Return a row of the table."""
    library = library_of(phrasings(count))
    exams = open_library(load_settings(None, {})).packs["btc-vs-bch"].exams[:ROUNDS]
    began = perf_counter()
    matcher = make_matcher(library, {}, open_encoder())
    built = perf_counter() - began
    costs: list[float] = []
    for exam in exams:
        began = perf_counter()
        matcher.rank(Question(exam.text, utc_now()))
        costs.append((perf_counter() - began) * 1000)
    half, most = np.quantile(costs, (0.5, 0.99))
    return f"| {count:,} | {built:.1f} | {half:.1f} | {most:.1f} | {resident_megabytes():.0f} |\n"


def main() -> None:
    """Print a table, or with `--one COUNT` a row of it."""
    if sys.argv[1:2] == ["--one"]:
        sys.stdout.write(measure(int(sys.argv[2])))
        return
    sys.stdout.write("| phrasings | build s | p50 ms | p99 ms | resident MB |\n|---|---|---|---|---|\n")
    sys.stdout.flush()
    for count in map(int, sys.argv[1:]) if len(sys.argv) > 1 else SIZES:
        subprocess.run([sys.executable, "-m", "benchmarks.sizes", "--one", str(count)], check=True)


if __name__ == "__main__":
    main()
