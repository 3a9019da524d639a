"""Hearing: how updates come in while the bot runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from telegram.ext import Application

from bot.faces.telegram.poll import Poller, Transport, over_http
from bot.faces.telegram.reception import Reception
from bot.model.vitals import Vitals
from bot.store import Inbox


@dataclass(frozen=True, slots=True)
class Ear:
    """Hears for a running application; `reception` takes what comes, by polling or otherwise."""

    reception: Reception
    poller: Poller

    async def hear(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set.

        Raises:
            ConfigError: Telegram does not know the token any more.
        """
        polling, stopped = asyncio.create_task(self.poller.run()), asyncio.create_task(stop.wait())
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

    `on_conflict` is called, at most every five minutes, while somebody else polls with the same token.
    """

    inbox: Inbox
    vitals: Vitals = field(default_factory=Vitals)
    transport: Transport = over_http
    on_conflict: Callable[[], Awaitable[object]] | None = None

    @asynccontextmanager
    async def open(
        self, application: Application[Any, Any, Any, Any, Any, Any], kinds: Sequence[str]
    ) -> AsyncIterator[Ear]:
        """Let a started application handle updates of some kinds meanwhile, those first that were left unfinished.

        At the end what was begun is finished, and the rest stays in the inbox.
        """
        reception = Reception(application, self.inbox, self.vitals)
        poller = Poller(
            application.bot.base_url,
            reception.receive,
            kinds,
            self.vitals,
            self.transport,
            self.on_conflict,
        )
        cleaning = asyncio.create_task(self.inbox.keep_clean())
        try:
            await reception.resume()
            yield Ear(reception, poller)
        finally:
            cleaning.cancel()
            await reception.stop()
            await asyncio.gather(cleaning, return_exceptions=True)
