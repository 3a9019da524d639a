"""The binding process: reads one order from its input, and answers with what became of it.

It is started by `bot.bindery.bindery` alone. Loading and learning hold the interpreter for seconds, so they
happen here, at a low priority, and what they take of memory goes when the process ends.
"""

import os
import pickle
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.bindery import parcel
from bot.bindery.shared import without_shared
from bot.errors import KnowledgeError
from bot.library import load_library
from bot.match import Matcher, make_matcher, open_encoder
from bot.model.knowledge import Library

NICENESS = 5  # whoever is asked a question comes first


@dataclass(frozen=True, slots=True)
class Order:
    """What to read: the knowledge folder, the packs wanted, and where what follows from texts is kept.

    `stats` are the keys of the statistics an entry may show, `phrasings` what those bring, by topic.
    """

    folder: Path
    packs: tuple[str, ...]
    stats: tuple[str, ...]
    phrasings: Mapping[str, tuple[str, ...]]
    cache: Path


@dataclass(frozen=True, slots=True)
class Spoiled:
    """The files are wrong; one sentence for each problem, with file:line and the cure."""

    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A library and its matcher, without what every edition shares."""

    library: Library
    matcher: Matcher


@dataclass(frozen=True, slots=True)
class Examined:
    """How the exam went: where it fell below the floors, by pack."""

    shortfalls: Mapping[str, tuple[str, ...]]


Sheet = Spoiled | Bound | Examined


def main() -> None:  # pragma: no cover - runs in a process of its own
    """Serve standard input and output; whatever else writes to standard output is sent to standard error."""
    os.nice(NICENESS)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(sys.stdin.buffer, answers)
    except (BrokenPipeError, EOFError):
        return  # nobody waits for it any more


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Answer one pickled order with sheets."""
    order: Order = pickle.load(orders)  # noqa: S301 - it comes from the process that started this one
    for sheet in sheets(order):
        parcel.write(sheet, answers)


def sheets(order: Order) -> Iterator[Sheet]:
    """Yield the edition as soon as it can be used, then how its exam went; or nothing but the problems."""
    with ThreadPoolExecutor(1) as beside:
        encoder = beside.submit(open_encoder)
        try:
            library = load_library(order.folder, order.packs, order.stats)
        except KnowledgeError as error:
            yield Spoiled(error.problems)
            return
    matcher = make_matcher(library, order.phrasings, encoder.result(), order.cache)
    yield Bound(library, without_shared(matcher))
    from bot.check import grade, shortfalls  # noqa: PLC0415 - most of what there is to import, and nobody waits for it now
    from bot.recall import judging  # noqa: PLC0415 - the same

    judge = judging(matcher)
    found = {
        pack.id: tuple(f"{pack.id}: {one.what}" for one in shortfalls(pack, grade(pack, judge)))
        for pack in library.packs.values()
    }
    yield Examined({name: problems for name, problems in found.items() if problems})
