"""The journal: writes down what was asked once the reply is sent, one after the other, and never in an answer's way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

import structlog

from bot.errors import StoreError
from bot.match import CERTAIN, Meanings, redacted
from bot.match.matcher import SHORT
from bot.match.remembered import Remembered
from bot.model.question import Place, Question
from bot.model.record import Asked, Candidate, Kind, Settled, Spot, Tally, Vector, kind_of
from bot.model.verdict import Answer, Refuse, Verdict, matches_of
from bot.store import Records

WAITING = 1_000  # questions not yet written; beyond this they are dropped
AT_ONCE = 100  # questions written in one transaction
PAUSE = 0.1  # seconds in which others may join; a transaction takes as much work as several questions
REMEMBERED = 1_000  # texts that have nothing to hide
CANDIDATES = 4  # kept of each question: what was found and three more
EXPIRE_EVERY = timedelta(hours=1)
UNKNOWN = "?"  # the language of somebody whose client does not say
LANGUAGE = 8  # letters of it
UNADDRESSED = frozenset({Place.GROUP, Place.OVERHEARD})  # of these nothing is kept

T = TypeVar("T")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asked, in which language their client is, and where the answer stands."""

    asker: int
    language: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Journal:
    """Notes questions and passes on what people think of the answers; without `records` it keeps nothing.

    `meanings` gives vectors to what may be a gap, so that whoever looks at the gaps need not wait; `keep` is for how
    long questions are kept.
    """

    records: Records | None = None
    meanings: Callable[[], Meanings] | None = None
    keep: timedelta = timedelta()
    queue: asyncio.Queue[Asked | asyncio.Future[None]] = field(default_factory=lambda: asyncio.Queue(WAITING))
    harmless: Remembered[str, str] = field(default_factory=lambda: Remembered(REMEMBERED))

    @property
    def is_open(self) -> bool:
        """Whether anything is kept."""
        return self.records is not None

    def note(self, question: Question, verdict: Verdict, asking: Asking) -> None:
        """Let a question be written that was addressed to us; never waits, and drops it where too many wait."""
        if not self.is_open or question.place in UNADDRESSED:
            return
        try:
            self.queue.put_nowait(asked(question, verdict, asking, self._kept))
        except asyncio.QueueFull:
            _log.warning("journal.full", waiting=WAITING)

    def _kept(self, text: str) -> str:
        """Return a text as it may be kept; one that has nothing to hide is known when it comes again."""
        if len(text) > SHORT:
            return redacted(text)
        return self.harmless.get(text, lambda: redacted(text), lambda kept: kept == text)

    async def write(self) -> None:
        """Write for ever what is noted, what has come meanwhile at once; what a database does not take is lost."""
        while True:
            taken = await self._taken()
            try:
                batch = [one for one in taken if isinstance(one, Asked)]
                if self.records and batch:
                    await self.records.note(*await self._with_vectors(batch))
            except StoreError as error:
                _log.warning("journal.not_written", error=type(error.__cause__ or error).__name__)
            finally:
                for one in taken:
                    self.queue.task_done()
                    if isinstance(one, asyncio.Future) and not one.done():
                        one.set_result(None)

    async def _taken(self) -> list[Asked | asyncio.Future[None]]:
        """Return what is noted, once something is: up to whoever waits for it, or what comes within a while."""
        taken = [await self.queue.get()]
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE):
                while len(taken) < AT_ONCE and isinstance(taken[-1], Asked):
                    taken.append(await self.queue.get())
        return taken

    async def _written(self) -> None:
        """Wait until all is written that was noted so far."""
        mark: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self.queue.put(mark)
        await mark

    async def expire(self) -> None:
        """Delete what is older than it may be; a database that fails is asked again the next time."""
        await self.told(lambda records: records.expire(self.keep))

    async def keep_clean(self) -> None:
        """Delete for ever what has become too old."""
        while True:
            await asyncio.sleep(EXPIRE_EVERY.total_seconds())
            await self.expire()

    async def told(self, ask: Callable[[Records], Awaitable[T]]) -> T | None:
        """Return what the records say once all that was noted is written; None where there are none, or they fail."""
        if self.records is None:
            return None
        await self._written()
        try:
            return await ask(self.records)
        except StoreError as error:
            _log.warning("journal.not_told", error=type(error.__cause__ or error).__name__)
            return None

    async def vote(self, spot: Spot, voter: int, choice: bool | None, *, toggles: bool = False) -> Tally | None:
        """Set somebody's vote on an answer; None where it cannot be."""
        return await self.told(lambda records: records.vote(spot, voter, choice, toggles=toggles))

    async def remark(self, spot: Spot, asker: int, entry: str) -> bool:
        """Keep which entry an asker meant, or, without one, that the next question tells; tell whether it is kept."""
        return bool(await self.told(lambda records: records.remark(spot, asker, entry)))

    async def settle(self, questions: Sequence[int], how: Settled, owner: int) -> bool:
        """Note what an owner did about questions; tell whether it is kept."""
        return await self._done(lambda records: records.settle(questions, how, owner))

    async def subscribe(self, owner: int, *, is_on: bool) -> bool:
        """Let an owner get the gaps once a week, or no more; tell whether it is kept."""
        return await self._done(lambda records: records.subscribe(owner, is_on=is_on))

    async def forget(self, person: int) -> bool:
        """Delete everything of somebody; tell whether it is done."""
        return await self._done(lambda records: records.forget(person))

    async def _done(self, ask: Callable[[Records], Awaitable[None]]) -> bool:
        async def done(records: Records) -> bool:
            await ask(records)
            return True

        return bool(await self.told(done))

    async def _with_vectors(self, batch: Sequence[Asked]) -> Sequence[Asked]:
        texts = {one.text for one in batch if one.text and _may_be_a_gap(one)}
        if not texts or self.meanings is None:
            return batch
        vectors = await asyncio.to_thread(_vectors, self.meanings(), texts)
        return [replace(one, vector=vectors.get(one.text)) for one in batch]


def _may_be_a_gap(one: Asked) -> bool:
    """Tell whether a question was not answered well; one that turns out so later is read when somebody looks."""
    return one.kind is not Kind.ANSWERED or one.score < CERTAIN


def _vectors(meanings: Meanings, texts: Iterable[str]) -> dict[str, Vector | None]:
    """Return what texts mean; one by one, for what the encoder takes of memory for many it keeps."""
    return {text: meanings.vectors([text])[0] for text in texts}


def asked(question: Question, verdict: Verdict, asking: Asking, kept: Callable[[str], str] = redacted) -> Asked:
    """Return a question as it is kept, with what is `kept` of its text; of what gets no reply that is nothing."""
    kind, matches = kind_of(verdict), matches_of(verdict)
    return Asked(
        text="" if kind is Kind.SILENT else kept(question.text),
        language=_language(asking.language),
        place=question.place,
        spot=asking.spot,
        asker=asking.asker,
        kind=kind,
        target=_target(verdict),
        score=matches[0].score if matches else 0.0,
        rule=verdict.rule,
        candidates=tuple(Candidate(one.target.id, one.score, one.phrase) for one in matches[:CANDIDATES]),
        vector=None,
        at=question.asked_at,
    )


def _language(code: str) -> str:
    """Return the language of a code such as `pt-br`; what is none is not known."""
    language = code.partition("-")[0].lower()[:LANGUAGE]
    return language if language.isascii() and language.isalpha() else UNKNOWN


def _target(verdict: Verdict) -> str:
    match verdict:
        case Answer(entry=entry):
            return entry.id
        case Refuse(refusal=refusal) if refusal:
            return refusal.id
    return ""


@asynccontextmanager
async def open_journal(records: Records, meanings: Callable[[], Meanings], keep: timedelta) -> AsyncIterator[Journal]:
    """Give a journal that writes, and deletes what is older than `keep`; what was noted is written at the end."""
    journal = Journal(records, meanings, keep)
    tasks = [asyncio.create_task(journal.write()), asyncio.create_task(journal.keep_clean())]
    try:
        await journal.expire()
        yield journal
        await journal.queue.join()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
