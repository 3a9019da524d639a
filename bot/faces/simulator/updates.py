"""The queue of updates, with getUpdates as Telegram runs it: confirmation by offset, one long poll at a time."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from bot.faces.simulator.entities import JSON
from bot.faces.simulator.refusal import RefusedError, conflict

UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})  # sent only when asked for
FIRST_ID = 700_000_001
LARGEST_BATCH = 100


class UpdateQueue:
    """Updates the bot has not confirmed; `changed` is called whenever the queue moves."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.pending: deque[JSON] = deque()
        self.allowed: frozenset[str] = frozenset()
        self.webhook: JSON = {}
        self._changed = changed
        self._next_id = FIRST_ID
        self._poll: asyncio.Future[None] | None = None

    def put(self, kind: str, body: JSON) -> None:
        """Queue an update unless the bot did not ask for its kind."""
        if (kind in self.allowed) if self.allowed else (kind not in UNASKED):
            self.push({kind: body})

    def push(self, update: JSON) -> JSON:
        """Queue any update at all, of unknown kinds too, and return it with its update_id."""
        numbered = {"update_id": self._next_id, **update}
        self._next_id = numbered["update_id"] + 1
        self.pending.append(numbered)
        if self._poll and not self._poll.done():
            self._poll.set_result(None)
        self._changed()
        return numbered

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Keep the kinds asked for; None leaves the earlier choice, an empty list means the usual ones."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    def confirm(self, offset: int) -> None:
        """Forget the updates before `offset`; a negative one keeps that many of the latest."""
        before = len(self.pending)
        while offset < 0 and len(self.pending) > -offset:
            self.pending.popleft()
        while offset > 0 and self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()
        if len(self.pending) != before:
            self._changed()

    async def get(self, offset: int, limit: int, seconds: float) -> list[JSON]:
        """Return the updates from `offset` on, waiting up to `seconds` for the first.

        Raises:
            RefusedError: a webhook is set, or another getUpdates took over.
        """
        if self.webhook:
            words = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise conflict(words)
        self.confirm(offset)
        if not self.pending and seconds > 0:
            await self._wait(seconds)
        size = min(limit or LARGEST_BATCH, LARGEST_BATCH)
        return [update for update, _ in zip(self.pending, range(size), strict=False)]

    async def _wait(self, seconds: float) -> None:
        words = "terminated by other getUpdates request; make sure that only one bot instance is running"
        self.interrupt(conflict(words))
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await poll
        finally:
            if self._poll is poll:
                self._poll = None

    def interrupt(self, refusal: RefusedError) -> None:
        """End the long poll that is under way, if there is one, with a refusal."""
        if self._poll and not self._poll.done():
            self._poll.set_exception(refusal)

    def holds(self, update: JSON) -> bool:
        """Tell whether an update is still pending."""
        return any(one is update for one in self.pending)

    def drop(self, update: JSON) -> None:
        """Forget one update, which was delivered; another one that reads the same stays."""
        self.pending = deque(one for one in self.pending if one is not update)
        self._changed()

    def take(self) -> list[JSON]:
        """Remove and return everything that is pending, as a webhook delivery would."""
        taken = list(self.pending)
        self.pending.clear()
        self._changed()
        return taken
