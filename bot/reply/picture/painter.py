"""Pictures for replies, drawn one after the other off the event loop, in a process that is there only while needed."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self

from bot.errors import PictureError
from bot.model.quote import Snapshot
from bot.model.record import Day
from bot.model.series import Series
from bot.reply.picture import card, chart, days
from bot.reply.picture.chart import Scale
from bot.reply.picture.studio import Studio
from bot.reply.picture.worker import Plan

DEADLINE = timedelta(seconds=10)  # for one picture, from its turn on
IDLE = timedelta(minutes=1)  # a warm process holds some 75 MB, and a cold one costs a reader less than a second


class Painter:
    """Draws charts and cards; requests queue up. Use it as a context manager, or call `aclose` at the end."""

    def __init__(self, *, deadline: timedelta = DEADLINE, idle: timedelta = IDLE) -> None:
        self._deadline = deadline
        self._idle = idle
        self._studio = Studio()
        self._line = ThreadPoolExecutor(1, thread_name_prefix="painter")
        self._rest: asyncio.TimerHandle | None = None
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def chart(self, series: Series, scale: Scale = Scale.AUTO) -> bytes:
        """Return a chart of both coins as PNG, 1200 by 750 pixels, opaque, the same bytes for the same series.

        Raises:
            PictureError: nothing is recorded, the numbers have no index, matplotlib is not installed, the drawing
                process crashed, the deadline passed, or the painter is closed.
        """
        return await self._picture(partial(chart.lay_out, series, scale))

    async def card(self, snapshots: Sequence[Snapshot], at: datetime) -> bytes:
        """Return a comparison card of one to six statistics as PNG, 1200 by 675 pixels; ages are counted up to `at`.

        Raises:
            PictureError: as for `chart`, or there are no snapshots or too many.
        """
        return await self._picture(partial(card.lay_out, tuple(snapshots), at))

    async def days(self, counted: Sequence[Day]) -> bytes:
        """Return a chart of questions on successive days as PNG, 1200 by 750 pixels.

        Raises:
            PictureError: as for `chart`, or nobody asked anything.
        """
        return await self._picture(partial(days.lay_out, tuple(counted)))

    async def aclose(self) -> None:
        """End the drawing process; a picture under way and those in line fail with a PictureError."""
        if self._is_closed:
            return
        self._is_closed = True
        self._stay()
        self._studio.close()
        self._line.submit(self._studio.end)
        await asyncio.to_thread(self._line.shutdown)

    async def _picture(self, plan: Callable[[], Plan]) -> bytes:
        if self._is_closed:
            raise PictureError("drawing has ended")
        self._stay()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._line, self._drawn, plan)
        finally:
            self._stay()
            if not self._is_closed:
                self._rest = loop.call_later(self._idle.total_seconds(), self._line.submit, self._studio.end)

    def _drawn(self, plan: Callable[[], Plan]) -> bytes:
        return self._studio.draw(plan(), self._deadline)

    def _stay(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
