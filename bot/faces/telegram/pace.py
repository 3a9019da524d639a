"""The pace of what the bot says: Telegram's limits, its flood waits, and what is tried again.

Every call but getUpdates passes here. Telegram allows a chat about one message a second, a group 20 a minute, and the
whole bot 30 a second of what nobody asked for. Who is told to be silent is silent for exactly that long, and nobody
else is.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil
from typing import Any, Protocol

from telegram.error import RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.faces.telegram.outcome import Result, flood_seconds, result_of
from bot.faces.telegram.quota import CHANGES, EVERYBODY, Quota, Shares, Window, key_of, quota_of
from bot.faces.telegram.strain import Strain
from bot.model.vitals import Organ, Vitals

BREATH = 0.25  # seconds between two looks whether it is quiet
LONGEST_LULL = 30.0  # seconds to wait for a quiet bot; then one broadcast a second goes all the same

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # seconds

SLOW = 1.0  # seconds of a call after which it makes room for other work
AT_ONCE = {"sendChatAction", "answerCallbackQuery"}  # worth nothing later, and nobody waits for them
KEPT = 1_000  # chats remembered before idle ones are looked for


class Urgency(Enum):
    """Whether somebody waits for it. A broadcast waits for quiet and takes no answer's place."""

    ANSWER = auto()
    BROADCAST = auto()

    @property
    def patience(self) -> float:
        """The seconds of floods and failures after which it is given up."""
        return 300.0 if self is Urgency.ANSWER else 3600.0


class Tally(Protocol):
    """Who counts what becomes of messages."""

    def sent(self, result: str) -> None:
        """Count a call that wrote or changed a message, by how it ended: a value of `Result`."""

    def flooded(self, seconds: float, /) -> None:
        """Count a flood wait that Telegram asked for, of so many seconds."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call as the library hands it over."""

    callback: Callable[..., Coroutine[Any, Any, Any]]
    args: Any
    kwargs: dict[str, Any]
    endpoint: str
    urgency: Urgency

    async def __call__(self) -> Any:
        """Carry it out.

        Raises:
            TelegramError: as the library says, and for JSON that is no answer of the Bot API.
        """
        try:
            return await self.callback(*self.args, **self.kwargs)
        except (LookupError, TypeError, RecursionError) as error:
            raise TelegramError("an answer that is none") from error


class Pace(BaseRateLimiter[Urgency]):
    """Lets calls pass when they may, and again where they certainly were not carried out.

    A call is given up with the error of its last attempt. Time is that of the event loop.

    Args:
        vitals: hears of every success.
        tally: counts.
        pauses: seconds between the attempts of a call that never left.
        limits: what a chat may get, by its number or name.
        shares: counts together with other programs of the same bot.
    """

    def __init__(
        self,
        vitals: Vitals | None = None,
        tally: Tally | None = None,
        *,
        pauses: Sequence[float] = PAUSES,
        limits: Callable[[int | str], Quota] = quota_of,
        shares: Shares | None = None,
    ) -> None:
        self._shares = shares
        self._limits = limits
        self._pauses = pauses
        self._vitals = vitals or Vitals()
        self._tally = tally
        self._quotas: dict[int | str, Quota] = {}
        self._most = KEPT
        self._everybody = Quota((Window(*EVERYBODY),))
        self._trickle = Window(1, 1.0)
        self._next = asyncio.Lock()
        self.aside: Callable[[float], AbstractContextManager[object]] = nullcontext  # entered while a call waits
        self._strain = Strain()

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""

    async def process_request(  # noqa: PLR0913, PLR0917 - the signature is the library's
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Urgency | None,
    ) -> Any:
        """Carry out one call when its time has come.

        Raises:
            TelegramError: it was refused, its outcome is not known, or it was given up.
        """
        call = Call(callback, args, kwargs, endpoint, rate_limit_args or Urgency.ANSWER)
        quota = self._quota(data.get("chat_id"), endpoint)
        quota.busy += 1
        try:
            result = await self._carried_out(call, quota)
        except TelegramError as error:
            self._count(call, result_of(error))
            raise
        finally:
            quota.busy -= 1
        self._count(call, Result.SENT)
        return result

    async def _carried_out(self, call: Call, quota: Quota) -> Any:
        waited, pauses = 0.0, iter(self._pauses)
        while True:
            await self._turn(quota, call)
            try:
                with self.aside(SLOW):
                    return await call()
            except TelegramError as error:
                wait = self._wait_after(error, quota, call, pauses)
                if self._shares and quota.name and result_of(error) is Result.FLOODED:
                    await self._shares.silence(quota.name, flood_seconds(error))
                waited += wait or 0.0
                if wait is None or waited > call.urgency.patience:
                    raise
                if result_of(error) is Result.UNSENT:
                    await self._sleep(wait)

    def _quota(self, chat: int | str | None, endpoint: str) -> Quota:
        key = key_of(chat) if chat is not None else endpoint
        quota = self._quotas.get(key)
        if quota is None:
            self._forget_idle()
            quota = self._quotas[key] = self._limits(key) if chat is not None else Quota()
            quota.name = str(key) if chat is not None and self._shares else ""
        return quota

    def _forget_idle(self) -> None:
        """Forget chats where nothing happens, once there are twice as many as were kept the last time."""
        if len(self._quotas) >= self._most:
            now = _now()
            self._quotas = {key: quota for key, quota in self._quotas.items() if not quota.is_idle(now)}
            self._most = max(KEPT, 2 * len(self._quotas))

    async def _turn(self, quota: Quota, call: Call) -> None:
        """Wait until a call may go, and take its place.

        Raises:
            RetryAfter: it would have to wait for longer than it is worth.
        """
        if call.endpoint in AT_ONCE:
            _refuse(quota, 0.0)
            return
        if call.urgency is Urgency.BROADCAST:
            await self._lull(quota)
        is_counted = call.endpoint.startswith(quota.counts)
        async with quota.turn:
            await self._free(quota, quota.wait if is_counted else quota.silence, call.urgency)
            if is_counted:
                await self._pass_gate()
                await self._free(quota, quota.silence, call.urgency)  # a flood may have come meanwhile
                await self._agree(quota, call.urgency)
                quota.take(_now())

    async def _agree(self, quota: Quota, urgency: Urgency) -> None:
        """Take a place among the calls of all programs."""
        windows = [(window.places, window.seconds) for window in quota.windows]
        while self._shares and quota.name and (wait := await self._shares.reserve(quota.name, windows)):
            _refuse_silence(wait, urgency.patience)
            await self._sleep(wait)

    async def _pass_gate(self) -> None:
        """Take a place among everybody; answers wait for one only while Telegram floods the whole bot."""
        if _now() < self._strain.until:
            async with self._everybody.turn:
                await self._free(self._everybody, self._everybody.wait, Urgency.ANSWER)
        self._everybody.take(_now())

    async def _lull(self, quota: Quota) -> None:
        """Wait for a quiet moment in the chat and in the bot."""
        begun = _now()
        while not await self._is_time(quota, begun):
            _refuse(quota, Urgency.BROADCAST.patience)
            await asyncio.sleep(max(BREATH, quota.silence(_now())))

    async def _is_time(self, quota: Quota, since: float) -> bool:
        if quota.is_quiet(_now()):
            async with self._next:
                while not self._is_quiet(since):  # noqa: ASYNC110 - it becomes quiet by and by, nothing tells
                    await asyncio.sleep(BREATH)
        return quota.is_quiet(_now())  # somebody may have asked there meanwhile

    def _is_quiet(self, since: float) -> bool:
        now = _now()
        if now >= self._strain.until and self._everybody.has_room(now):
            return True
        if now - since < LONGEST_LULL or self._trickle.wait(now) > 0:
            return False
        self._trickle.take(now)
        return True

    async def _free(self, quota: Quota, wait_of: Callable[[float], float], urgency: Urgency) -> None:
        while (wait := wait_of(_now())) > 0:
            _refuse(quota, urgency.patience)
            await self._sleep(wait)

    async def _sleep(self, seconds: float) -> None:
        with self.aside(0.0):
            await asyncio.sleep(seconds)

    def _wait_after(self, error: TelegramError, quota: Quota, call: Call, pauses: Iterator[float]) -> float | None:
        """Return the seconds until a failed call is tried again; None if it is not."""
        match result_of(error):
            case Result.FLOODED:
                wait: float | None = self._silence(quota, flood_seconds(error))
            case Result.UNSENT if quota.windows:  # who calls a method without a chat tries again by itself
                wait = next(pauses, None)
            case _:
                return None
        return None if call.endpoint in AT_ONCE else wait

    def _silence(self, quota: Quota, wait: float) -> float:
        quota.silent_until = max(quota.silent_until, _now() + wait)
        self._strain.flooded(wait, _now())
        if self._tally:
            self._tally.flooded(wait)
        return wait

    def _count(self, call: Call, result: Result) -> None:
        if result is not Result.FLOODED:
            self._strain.passed()
        if result is Result.SENT:
            self._vitals.beat(Organ.SENDING)
        if self._tally and call.endpoint.startswith(CHANGES) and call.endpoint not in AT_ONCE:
            self._tally.sent(result)


def _refuse(quota: Quota, patience: float) -> None:
    """Give a call up if its chat must be silent for longer.

    Raises:
        RetryAfter: it must.
    """
    _refuse_silence(quota.silence(_now()), patience)


def _refuse_silence(seconds: float, patience: float) -> None:
    if seconds > patience:
        raise RetryAfter(ceil(seconds))


def _now() -> float:
    return asyncio.get_running_loop().time()
