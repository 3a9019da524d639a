"""The webhook as Telegram knows it: set at each start, looked at every five minutes; it drops no updates."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from telegram import Bot, WebhookInfo
from telegram.error import BadRequest, TelegramError

from bot.errors import ConfigError
from bot.model.clock import Clock
from bot.model.trouble import Trouble, Troubles

CONNECTIONS = 40  # Telegram's own default
LOOK = timedelta(minutes=5)
SOON = timedelta(seconds=20)  # after an attempt that failed
RECENT = timedelta(minutes=6)  # an error older than this was there at the last look already
MANY = 500  # updates that wait at Telegram
LONGEST = 200  # characters of Telegram's words

_log = structlog.get_logger()


@dataclass(slots=True)
class Registration:
    """Keeps the webhook set, looking each `look`, or `soon` after a failure; what Telegram complains of is trouble."""

    bot: Bot
    url: str
    secret: str
    updates: Sequence[str]
    troubles: Troubles
    clock: Clock
    look: timedelta = LOOK
    soon: timedelta = SOON

    async def open(self) -> bool:
        """Set the webhook and see that it is; tell whether it is, for Telegram may be out of reach.

        Raises:
            ConfigError: Telegram does not take the address.
        """
        try:
            await self._set()
            return await self._looked()
        except BadRequest as error:
            raise ConfigError(f"telegram.webhook_url: Telegram does not take it: {error.message}") from error
        except TelegramError as error:
            _log.warning("webhook.not_set", error=type(error).__name__)
            return False

    async def keep(self, *, is_set: bool) -> None:
        """Look for ever whether the webhook still is as it should be."""
        while True:
            await asyncio.sleep((self.look if is_set else self.soon).total_seconds())
            is_set = await self.check()

    async def check(self) -> bool:
        """Look once, setting the webhook again if it is not ours; tell whether Telegram could be asked."""
        try:
            if not await self._looked():
                await self._set()
        except TelegramError as error:
            _log.warning("webhook.not_checked", error=type(error).__name__)
            return False
        return True

    async def _set(self) -> None:
        await self.bot.set_webhook(
            self.url,
            secret_token=self.secret,
            allowed_updates=self.updates,
            max_connections=CONNECTIONS,
            drop_pending_updates=False,
        )

    async def _looked(self) -> bool:
        """Note what is wrong with the webhook, and return whether it is ours."""
        info = await self.bot.get_webhook_info()
        wrong = self._complaint(info)
        if wrong is None:
            self.troubles.end(Trouble.WEBHOOK)
        else:
            self.troubles.begin(Trouble.WEBHOOK, wrong)
        return info.url == self.url

    def _complaint(self, info: WebhookInfo) -> str | None:
        if info.url != self.url:
            return "It was set to another address." if info.url else "It was deleted."
        if info.last_error_date and self.clock() - info.last_error_date < RECENT:
            return f"Telegram says: {(info.last_error_message or 'an error')[:LONGEST]}"
        if info.pending_update_count > MANY:
            return f"{info.pending_update_count} messages wait at Telegram."
        return None
