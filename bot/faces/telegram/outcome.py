"""What became of a call to Telegram, told by the error it ended with: the one place that knows.

Telegram takes no key by which it could tell a repeated message from a new one. So a call is repeated only where it
certainly was not carried out; one that may have been counts as carried out.
"""

from datetime import timedelta
from enum import StrEnum
from re import compile as pattern

from aiohttp import ClientConnectorError, ClientHttpProxyError, ConnectionTimeoutError
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

# Before the first byte of a request: no connection in the pool, no address, no route, no TLS, no way past the proxy.
# What goes wrong later looks the same whether Telegram read the request or not.
NEVER_LEFT = (ClientConnectorError, ConnectionTimeoutError, ClientHttpProxyError)
SOME_SECONDS = 1.0  # a flood that does not say how long

_FLOOD = pattern(r"^too many requests(?:: retry after (\d+))?", 2)


class Result(StrEnum):
    """How a call ended; `UNKNOWN` counts as sent, `UNSENT` never left this machine."""

    SENT = "sent"
    UNKNOWN = "unknown"
    UNSENT = "unsent"
    FLOODED = "flooded"
    MOVED = "moved"
    GONE = "gone"
    REFUSED = "refused"


def result_of(error: TelegramError) -> Result:  # noqa: PLR0911 - one row for each
    """Return how the call ended that ended with this error."""
    match error:
        case RetryAfter():
            return Result.FLOODED
        case ChatMigrated():
            return Result.MOVED
        case Forbidden():
            return Result.GONE
        case BadRequest() | InvalidToken() | EndPointNotFound():
            return Result.REFUSED
        case NetworkError() if isinstance(error.__cause__, NEVER_LEFT):
            return Result.UNSENT
        case NetworkError() if _FLOOD.match(error.message):  # a 429 without its parameters
            return Result.FLOODED
        case _:
            return Result.UNKNOWN


def flood_seconds(error: TelegramError) -> float:
    """Return for how long a flood asks for silence."""
    if not isinstance(error, RetryAfter):
        said = _FLOOD.match(error.message)
        return float(said[1]) if said and said[1] else SOME_SECONDS
    wait = error.retry_after  # seconds or a timedelta, as the library is set
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
