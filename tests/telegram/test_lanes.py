"""Lanes: order within a chat, none between chats, and never more in memory than there is room for."""

import asyncio
import random
from collections import defaultdict
from datetime import timedelta

import pytest
import structlog

from bot.faces.telegram.lanes import Lanes, Turnstile
from bot.model.clock import utc_now
from bot.model.incoming import Incoming


def update(number: int, lane: int = 0) -> Incoming:
    return Incoming(number, lane, b"", utc_now())


async def put(lanes: Lanes, *updates: Incoming) -> None:
    await lanes.reserve(len(updates))
    lanes.put(updates)


class Work:
    """Notes what is done, lane by lane; an update whose lane is held waits until the lane is let go."""

    def __init__(self) -> None:
        self.done: defaultdict[int, list[int]] = defaultdict(list)
        self.begun = 0
        self.is_under_way = asyncio.Event()
        self._ended = asyncio.Semaphore(0)
        self.at_once = 0
        self.most_at_once = 0
        self._held: defaultdict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._dice = random.Random(7)  # noqa: S311 - the same work every time

    async def all_done(self, count: int) -> None:
        """Wait until so many more are done."""
        for _ in range(count):
            await self._ended.acquire()

    def let_go(self, *lanes: int) -> None:
        for lane in lanes:
            self._held[lane].set()

    async def __call__(self, one: Incoming) -> None:
        self.begun += 1
        self.is_under_way.set()
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        await self._held[one.lane].wait()
        for _ in range(self._dice.randrange(20)):  # a handler takes its time
            await asyncio.sleep(0)
        self.done[one.lane].append(one.update_id)
        self.at_once -= 1
        self._ended.release()


async def test_each_lane_keeps_its_order() -> None:
    """However long each takes, what came first in a lane is done first, and one at a time."""
    work = Work()
    lanes = Lanes(work, at_once=5)
    dice = random.Random(3)  # noqa: S311 - the same updates every time
    work.let_go(*range(9))
    updates = [update(number, dice.randrange(9)) for number in range(500)]

    await put(lanes, *updates)
    await lanes.idle()

    assert work.done == {lane: [one.update_id for one in updates if one.lane == lane] for lane in range(9)}
    assert work.most_at_once == 5
    assert lanes.size == 0


async def test_only_so_many_begin_in_one_turn() -> None:
    """The rest comes in the turns that follow, in order; who gives up waiting takes nobody's place."""
    turnstile, through, each_turn = Turnstile(3), list[int](), list[int]()

    async def enter(number: int) -> None:
        await turnstile.enter()
        through.append(number)

    tasks = [asyncio.create_task(enter(number)) for number in range(10)]
    while len(through) < 9:
        before = len(through)
        await asyncio.sleep(0)
        each_turn.append(len(through) - before)
        tasks[5].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert through == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert [count for count in each_turn if count] == [3, 3, 3]


async def test_what_comes_later_begins_at_once() -> None:
    """A turn that is over does not count any more."""
    turnstile = Turnstile(1)
    for _ in range(3):
        entering = asyncio.create_task(turnstile.enter())
        await asyncio.sleep(0)
        await asyncio.sleep(0)

        assert entering.done()


async def test_who_steps_aside_makes_room_for_another() -> None:
    """One at a time is at work; while it waits for Telegram's permission, the next begins, and then it goes on."""
    steps, permission = list[str](), asyncio.Event()

    async def work(one: Incoming) -> None:
        steps.append(f"begin {one.lane}")
        if one.lane == 1:
            with lanes.aside():
                await permission.wait()
        else:
            permission.set()
        steps.append(f"end {one.lane}")

    lanes = Lanes(work, at_once=1)
    await put(lanes, update(1, 1), update(2, 2), update(3, 3))
    await lanes.idle()

    assert steps[:3] == ["begin 1", "begin 2", "end 2"]
    assert sorted(steps) == sorted(f"{step} {lane}" for step in ("begin", "end") for lane in (1, 2, 3))


async def test_a_lane_that_is_stuck_holds_nobody_else() -> None:
    """While one chat's update takes for ever, the others are served, however much that chat sends."""
    work = Work()
    lanes = Lanes(work, at_once=2)
    work.let_go(1, 2)

    await put(lanes, *(update(number, 0) for number in range(50)), *(update(50 + lane, lane) for lane in (1, 2, 1)))
    await work.all_done(3)
    before = dict(work.done)
    work.let_go(0)
    await lanes.idle()

    assert before == {1: [51, 51], 2: [52]}
    assert work.done[0] == list(range(50))


async def test_a_chat_that_sends_much_does_not_hold_a_worker() -> None:
    """With one worker, somebody who comes behind fifty updates of another chat is next but one."""
    done = []

    async def work(one: Incoming) -> None:
        done.append(one.lane)

    lanes = Lanes(work, at_once=1)

    await put(lanes, *(update(number, 1) for number in range(50)), update(50, 2))
    await lanes.idle()

    assert done[:3] == [1, 2, 1]


async def test_many_wait_without_tasks() -> None:
    """What waits is in memory and has no task of its own."""
    work = Work()
    lanes = Lanes(work, at_once=4)
    before = len(asyncio.all_tasks())

    await put(lanes, *(update(number, number) for number in range(1_000)))
    await asyncio.sleep(0)

    assert len(asyncio.all_tasks()) - before == 4
    work.let_go(*range(1_000))
    await lanes.idle()
    assert len(work.done) == 1_000


async def test_whoever_brings_too_much_waits() -> None:
    """Room for 10: the fourth that brings three waits until one is done; a batch of 12 waits for an empty house."""
    work = Work()
    lanes = Lanes(work, at_once=1, most=10)
    for number in range(3):
        await put(lanes, *(update(number, number) for _ in range(3)))
    fourth = asyncio.create_task(lanes.reserve(3))
    await asyncio.sleep(0)
    was_waiting, size = not fourth.done(), lanes.size

    work.let_go(0, 1, 2)
    await fourth
    large = asyncio.create_task(lanes.reserve(12))
    await lanes.idle()
    is_waiting = not large.done()
    await lanes.release(3)
    await large

    assert (was_waiting, size, is_waiting) == (True, 9, True)
    assert lanes.size == 12


async def test_a_worker_outlives_what_fails() -> None:
    """An update that fails is logged by its id and class only, and the lane goes on."""
    done = []

    async def work(one: Incoming) -> None:
        if one.update_id == 1:
            raise ValueError("my grandmother asks")
        done.append(one.update_id)

    lanes = Lanes(work)
    with structlog.testing.capture_logs() as logs:
        await put(lanes, update(1), update(2))
        await lanes.idle()

    assert done == [2]
    assert logs == [
        {"event": "telegram.update_failed", "update_id": 1, "error": "ValueError", "log_level": "error"},
    ]


async def test_an_update_that_comes_as_the_last_worker_ends_is_done() -> None:
    """However few steps the work takes, nothing is left behind between a worker's end and the next one's start."""
    work = Work()
    lanes = Lanes(work, at_once=1)
    work.let_go(0, 1)

    for number in range(200):
        await put(lanes, update(number, number % 2))
        for _ in range(number % 40):
            await asyncio.sleep(0)
    async with asyncio.timeout(60):
        await lanes.idle()

    assert len(work.done[0]) + len(work.done[1]) == 200


@pytest.mark.parametrize(("grace", "done"), [(timedelta(minutes=1), [1]), (timedelta(), [])], ids=["waits", "gives up"])
async def test_stopping_finishes_what_was_begun(grace: timedelta, done: list[int]) -> None:
    """Nothing new is begun; what was begun is finished within the grace, or given up."""
    work = Work()
    lanes = Lanes(work)
    await put(lanes, update(1), update(2))
    await work.is_under_way.wait()

    stopping = asyncio.create_task(lanes.stop(grace))
    await asyncio.sleep(0)
    if grace:
        work.let_go(0)
    await stopping
    await put(lanes, update(3, 3))
    await asyncio.sleep(0)

    assert work.done[0] == done
    assert work.begun == 1
