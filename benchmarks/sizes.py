"""What a larger FAQ costs: time to build, time a question and memory at 100 to 100,000 phrasings.

`python -m benchmarks.sizes [COUNT…]`: the shipped pack's phrasings, then the same with slips of the keyboard, as many
as are wanted, each size in a process of its own.
"""

import subprocess
import sys
from pathlib import Path
from random import Random
from time import perf_counter

import numpy as np

from benchmarks.typos import misspelled
from bot.config import load_settings
from bot.match import make_matcher, open_encoder
from bot.model.clock import utc_now
from bot.model.knowledge import Entry, Library, Manners, Origin, Pack
from bot.model.question import Question
from bot.wiring import open_library

SIZES = (100, 1_000, 10_000, 100_000)
STATUS = Path("/proc/self/status")
ROUNDS = 300


def phrasings(count: int) -> dict[str, list[str]]:
    """Return so many phrasings by the entry they belong to."""
    pack = open_library(load_settings(None, {})).packs["btc-vs-bch"]
    found = [(entry.id, text) for entry in pack.entries.values() for text in entry.ask]
    random = Random(3)  # noqa: S311 - typing mistakes, not secrets
    random.shuffle(found)
    texts = dict.fromkeys(found[:count])
    while len(texts) < count:
        owner, text = random.choice(found)
        texts[owner, misspelled(misspelled(text, random), random)] = None
    asks: dict[str, list[str]] = {}
    for owner, text in texts:
        asks.setdefault(owner, []).append(text)
    return asks


def measure(count: int) -> str:
    """Return a row of the table."""
    asks = phrasings(count)
    entries = {
        key: Entry(key, "faq", key, found[0], tuple(found[1:]), "Yes.", Origin("faq.yml", 1))
        for key, found in asks.items()
    }
    pack = Pack("faq", "FAQ", (), {}, "", Manners(), entries, {}, ())
    exams = open_library(load_settings(None, {})).packs["btc-vs-bch"].exams[:ROUNDS]
    began = perf_counter()
    matcher = make_matcher(Library({"faq": pack}, ""), {}, open_encoder())
    built = perf_counter() - began
    costs: list[float] = []
    for exam in exams:
        began = perf_counter()
        matcher.rank(Question(exam.text, utc_now()))
        costs.append((perf_counter() - began) * 1000)
    half, most = np.quantile(costs, (0.5, 0.99))
    resident = next(line for line in STATUS.read_text("utf-8").splitlines() if line.startswith("VmRSS")).split()[1]
    return f"| {count:,} | {built:.1f} | {half:.1f} | {most:.1f} | {int(resident) / 1024:.0f} |\n"


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
