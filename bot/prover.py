"""Works out what an edit would do to answers before it is made: which questions change owner, how the exam goes."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from bot.changes import Change, compared, exams_and_phrasings
from bot.check import Graded, Mark, grade, shortfalls
from bot.edition import Edition, Shelf
from bot.model.knowledge import Library
from bot.model.proof import Effect, Shift, Tally
from bot.publisher import Read
from bot.recall import Judge, Known, judging

MOST_KNOWN = 10_000  # texts whose vectors are kept, some 15 MB


@dataclass(frozen=True, slots=True)
class Prover:
    """Compares what is in use with what would be; one proof at a time, beside the answering of questions."""

    shelf: Shelf
    read: Read
    _known: Known = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def prove(self, file: str, content: bytes) -> tuple[Edition, Effect]:
        """Return the edition there would be if a file held that, and what it does to answers.

        Raises:
            KnowledgeError: the knowledge would not be good.
        """
        async with self._lock:
            return await asyncio.to_thread(self._prove, self.shelf.current, file, content)

    def _prove(self, old: Edition, file: str, content: bytes) -> tuple[Edition, Effect]:
        new = self.read({file: content})
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        asked = exams_and_phrasings(old.library, new.library)
        was, now = (judging(edition.matcher, self._known) for edition in (old, new))
        found = compared(was, now, asked)
        (before, had), (after, has) = _examined(old.library, was), _examined(new.library, now)
        return new, Effect(tuple(map(_shift, found)), before, after, tuple(one for one in has if one not in had))


def _examined(library: Library, judge: Judge) -> tuple[Tally, tuple[str, ...]]:
    graded = {pack.id: grade(pack, judge) for pack in library.packs.values()}
    short = (one for pack in library.packs.values() for one in shortfalls(pack, graded[pack.id]))
    return _tally([one for found in graded.values() for one in found]), tuple(one.what for one in short)


def _tally(graded: list[Graded]) -> Tally:
    counts = Counter(one.mark for one in graded)
    return Tally(len(graded), counts[Mark.RIGHT], counts[Mark.OFFERED])


def _shift(change: Change) -> Shift:
    asked = change.asked
    return Shift(change.kind.value, asked.exam.text, change.before, change.after, asked.taken_from.value)
