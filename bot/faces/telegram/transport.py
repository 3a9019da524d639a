"""HTTP to the Bot API: one pool of connections for calls, another for the long poll; neither waits for the other.

A connection that rests is closed after `IDLE`, before any server closes it. One that was closed on the way to us is
noticed before it is used again; one that is closed in the very moment of a request cannot be told from a request that
was read, so it counts as sent.

The library's own transport, httpx, takes several times the processor time of aiohttp for each call.
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.request import getproxies, proxy_bypass

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, FormData, TCPConnector
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

CALLS = 512  # connections; more than are ever handled at once, slow ones too
POLLS = 4  # one that hangs must not keep the next from starting
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that something may take.

    What takes longer than `read` counts as sent, without a number by which it could be edited; who has no connection
    within `pool` tries again later. A connection that rests is closed after `idle`.
    """

    connect: float = 5.0
    read: float = 15.0
    upload: float = 30.0
    pool: float = 5.0
    idle: float = 3.0


class Pool(TCPConnector):
    """Takes the connection that rested least, so that those which a busy moment wanted come to rest, and are closed.

    In turn, as the library takes them, each is used again before its time is over. These two names are the library's
    own affair: where it has others one day, it goes on as it would without this.
    """

    async def _get(self, key: Any, *more: Any) -> Any:
        """Return a connection that rests, or None."""
        resting = getattr(self, "_conns", {}).get(key)
        if isinstance(resting, deque):
            resting.rotate(1)  # the library takes the first, and puts one back as the last
        return await super()._get(key, *more)


def calls() -> BaseRequest:
    """Make the transport of everything but the long poll."""
    return Transport(CALLS)


def polling() -> BaseRequest:
    """Make the transport of the long poll, whose calls bring their own time to read."""
    return Transport(POLLS)


class Transport(BaseRequest):
    """Carries requests over at most so many connections, by a proxy where the environment names one."""

    def __init__(self, connections: int, patience: Patience | None = None) -> None:
        self._connections = connections
        self._patience = patience or Patience()
        self._session: ClientSession | None = None
        self._proxies: dict[str, str | None] = {}  # by host; the environment does not change

    @property
    def read_timeout(self) -> float:
        """The seconds an answer may take."""
        return self._patience.read

    async def initialize(self) -> None:
        """Open it, if it is not open."""
        if self._session is None:
            connector = Pool(limit=self._connections, keepalive_timeout=self._patience.idle)
            headers = {"User-Agent": self.USER_AGENT}
            self._session = ClientSession(connector=connector, headers=headers, cookie_jar=DummyCookieJar())

    async def shutdown(self) -> None:
        """Close it, if it is open."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 - the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # a write that hangs is a read that does
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return the status and the body of an answer.

        Raises:
            TimedOut: something took too long.
            NetworkError: something else went wrong; its cause says what.
        """
        if self._session is None:
            raise RuntimeError("this transport is not open")
        patience = self._patience
        connect = _given(connect_timeout, patience.connect)
        read = _given(read_timeout, patience.upload if request_data and request_data.contains_files else patience.read)
        timeout = ClientTimeout(
            total=None, connect=connect + _given(pool_timeout, patience.pool), sock_connect=connect, sock_read=read
        )
        body, headers = _body(request_data)
        way = URL(url, encoded=True)
        await _news()
        try:
            async with self._session.request(
                method,
                way,
                data=body,
                headers=headers,
                timeout=timeout,
                proxy=self._proxy(way),
                allow_redirects=False,
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (ClientError, OSError) as error:
            raise NetworkError(f"aiohttp.{type(error).__name__}") from error

    def _proxy(self, way: URL) -> str | None:
        host = way.host or ""
        if host not in self._proxies:
            self._proxies[host] = None if proxy_bypass(host) else getproxies().get(way.scheme)
        return self._proxies[host]


async def _news() -> None:
    """Let the event loop hear of connections that were closed: in one round it hears, in the next it knows."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def _given(seconds: object, usual: float) -> float:
    return seconds if isinstance(seconds, int | float) else usual


def _body(data: RequestData | None) -> tuple[bytes | FormData | None, dict[str, str]]:
    """Return what a request brings, and the headers that say what it is."""
    if data is None:
        return None, {}
    if not data.contains_files:
        return json.dumps(data.parameters).encode(), JSON  # a form takes twice the work, for what it quotes is JSON
    form = FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (called, content, kind) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=called, content_type=kind)
    return form, {}
