"""Tells systemd how the bot is doing: ready, alive, about to end (sd_notify); without systemd it does nothing."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sdnotify import SystemdNotifier

EVERY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Sends states; `every` is how often a sign of life is due, at least twice within what systemd allows."""

    notifier: SystemdNotifier | None = None
    every: timedelta = EVERY

    def ready(self) -> None:
        """Say that questions are answered now."""
        self._say("READY=1")

    def alive(self) -> None:
        """Give a sign of life."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the end has begun."""
        self._say("STOPPING=1")

    def close(self) -> None:
        """Let go of the socket."""
        if self.notifier and self.notifier.socket:
            self.notifier.socket.close()

    async def keep(self, is_green: Callable[[], bool]) -> None:
        """Give signs of life for ever, from the event loop, while all is well."""
        while self.notifier:
            if is_green():
                self.alive()
            await asyncio.sleep(self.every.total_seconds())

    def _say(self, state: str) -> None:
        if self.notifier:
            self.notifier.notify(state)


def open_supervisor(environment: Mapping[str, str]) -> Supervisor:
    """Return what talks to the systemd that started this program, if one did and wants to hear from it."""
    if not environment.get("NOTIFY_SOCKET"):
        return Supervisor()
    allowed = environment.get("WATCHDOG_USEC", "")
    half = timedelta(microseconds=int(allowed)) / 2 if allowed.isdigit() and int(allowed) else EVERY
    notifier = SystemdNotifier()
    if notifier.socket:
        notifier.socket.setblocking(False)
    return Supervisor(notifier, min(EVERY, half))
