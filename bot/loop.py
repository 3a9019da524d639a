"""The program's event loop: a name that is being looked up holds up neither other work nor the end."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Thread
from typing import Any

Found = list[Any]  # what `socket.getaddrinfo` gives


class Loop(asyncio.SelectorEventLoop):
    """Looks each name of a host up in a thread of its own, which the program's end does not wait for.

    The system cannot be told to stop, and where the network is dead it looks for 5 seconds and more. In the threads
    that everything shares, a few such look-ups would keep edits waiting, and the program from ending.
    """

    look_up: Callable[..., Found] = staticmethod(socket.getaddrinfo)

    async def getaddrinfo(  # noqa: PLR0913 - the signature is asyncio's
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        *,
        family: int = 0,
        type: int = 0,  # noqa: A002 - as above
        proto: int = 0,
        flags: int = 0,
    ) -> Found:
        """Return the addresses of a host, as `socket.getaddrinfo` does."""
        found: Future[Found] = Future()
        work = partial(self.look_up, host, port, family, type, proto, flags)
        Thread(target=_carry_out, args=(work, found), daemon=True).start()
        return await asyncio.wrap_future(found, loop=self)


def _carry_out(work: Callable[[], Found], found: "Future[Found]") -> None:
    found.set_running_or_notify_cancel()
    try:
        found.set_result(work())
    except (OSError, ValueError, OverflowError) as error:  # no such name, or none that can be one, or no such port
        found.set_exception(error)
