"""The study: where a text is read that nobody asked before, while everything else goes on.

Reading a new text takes milliseconds, most of them in the encoder, which needs no Python meanwhile; what was asked
before takes none, and is decided on the spot.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from bot.match import Matcher, decide
from bot.model.question import Question
from bot.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Study:
    """Reads in a thread of `readers`, or else in one of those that the program shares."""

    readers: Executor | None = None

    async def verdict(self, matcher: Matcher, question: Question) -> Verdict:
        """Return the verdict on a question."""
        if matcher.remembers(question):
            return decide(matcher.rank(question))
        return await asyncio.get_running_loop().run_in_executor(self.readers, _read, matcher, question)


@contextmanager
def open_study() -> Iterator[Study]:
    """Give a study with one reader: more would take the processor from those who answer."""
    with ThreadPoolExecutor(1, "reader") as readers:
        yield Study(readers)


def _read(matcher: Matcher, question: Question) -> Verdict:
    return decide(matcher.rank(question))
