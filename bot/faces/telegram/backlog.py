"""The backlog: how updates get from the inbox into the lanes, for one program alone or for several together."""

from collections import Counter, OrderedDict
from collections.abc import Collection, Sequence
from typing import Protocol

import structlog

from bot.errors import StoreError, UnkeptError
from bot.faces.telegram.lanes import AT_ONCE, Lanes
from bot.model.incoming import Incoming
from bot.store import Crew, Inbox, Room, Solo

REMEMBERED = 10_000  # updates that were handled and not kept

_log = structlog.get_logger()


class Backlog(Protocol):
    """What is kept and not done yet."""

    async def resume(self) -> None:
        """Begin with what an earlier run left unfinished."""

    async def add(self, batch: Sequence[Incoming]) -> None:
        """Keep updates and let those that are new be handled; raises `StoreError` where they may not be kept."""

    def is_ours(self, one: Incoming) -> bool:
        """Tell whether an update may be handled now."""

    def ended(self, one: Incoming, *, may_return: bool) -> None:
        """Hear that the work on an update is over; `may_return` where it was not begun, or is noted as done."""


def make_backlog(inbox: Inbox, crew: Crew | Solo, lanes: Lanes) -> Backlog:
    """Return the backlog of a program."""
    return SharedBacklog(inbox, crew, lanes) if isinstance(crew, Crew) else OwnBacklog(inbox, lanes)


class OwnBacklog:
    """Of a program that is alone: what it keeps goes on in memory, and there is room for it before it is kept."""

    def __init__(self, inbox: Inbox, lanes: Lanes) -> None:
        self._inbox = inbox
        self._lanes = lanes
        self._doubtful: set[int] = set()  # a failed commit may have kept these all the same
        self._unkept: OrderedDict[int, bool] = OrderedDict()  # whether they are handled already

    async def resume(self) -> None:
        """Put into the lanes what is unfinished, as there is room."""
        left = await self._inbox.unfinished()
        if left:
            _log.info("telegram.resumed", updates=len(left))
        for one in left:
            await self._lanes.reserve(1)
            self._lanes.put([one])

    async def add(self, batch: Sequence[Incoming]) -> None:
        """Wait for room, keep updates, and put those that are new into the lanes; those, too, that cannot be kept."""
        await self._lanes.reserve(len(batch))
        new: Sequence[Incoming] = ()
        try:
            new = await self._recorded(await self._kept(batch))
        except StoreError:
            new = self._borrowed(batch)
            if not new and all(self._unkept.get(one.update_id) for one in batch):
                raise UnkeptError("the database failed") from None
            raise
        finally:
            await self._lanes.release(len(batch) - len(new))
            self._lanes.put(new)

    def _borrowed(self, batch: Sequence[Incoming]) -> Sequence[Incoming]:
        """Return those of a batch that could not be kept which nobody has begun yet, and remember them."""
        new = [one for one in batch if one.update_id not in self._unkept]
        self._unkept |= dict.fromkeys((one.update_id for one in new), False)
        while len(self._unkept) > REMEMBERED:
            self._unkept.popitem(last=False)
        return new

    async def _recorded(self, new: Sequence[Incoming]) -> Sequence[Incoming]:
        """Return what is left of updates that are kept now, when those are noted that were handled before."""
        known = {one.update_id for one in new if one.update_id in self._unkept}
        done = [number for number in known if self._unkept.pop(number)]
        if done:
            await self._inbox.finish(done)
        return [one for one in new if one.update_id not in known]

    def is_ours(self, one: Incoming) -> bool:
        """Tell that it is."""
        return True

    def ended(self, one: Incoming, *, may_return: bool) -> None:
        """Remember of one that could not be kept that it is handled."""
        if one.update_id in self._unkept:
            self._unkept[one.update_id] = True

    async def _kept(self, batch: Sequence[Incoming]) -> Sequence[Incoming]:
        numbers = {one.update_id for one in batch}
        doubtful = self._doubtful & numbers
        self._doubtful -= doubtful
        try:
            new = await self._inbox.keep(batch)
            if doubtful:
                doubtful -= {one.update_id for one in new}
                left = [one for one in await self._inbox.unfinished() if one.update_id in doubtful]
                new = tuple(sorted((*new, *left), key=lambda one: one.update_id))
        except BaseException:
            self._doubtful |= numbers
            raise
        return new


class SharedBacklog:
    """Of a program among others: any of them keeps an update, and the one that has its lane handles it.

    What waits stays in the database; a program takes no more lanes than it can soon get to.
    """

    def __init__(self, inbox: Inbox, crew: Crew, lanes: Lanes) -> None:
        self._inbox = inbox
        self._crew = crew
        self._lanes = lanes
        self._known: set[int] = set()  # what was taken, and is not known to be done
        self._busy: Counter[int] = Counter()  # lanes, by how much of them is in memory
        crew.taker = self

    async def resume(self) -> None:
        """Leave it to the crew, which gives what waits."""
        self._crew.wake()

    async def add(self, batch: Sequence[Incoming]) -> None:
        """Keep updates, and look at once which of them are ours."""
        await self._inbox.keep(batch)
        self._crew.wake()

    def is_ours(self, one: Incoming) -> bool:
        """Tell whether the lane is still ours; else who has it now takes the update from the inbox."""
        return self._crew.holds(one.lane)

    def ended(self, one: Incoming, *, may_return: bool) -> None:
        """Forget an update, unless it was begun and stands in the inbox as undone: it must not be taken again."""
        self._busy[one.lane] -= 1
        if self._busy[one.lane] <= 0:
            del self._busy[one.lane]
        if may_return:
            self._known.discard(one.update_id)
        if self.room().lanes == 1:  # there was none, so others may have been left waiting
            self._crew.wake()

    def room(self) -> Room:
        """Return what can be taken now."""
        if not self._lanes.is_open:
            return Room(0, 0)
        return Room(2 * AT_ONCE - len(self._busy), self._lanes.room)

    def known(self) -> Collection[int]:
        """Return the ids of what was taken, and is not known to be done."""
        return self._known

    def busy(self) -> Collection[int]:
        """Return the lanes with something to do."""
        return self._busy.keys()

    async def give(self, batch: Sequence[Incoming]) -> None:
        """Put updates into the lanes."""
        await self._lanes.reserve(len(batch))
        self._known.update(one.update_id for one in batch)
        self._busy.update(one.lane for one in batch)
        self._lanes.put(batch)
