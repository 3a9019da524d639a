"""One process that makes an edition: it starts before its order is known, and is gone when nobody needs it."""

import asyncio
import pickle
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from bot.bindery import parcel
from bot.bindery.worker import Order, Sheet

# The worker finds modules where this process does.
START = "import sys; sys.path[:] = sys.argv[1:]; from bot.bindery.worker import main; main()"


@dataclass(frozen=True, slots=True)
class Bindery:
    """A binding process; it takes one order."""

    process: subprocess.Popen[bytes]

    async def send(self, order: Order) -> None:
        """Tell the process what to read."""
        await asyncio.to_thread(self._send, order)

    async def receive(self) -> Sheet | None:
        """Return the next sheet; None where the process ended without one."""
        return await asyncio.to_thread(self._receive)

    def _send(self, order: Order) -> None:
        orders = cast("IO[bytes]", self.process.stdin)
        with suppress(BrokenPipeError):  # a process that is gone answers nothing
            pickle.dump(order, orders)
            orders.flush()

    def _receive(self) -> Sheet | None:
        answers = cast("BinaryIO", self.process.stdout)
        with suppress(EOFError):
            return cast("Sheet", parcel.read(answers))
        return None


@asynccontextmanager
async def open_bindery() -> AsyncIterator[Bindery]:
    """Start a process, and end it afterwards whatever it is doing; raises `OSError` where none can be started."""
    # A few milliseconds: started in a thread, it would be left alone by whoever stops waiting for the thread.
    process = subprocess.Popen(  # noqa: ASYNC220, S603 - as said above; the project's own worker
        [sys.executable, "-c", START, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # so that Ctrl-C in a terminal reaches the bot alone
    )
    try:
        yield Bindery(process)
    finally:
        process.kill()
        asyncio.get_running_loop().run_in_executor(None, _end, process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait until a killed process has given back what it held."""
    with suppress(BrokenPipeError), process:
        pass
