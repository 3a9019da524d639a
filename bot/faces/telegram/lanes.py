"""Lanes: what belongs to one chat is handled in the order it came, and chats do not wait for each other."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import structlog

from bot.faces.telegram.parse import ALONE
from bot.model.incoming import Incoming

AT_ONCE = 56  # updates handled at the same time, each of another chat; a kill repeats those that were just sent
EACH_TURN = 4  # of them begun in one turn of the event loop, so that what is nearly done need not wait for all
MOST = 2_000  # updates in memory; whoever brings more waits
GRACE = timedelta(seconds=8)  # for what was begun when the bot is stopped

_log = structlog.get_logger()


class Turnstile:
    """Lets so many through in each turn of the event loop, and the others in the next ones, in the order they came."""

    def __init__(self, each: int) -> None:
        self._each = self._left = each
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> None:
        """Wait for one's turn."""
        loop = asyncio.get_running_loop()
        if self._left == self._each:
            loop.call_soon(self._turn)
        if self._left:
            self._left -= 1
            return
        waiter = loop.create_future()
        self._waiting.append(waiter)
        await waiter

    def _turn(self) -> None:
        self._left = self._each
        while self._waiting and self._left:
            waiter = self._waiting.popleft()
            if not waiter.done():  # else it was given up
                waiter.set_result(None)
                self._left -= 1
        if self._left < self._each:
            asyncio.get_running_loop().call_soon(self._turn)


class Lanes:
    """Does `work` for each update, one at a time in each lane and at most `at_once` in all.

    A worker is a task that takes the lane which has waited longest, does one update of it, and goes on to the next
    lane; it ends when there is nothing to do. One that waits for Telegram's permission does not count. There are no
    tasks for what waits, and at most `most` updates are in memory: room is reserved before they are put here.
    """

    def __init__(
        self, work: Callable[[Incoming], Awaitable[None]], *, at_once: int = AT_ONCE, most: int = MOST
    ) -> None:
        self._work = work
        self._at_once = at_once
        self._most = most
        self._taken = 0
        self._queues: dict[int, deque[Incoming]] = {}  # of each lane that has something to do, or is at it
        self._ready: deque[int] = deque()  # lanes that have something to do, and nobody at it
        self._workers: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()
        self._turnstile = Turnstile(EACH_TURN)
        self._aside: set[asyncio.Task[None]] = set()  # workers that wait, and do not count
        self._is_open = True

    @property
    def size(self) -> int:
        """How many updates are in memory, or are about to be."""
        return self._taken

    @property
    def room(self) -> int:
        """How many more updates may be in memory."""
        return self._most - self._taken

    @property
    def is_open(self) -> bool:
        """Whether anything is still begun."""
        return self._is_open

    async def reserve(self, count: int) -> None:
        """Wait until there is room for so many updates; more than there ever is wait until nothing else is here."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._taken or self._taken + count <= self._most)
            self._taken += count

    async def release(self, count: int) -> None:
        """Give back room that was reserved and is not needed."""
        async with self._changed:
            self._taken -= count
            self._changed.notify_all()

    async def idle(self) -> None:
        """Wait until there is nothing to do, and nobody at it."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._queues)

    def put(self, batch: Sequence[Incoming]) -> None:
        """Let updates be handled for which there is room reserved, in this order."""
        for one in batch:
            queue = self._queues.get(one.lane)
            if queue is None:
                queue = self._queues[one.lane] = deque()
                self._ready.append(one.lane)
            queue.append(one)
        self._begin()

    @contextmanager
    def aside(self, after: float = 0.0) -> Iterator[None]:
        """Let another worker begin if the one that enters waits for something, longer than so many seconds."""
        worker = asyncio.current_task()
        if worker not in self._workers:
            yield
            return
        later = asyncio.get_running_loop().call_later(after, self._step_aside, worker)
        try:
            yield
        finally:
            later.cancel()
            self._aside.discard(worker)

    def _step_aside(self, worker: asyncio.Task[None]) -> None:
        self._aside.add(worker)
        self._begin()

    def _begin(self) -> None:
        while self._is_open and self._ready and len(self._workers) - len(self._aside) < self._at_once:
            self._workers.add(asyncio.create_task(self._go(self._ready.popleft())))

    async def stop(self, grace: timedelta = GRACE) -> None:
        """Begin nothing any more, and wait for what was begun; what takes longer than `grace` is given up."""
        self._is_open = False
        if self._workers:
            _, late = await asyncio.wait(self._workers, timeout=grace.total_seconds())
            for worker in late:
                worker.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _go(self, lane: int) -> None:
        """Work until nothing is ready; a worker counts until then, so that `put` knows whether to make another."""
        worker = asyncio.current_task()
        try:
            await self._advance(lane)
            while self._ready and self._is_open and len(self._workers) - len(self._aside) <= self._at_once:
                await self._advance(self._ready.popleft())
        finally:
            self._workers -= {worker}

    async def _advance(self, lane: int) -> None:
        """Do the first update of a lane, and put the lane behind the others if there is more."""
        queue = self._queues[lane]
        if lane > ALONE:  # letters that somebody types must know of the next ones
            await self._turnstile.enter()
        await self._do(queue[0])
        queue.popleft()
        if queue:
            self._ready.append(lane)
        else:
            del self._queues[lane]
        await self.release(1)

    async def _do(self, one: Incoming) -> None:
        try:
            await self._work(one)
        except Exception as error:  # noqa: BLE001 - an update that fails must not take its worker with it
            _log.error("telegram.update_failed", update_id=one.update_id, error=type(error).__name__)
