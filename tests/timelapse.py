"""An event loop whose time leaps to the next thing that is due: hours of waiting pass at once, in their order."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Leaping(selectors.DefaultSelector):
    """Does not wait: it lets the time pass instead."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = super().select(0 if timeout else timeout)
        if not events and timeout:
            self.now += timeout
        return events


class Timelapse(asyncio.SelectorEventLoop):
    """Tells the time that passed in leaps; nothing real can be waited for in it, such as a socket."""

    def __init__(self) -> None:
        self.leaping = Leaping()
        super().__init__(self.leaping)

    def time(self) -> float:
        return self.leaping.now


def lapse(main: Coroutine[Any, Any, T]) -> T:
    """Run something to its end."""
    with asyncio.Runner(loop_factory=Timelapse) as runner:
        return runner.run(main)
