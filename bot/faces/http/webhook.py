"""Telegram's webhook: who does not know the secret gets nothing, and 200 means that the update is kept."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.errors import ConfigError, StoreError
from bot.faces.http.server import Address
from bot.watchdog import Receives

SECRET = "TELEGRAM_WEBHOOK_SECRET"  # noqa: S105 - the name of the variable
GOOD_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")  # Telegram takes these characters, and at most 256 of them
HEADER = "x-telegram-bot-api-secret-token"
LARGEST = 1024 * 1024  # bytes of a body; Telegram's largest updates have some tens of thousands
LARGEST_HEAD = 16 * 1024  # bytes of all headers
BODY = timedelta(seconds=10)  # within which a body is there
PATIENCE = timedelta(seconds=30)  # with a full queue; Telegram itself gives up after a minute
AGAIN = 5  # seconds after which Telegram is asked to try once more
LAST_ID = 2**63 - 1
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
CURE = (
    f"{SECRET} in the environment must have 32 to 256 letters, digits, _ or - in webhook mode; make one with\n"
    'python -c "import secrets; print(secrets.token_urlsafe(48))"'
)

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook: the address Telegram is told, the secret it shows, and where we listen for it."""

    url: str
    secret: str = field(repr=False)
    listen: Address

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.url).path or "/"


def make_hook(url: str, listen: str, environment: Mapping[str, str], *, base_url: str) -> Hook:
    """Return the webhook that the settings describe.

    Args:
        url: what Telegram is to call.
        listen: where we listen.
        environment: holds the secret.
        base_url: of the Bot API; one on this machine may call us without TLS.

    Raises:
        ConfigError: the address or the secret is not what it must be.
    """
    if not url:
        raise ConfigError("telegram.webhook_url: mode 'webhook' needs the address that Telegram is to call")
    if not url.startswith("https://") and urlsplit(base_url).hostname not in LOCAL:
        raise ConfigError("telegram.webhook_url: must begin with https://, or Telegram does not call it")
    secret = environment.get(SECRET, "")
    if not GOOD_SECRET.fullmatch(secret):
        raise ConfigError(CURE)
    return Hook(url, secret, Address.read(listen))


class _RefusedError(Exception):
    """A request that is not answered with 200."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(status)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass(slots=True)
class Webhook:
    """The ASGI application behind a webhook; `noted` is told the status of each answer."""

    hook: Hook
    receives: Receives
    noted: Callable[[int], None] = lambda _: None
    body: timedelta = BODY
    patience: timedelta = PATIENCE
    _begun: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            _check_head(request, self.hook)
            await self._take(_parsed(await self._read(request)))
            response = Response(status_code=200)
        except _RefusedError as refusal:
            response = Response(status_code=refusal.status, headers=refusal.headers)
            if not refusal.headers.get("retry-after"):
                response.headers["connection"] = "close"  # what may still come of the body is not read
        except ClientDisconnect:
            return
        self.noted(response.status_code)
        await response(scope, receive, send)

    async def _read(self, request: Request) -> bytes:
        """Return the body; the size is counted as it comes, whatever its head says."""
        body = bytearray()
        try:
            async with asyncio.timeout(self.body.total_seconds()):
                async for part in request.stream():
                    body += part
                    if len(body) > LARGEST:
                        raise _RefusedError(413)
        except TimeoutError:
            raise _RefusedError(408) from None
        return bytes(body)

    async def _take(self, raw: Raw) -> None:
        """Hand an update on; what was begun goes on even if nobody waits for it any more."""
        task = asyncio.create_task(self.receives.receive([raw]))
        self._begun.add(task)
        task.add_done_callback(self._ended)
        done, _ = await asyncio.wait((task,), timeout=self.patience.total_seconds())
        if not done or task.cancelled() or isinstance(task.exception(), StoreError):
            raise _RefusedError(503, retry_after=str(AGAIN))
        task.result()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._begun.discard(task)
        if not task.cancelled():
            task.exception()  # or asyncio complains of one that nobody waited for


def _check_head(request: Request, hook: Hook) -> None:
    """Refuse what is not from Telegram, without reading the body."""
    headers = request.headers
    if request.scope["path"] != hook.path:
        raise _RefusedError(404)
    if sum(len(name) + len(value) + len(": \r\n") for name, value in headers.raw) > LARGEST_HEAD:
        raise _RefusedError(431)
    given = headers.getlist(HEADER)
    if len(given) != 1 or not compare_digest(given[0].encode("latin-1"), hook.secret.encode()):
        raise _RefusedError(401)
    if request.method != "POST":
        raise _RefusedError(405, allow="POST")
    if "transfer-encoding" in headers and "content-length" in headers:
        raise _RefusedError(400)  # which one a proxy before us believed cannot be known
    kind, _, charset = headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "application/json" or charset.strip().lower() not in {"", "charset=utf-8"}:
        raise _RefusedError(415)
    if "content-encoding" in headers:
        raise _RefusedError(415)
    if int(headers.get("content-length", 0)) > LARGEST:
        raise _RefusedError(413)


def _parsed(body: bytes) -> Raw:
    """Return an update; of what cannot be read nothing is logged."""
    try:
        raw = json.loads(body.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _RefusedError(400) from None
    number = raw.get("update_id") if isinstance(raw, dict) else None
    if type(number) is not int or not 0 <= number <= LAST_ID:
        raise _RefusedError(400)
    found: Raw = raw
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)
