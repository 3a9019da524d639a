"""Hearing: how updates come in while the bot runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from telegram.ext import Application

from bot.faces.telegram.poll import Poller, Transport
from bot.faces.telegram.reception import Reception
from bot.faces.telegram.transport import polling
from bot.meanwhile import meanwhile
from bot.model.clock import Clock, utc_now
from bot.model.vitals import Organ, Vitals
from bot.store import Crew, Duty, Inbox, Solo
from bot.watchdog import Receives

App = Application[Any, Any, Any, Any, Any, Any]


Door = Callable[[App, Receives], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Ear:
    """Hears for a running application; `reception` takes what comes. Without a poller Telegram calls us.

    One of a `crew` polls at a time; the others stand by.
    """

    reception: Reception
    poller: Poller | None = None
    crew: Crew | Solo = field(default_factory=Solo)

    async def hear(self, stop: asyncio.Event) -> None:
        """Let updates come until `stop` is set.

        Raises:
            ConfigError: Telegram does not know the token any more.
        """
        if self.poller is None:
            await stop.wait()
            return
        on_duty = self.crew.on_duty(Duty.POLLING, self.poller.run, partial(self.poller.vitals.beat, Organ.POLL))
        polling, stopped = asyncio.create_task(on_duty), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait((polling, stopped), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            polling.cancel()
            await asyncio.gather(polling, stopped, return_exceptions=True)
        if not polling.cancelled() and (error := polling.exception()):
            raise error


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is needed to hear: where updates are kept, who hears that all is well, and the line to Telegram.

    `on_conflict` is called, at most every five minutes, while somebody else polls with the same token. Where there is a
    `door`, Telegram calls us there instead. `watched` stands before the reception and sees what becomes of updates.
    `crew` are those who share the inbox, `clock` tells what comes too late.
    """

    inbox: Inbox
    vitals: Vitals = field(default_factory=Vitals)
    transport: Transport = polling
    on_conflict: Callable[[], Awaitable[object]] | None = None
    door: Door | None = None
    watched: Callable[[Reception], Receives] = lambda reception: reception
    crew: Crew | Solo = field(default_factory=Solo)
    clock: Clock = utc_now

    @asynccontextmanager
    async def open(self, application: App, kinds: Sequence[str]) -> AsyncIterator[Ear]:
        """Let a started application handle updates of some kinds meanwhile, those first that were left unfinished.

        At the end what was begun is finished, and the rest stays in the inbox.
        """
        reception = Reception(application, self.inbox, self.vitals, self.clock, crew=self.crew)
        receives = self.watched(reception)
        poller = Poller(
            application.bot.base_url,
            receives.receive,
            kinds,
            self.vitals,
            self.transport,
            self.on_conflict,
        )
        async with meanwhile(self.inbox.keep_clean, self.crew.serve, self.crew.keep_clean):
            try:
                await reception.resume()
                if self.door:
                    async with self.door(application, receives):
                        yield Ear(reception)
                else:
                    yield Ear(reception, poller, self.crew)
            finally:
                await reception.stop()
