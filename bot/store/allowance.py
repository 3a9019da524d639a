"""What chats may still get from all programs together: when each was last written to, by the database's clock."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import ARRAY, ColumnElement, Delete, Double, delete, func, literal, select, type_coerce
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StoreError
from bot.store.engine import begun, unbundled
from bot.store.sharing import PACES

REMEMBERED = 20  # calls of a chat; no window has more places
KEPT = timedelta(hours=1)  # after the last call, and the end of a silence

_TAKEN = type_coerce(PACES.c.taken, ARRAY(Double))
_log = structlog.get_logger()


class Allowance:
    """Counts calls of all programs on a PostgreSQL; where it fails, each program keeps to the limits by itself."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = unbundled(engine)

    async def reserve(self, chat: str, windows: Sequence[tuple[int, float]]) -> float:
        """Take a place for one call now and return 0.0, or take none and return the seconds until there may be one.

        `windows` has how many calls there may be in how many seconds.
        """
        now = _now()
        put = postgresql.insert(PACES).values(chat=chat, taken=func.array_append(_moments([]), now))
        put = put.values(silent_until=0.0, at=now)
        longer = func.array_prepend(now, _TAKEN, type_=ARRAY(Double))[1:REMEMBERED]
        put = put.on_conflict_do_update(
            index_elements=["chat"], set_={"taken": longer, "at": now}, where=_free_at(windows) <= now
        )
        wait = select(_free_at(windows) - now).where(PACES.c.chat == chat)
        try:
            async with begun(self._engine) as connection:
                if (await connection.execute(put.returning(PACES.c.chat))).first():
                    return 0.0
                return max(0.0, await connection.scalar(wait) or 0.0) + 0.001  # what is not free is not free at once
        except StoreError as error:
            _log.warning("pace.not_shared", error=type(error.__cause__ or error).__name__)
            return 0.0

    async def silence(self, chat: str, seconds: float) -> None:
        """Let nobody write to a chat for so long."""
        until = _now() + seconds
        put = postgresql.insert(PACES).values(chat=chat, taken=_moments([]), silent_until=until, at=until)
        changes: dict[str, Any] = {
            name: func.greatest(PACES.c[name], put.excluded[name]) for name in ("silent_until", "at")
        }
        try:
            async with begun(self._engine) as connection:
                await connection.execute(put.on_conflict_do_update(index_elements=["chat"], set_=changes))
        except StoreError as error:
            _log.warning("pace.not_shared", error=type(error.__cause__ or error).__name__)


def stale() -> Delete:
    """Return what forgets the chats where nothing has happened for long."""
    return delete(PACES).where(PACES.c.at < _now() - KEPT.total_seconds())


def _now() -> ColumnElement[float]:
    return func.date_part("epoch", func.clock_timestamp(), type_=Double())


def _moments(values: Sequence[float]) -> ColumnElement[Any]:
    return literal(list(values), ARRAY(Double))


def _free_at(windows: Sequence[tuple[int, float]]) -> ColumnElement[float]:
    """Return when a chat is free: after its silence, and after the calls that fill a window."""
    ends = (func.coalesce(_TAKEN[places] + seconds, 0.0) for places, seconds in windows)
    return func.greatest(PACES.c.silent_until, *ends, type_=Double())
