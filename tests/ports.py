"""Ports of loopback that nobody else is given: whoever starts on one a moment later finds it free."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager


@contextmanager
def reserved(count: int = 1) -> Iterator[list[int]]:
    """Hold ports where nobody listens; a server may, for each is bound as a server binds it, which two may do."""
    with ExitStack() as stack:
        yield [_bound(stack.enter_context(socket.socket())) for _ in range(count)]


def _bound(held: socket.socket) -> int:
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port: int = held.getsockname()[1]
    return port
