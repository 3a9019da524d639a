"""A text that is new is read beside everything else; one that is known is decided on the spot."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.match import Matcher
from bot.match.encoder import Encoder
from bot.match.features import Floats
from bot.model.question import Question
from bot.model.verdict import Answer
from bot.study import Study, open_study

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PATIENCE = 30  # seconds until what waits for ever counts as that
NEW = "is the block of one chain larger than that of the other one"


@dataclass(frozen=True, slots=True)
class Slow(Encoder):
    """Reads nothing until it may, and notes who reads."""

    may_read: threading.Event = field(default_factory=threading.Event)
    readers: list[str] = field(default_factory=list)

    def encode(self, texts: Sequence[str]) -> Floats:
        self.readers.append(threading.current_thread().name)
        assert self.may_read.wait(PATIENCE)
        return Encoder.encode(self, texts)


@pytest.fixture
def slow(matcher: Matcher) -> Slow:
    encoder: Any = matcher.reader.encoder
    return Slow(encoder.session, encoder.pieces, encoder.version)


@pytest.fixture
def reading(matcher: Matcher, slow: Slow) -> Matcher:
    """A matcher that remembers nothing yet."""
    return replace(matcher, reader=replace(matcher.reader, encoder=slow))


@pytest.fixture
def awake(reading: Matcher, slow: Slow) -> Matcher:
    """The same, which reads at once."""
    slow.may_read.set()
    return reading


def asked(text: str, *earlier: str) -> Question:
    return Question(text, NOW, earlier=earlier)


async def test_the_rest_goes_on_while_a_new_text_is_read(reading: Matcher, slow: Slow) -> None:
    """The loop lets the reader go on only once it was there itself, so a reading in the loop would never end."""
    with open_study() as study:
        verdict = asyncio.create_task(study.verdict(reading, asked(NEW)))
        await asyncio.sleep(0)
        slow.may_read.set()
        found = await verdict

    assert isinstance(found, Answer)
    assert [name.startswith("reader") for name in slow.readers] == [True]


async def test_one_new_text_is_read_at_a_time(awake: Matcher, slow: Slow) -> None:
    """Whoever answers needs the processor as well."""
    with open_study() as study:
        await asyncio.gather(*(study.verdict(awake, asked(f"{NEW} {number}")) for number in range(5)))

    assert len(slow.readers) == 5
    assert len(set(slow.readers)) == 1


SAYS_ENOUGH = "is bitcoin cash better than bitcoin for small payments"
LEANS = "what about the other one"
KNOWN = {
    "again": (asked(NEW), asked(NEW), True),
    "after another": (asked(SAYS_ENOUGH), asked(SAYS_ENOUGH, "who is satoshi"), True),
    "leaning": (asked(LEANS), asked(LEANS, "what are the fees of bch"), False),
    "another": (asked(NEW), asked(f"{NEW} now"), False),
    "nothing": (asked("?"), asked("?"), True),
    "too long to be kept": (asked(f"{NEW} " * 9), asked(f"{NEW} " * 9), False),
}


@pytest.mark.parametrize(("before", "then", "is_known"), KNOWN.values(), ids=KNOWN)
def test_what_is_remembered(before: Question, then: Question, is_known: bool, awake: Matcher) -> None:
    """What was asked before is, unless another question before it gives it another meaning."""
    is_new = not awake.remembers(before)
    awake.rank(before)

    assert is_new
    assert awake.remembers(then) is is_known


async def test_what_is_remembered_needs_no_reader(awake: Matcher) -> None:
    """It is decided as it was."""
    with open_study() as study:
        first = await study.verdict(awake, asked(NEW))

    assert await study.verdict(awake, asked(NEW)) == first  # there is no reader any more


async def test_without_a_reader_of_its_own_a_study_takes_one_that_is_there(awake: Matcher, slow: Slow) -> None:
    """So that a pipeline can be put together without one."""
    assert isinstance(await Study().verdict(awake, asked(NEW)), Answer)
    assert threading.current_thread().name not in slow.readers
