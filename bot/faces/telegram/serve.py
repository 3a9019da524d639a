"""From start to end: reach Telegram, publish the menus, hear until told to stop, finish what was begun."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog
from telegram.error import InvalidToken, NetworkError, RetryAfter

from bot.errors import ConfigError
from bot.faces.telegram.app import UPDATES, App, publish_commands
from bot.faces.telegram.hearing import Hearing
from bot.meanwhile import meanwhile

STOPS = (signal.SIGTERM, signal.SIGINT)
PAUSE = 5.0  # seconds between attempts to reach Telegram at the start

_log = structlog.get_logger()


async def serve(
    application: App,
    hearing: Hearing,
    stop: asyncio.Event | None = None,
    *,
    owners: Sequence[int] = (),
    beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
) -> None:
    """Answer until SIGTERM or SIGINT, or until `stop` is set; what was begun is finished first, `beside` is given up.

    `hearing` says how updates come; `owners` get a menu of their own.

    Raises:
        ConfigError: Telegram does not know the token.
    """
    stop = stop or asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOPS:
        loop.add_signal_handler(number, stop.set)
    try:
        if not await _initialized(application, stop):
            return
        await publish_commands(application, owners)
        await application.start()
        async with hearing.open(application, UPDATES) as ear:
            _log.info("telegram.ready", username=application.bot.username)
            async with meanwhile(*filter(None, [beside])):
                await ear.hear(stop)
            _log.info("telegram.stopping")
    finally:
        if application.running:
            await application.stop()
        await application.shutdown()
        await application.bot.shutdown()  # closes the line of one that never got through as well


async def _initialized(application: App, stop: asyncio.Event) -> bool:
    """Reach Telegram, however long its network is away; return False if the bot is stopped before."""
    while not stop.is_set():
        try:
            await application.initialize()
        except InvalidToken as error:
            raise ConfigError("TELEGRAM_BOT_TOKEN: Telegram does not know this token; ask @BotFather") from error
        except (NetworkError, RetryAfter) as error:
            _log.warning("telegram.unreachable", error=type(error).__name__, again_in_seconds=PAUSE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), PAUSE)
        else:
            return True
    return False
