"""The long poll: brings updates from Telegram, confirms them once they are kept, and heals itself."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram.request import BaseRequest

from bot.errors import ConfigError, StoreError, UnkeptError
from bot.faces.telegram.parse import update_id_of
from bot.faces.telegram.transport import polling
from bot.model.vitals import Organ, Vitals

WAIT = timedelta(seconds=10)  # Telegram keeps a poll open so long where there is nothing
MARGIN = timedelta(seconds=5)  # within which its answer must be here; beyond this the line counts as dead
EARLY = timedelta(seconds=1)  # until the next poll, where one brought nothing long before its time
CLOSING = timedelta(seconds=1)  # for the end of a dead line
FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 1.0, 30.0, 1.5  # seconds after the first failure, at most, and by which they grow
QUIET = timedelta(seconds=30)  # between two lines about failures
ALERT_EVERY = timedelta(minutes=5)
REVOKED = "TELEGRAM_BOT_TOKEN: Telegram does not know this token any more; ask @BotFather"
CONFLICT = "another instance or somebody who has the token"

Transport = Callable[[], BaseRequest]
Receive = Callable[[Sequence[object]], Awaitable[None]]

_log = structlog.get_logger()


class PollError(Exception):
    """A poll brought nothing; the text is a class of errors or a status, `pause` what Telegram asks for, in seconds."""

    def __init__(self, text: str, pause: float = 0.0) -> None:
        super().__init__(text)
        self.pause = pause


class ConflictError(PollError):
    """Somebody else polls with the same token, or a webhook is set."""


def pause_after(failures: int, share: float) -> float:
    """Return the seconds to wait after so many failures in a row; `share`, from 0 to 1, keeps many bots apart."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * GROWTH ** (min(failures, 20) - 1))
    return longest * (3 + share) / 4


@dataclass(slots=True)
class Poller:
    """Polls until it is cancelled.

    Args:
        base_url: where the methods of this bot are, its token included.
        receive: keeps updates, and returns once they are kept.
        allowed: the kinds of updates to ask for.
        vitals: hears of each poll that was answered.
        transport: makes a line to Telegram; a new one is made when a poll fails.
        on_conflict: hears, at most every five minutes, that somebody else polls.
        wait: how long Telegram keeps a poll open.
        margin: how much longer a poll may take.
        pause: gives the seconds to wait after so many failures in a row.
    """

    base_url: str = field(repr=False)
    receive: Receive
    allowed: Sequence[str]
    vitals: Vitals = field(default_factory=Vitals)
    transport: Transport = polling
    on_conflict: Callable[[], Awaitable[object]] | None = None
    wait: timedelta = WAIT
    margin: timedelta = MARGIN
    pause: Callable[[int], float] = lambda failures: pause_after(failures, random.random())  # noqa: S311 - no secret
    now: Callable[[], float] = monotonic
    _line: BaseRequest | None = None
    _offset: int = 0
    _failures: int = 0
    _is_prepared: bool = False
    _told_at: dict[str, float] = field(default_factory=dict)

    async def run(self) -> None:
        """Bring updates for ever.

        Raises:
            ConfigError: Telegram does not know the token any more.
        """
        try:
            while True:
                try:
                    await self._bring()
                except (PollError, StoreError) as error:
                    await self._recover(error)
                else:
                    self._succeeded()
        finally:
            await self._hang_up()

    async def _bring(self) -> None:
        if not self._is_prepared:  # a webhook that is set would be in the way; what waits at Telegram stays
            await self._call("deleteWebhook", {"drop_pending_updates": "false"}, timedelta())
            self._is_prepared = True
        query = {
            "timeout": int(self.wait.total_seconds()),
            "allowed_updates": json.dumps(list(self.allowed)),
            **({"offset": self._offset} if self._offset else {}),
        }
        began = self.now()
        updates = await self._call("getUpdates", query, self.wait)
        if not isinstance(updates, list):
            raise PollError("no list")
        numbers = [number for one in updates if (number := update_id_of(one)) is not None]
        if updates and not numbers:
            raise PollError("no update_id")
        self.vitals.beat(Organ.POLL)
        if updates:
            with suppress(UnkeptError):  # nothing waits for them, so the next ones are asked for
                await self.receive(updates)
            self._offset = max(numbers) + 1
        else:  # whatever answers at once instead of waiting for updates must not be asked all the time
            is_early = self.now() - began < self.wait.total_seconds() / 2
            await asyncio.sleep(EARLY.total_seconds() if is_early else 0)

    async def _call(self, method: str, query: dict[str, Any], wait: timedelta) -> object:
        """Return the result of a method, within `wait` and the margin whatever the line does."""
        if self._line is None:
            self._line = self.transport()
            await self._line.initialize()
        seconds = (wait + self.margin).total_seconds()
        url = f"{self.base_url}/{method}?{urlencode(query)}"
        try:
            async with asyncio.timeout(seconds):
                status, body = await self._line.do_request(url, "POST", read_timeout=seconds)
        except TimeoutError as error:
            raise PollError("no answer in time") from error
        except Exception as error:  # whatever the line trips over, it is made anew and tried again
            raise PollError(type(error.__cause__ or error).__name__) from error
        return result_of(status, body)

    async def _recover(self, error: PollError | StoreError) -> None:
        """Say what went wrong, seldom; hang up, and wait longer the longer it lasts."""
        self._failures += 1
        if isinstance(error, ConflictError):
            if self._is_time_for("conflict", ALERT_EVERY):
                _log.error("telegram.poll_conflict", probably=CONFLICT)
                if self.on_conflict:
                    await self.on_conflict()
        elif self._is_time_for("failure", QUIET):
            cause = type(error.__cause__ or error).__name__ if isinstance(error, StoreError) else str(error)
            _log.warning("telegram.poll_failed", error=cause, in_a_row=self._failures)
        if isinstance(error, PollError):
            await self._hang_up()
        await asyncio.sleep(max(self.pause(self._failures), getattr(error, "pause", 0.0)))

    def _succeeded(self) -> None:
        if self._failures and self._is_time_for("recovery", QUIET):
            _log.info("telegram.poll_recovered", failures=self._failures)
        self._failures = 0

    def _is_time_for(self, what: str, every: timedelta) -> bool:
        now = self.now()
        if now - self._told_at.get(what, float("-inf")) < every.total_seconds():
            return False
        self._told_at[what] = now
        return True

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line:
            with suppress(Exception):  # it is given up, however it ends
                async with asyncio.timeout(CLOSING.total_seconds()):
                    await line.shutdown()


def result_of(status: int, body: bytes) -> object:
    """Return what a reply brings; nothing of a reply that is none is shown, for it may hold what people wrote."""
    try:
        reply = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        reply = None
    if status == HTTPStatus.UNAUTHORIZED and isinstance(reply, dict):  # a page that says so comes from elsewhere
        raise ConfigError(REVOKED)
    if status == HTTPStatus.CONFLICT:
        raise ConflictError("conflict")
    if not isinstance(reply, dict) or reply.get("ok") is not True or "result" not in reply:
        raise PollError(f"status {status}", _asked_pause(reply))
    return reply["result"]


def _asked_pause(reply: object) -> float:
    parameters = reply.get("parameters") if isinstance(reply, dict) else None
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(seconds) if isinstance(seconds, int) and seconds > 0 else 0.0
