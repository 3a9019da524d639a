"""HTTP to the Bot API: one pool of connections for calls, another for the long poll; neither waits for the other.

A connection that rests is closed after `IDLE`, before any server closes it. One that was closed on the way to us is
told by httpcore before it is used again; one that is closed in the very moment of a request cannot be told from a
request that was read, so it counts as sent.
"""

import httpx
from telegram.request import HTTPXRequest

CALLS = 512  # connections; more than are ever handled at once, slow ones too
POLLS = 4  # one that hangs must not keep the next from starting
IDLE = 3.0  # seconds
CONNECT = 5.0  # seconds
READ = 15.0  # seconds; what takes longer counts as sent, without a number by which it could be edited
WRITE = 10.0  # seconds
UPLOAD = 30.0  # seconds
POOL = 5.0  # seconds to wait for a connection; then the call is tried again later


def calls() -> HTTPXRequest:
    """Make the transport of everything but the long poll."""
    return _transport(CALLS)


def polling() -> HTTPXRequest:
    """Make the transport of the long poll, whose calls bring their own time to read."""
    return _transport(POLLS)


def _transport(connections: int) -> HTTPXRequest:
    return HTTPXRequest(
        connect_timeout=CONNECT,
        read_timeout=READ,
        write_timeout=WRITE,
        media_write_timeout=UPLOAD,
        pool_timeout=POOL,
        httpx_kwargs={"limits": httpx.Limits(max_connections=connections, keepalive_expiry=IDLE)},
    )
