"""One provider as it is asked: within its budget, with one retry, and left alone for a while when it fails.

The only place that retries.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import stamina
import structlog
from pydantic import ValidationError

from bot.errors import SourceDownError, SourceError, SourceShakyError, SourceSpentError
from bot.model.clock import Clock
from bot.model.source import SourceState
from bot.stats.endpoint import Found_co, Heard, Plan, Planned, Request
from bot.stats.line import Ask, open_line
from bot.stats.settings import ProviderSettings

REST = timedelta(seconds=30)  # after a first failure; doubled with each further one
LONGEST_REST = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=1)  # that a source may ask for
WINDOW = timedelta(minutes=1)  # of the budget
UNREADABLE = "gave an answer that cannot be read"

log = structlog.get_logger()


@dataclass(slots=True)
class Health:
    """What is remembered of a source."""

    failures: int = 0
    last_error: str = ""
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    rests_until: datetime | None = None


class Source:
    """Asks one provider; those with the lowest `priority` are asked first."""

    def __init__(self, name: str, settings: ProviderSettings, clock: Clock) -> None:
        self.priority = settings.priority
        self._name = name
        self._line = open_line(settings)
        self._clock = clock
        self._per_minute = settings.per_minute
        self._asked: deque[datetime] = deque()
        self._health = Health()
        self._retry = stamina.AsyncRetryingCaller(attempts=2, timeout=None, wait_initial=0.05, wait_jitter=0.2)

    async def answer(self, origin: Planned[Found_co]) -> Found_co:
        """Return what an origin leads to.

        Raises:
            SourceSpentError: it may not be asked any more this minute.
            SourceDownError: it cannot be reached, turns us away, or is given a rest after that.
            SourceError: it gave something else than it should.
        """
        health = self._health
        if health.rests_until and self._clock() < health.rests_until:
            raise SourceDownError(health.last_error)
        try:
            found = await self._retry.on(SourceShakyError)(self._followed, origin.plan)
        except SourceSpentError:
            raise
        except SourceDownError as error:
            self._note(error)
            health.failures += 1
            rest = min(REST * 2 ** (health.failures - 1), LONGEST_REST)
            health.rests_until = self._clock() + max(rest, min(error.retry_after or REST, LONGEST_PAUSE))
            raise
        except (SourceError, ValidationError) as error:
            failure = error if isinstance(error, SourceError) else SourceError(UNREADABLE)
            self._note(failure)
            raise failure from error
        health.failures, health.rests_until, health.answered_at = 0, None, self._clock()
        return found

    @property
    def state(self) -> SourceState:
        """How it is doing."""
        health, now = self._health, self._clock()
        rests = health.rests_until if health.rests_until and now < health.rests_until else None
        return SourceState(
            self._name, health.answered_at, health.failed_at, health.last_error, rests, self._left(), self._per_minute
        )

    async def aclose(self) -> None:
        """Close the line."""
        await self._line.aclose()

    async def _followed(self, plan: Callable[[], Plan[Found_co]]) -> Found_co:
        """Follow a plan to its end."""
        async with self._line.talk() as ask:
            steps = plan()
            try:
                request = next(steps)
                while True:
                    body = await self._paid(ask, request)
                    request = steps.send(Heard(body, self._clock()))
            except StopIteration as end:
                found: Found_co = end.value
                return found

    async def _paid(self, ask: Ask, request: Request) -> bytes:
        if not self._left():
            raise SourceSpentError("may not be asked more often")
        self._asked.append(self._clock())
        return await ask(request)

    def _left(self) -> int:
        """Return how many requests the budget of this minute still has."""
        while self._asked and self._clock() - self._asked[0] >= WINDOW:
            self._asked.popleft()
        return self._per_minute - len(self._asked)

    def _note(self, error: SourceError) -> None:
        self._health.last_error, self._health.failed_at = str(error), self._clock()
        log.warning("stat.source_failed", source=self._name, reason=str(error))
