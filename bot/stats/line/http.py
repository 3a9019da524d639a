"""The web: bounded GETs, and JSON-RPC by POST; follows no redirects."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from ssl import SSLContext

import httpx

from bot.errors import SourceDownError, SourceError, SourceShakyError
from bot.stats.endpoint import Call, Get, Request
from bot.stats.line.protocol import Ask
from bot.stats.line.rpc import answer_of, result_of

MAX_BYTES = 2 * 1024 * 1024  # far above any answer we read
AGENT = "btc-vs-bch-bot/1 (+https://core.telegram.org/bots)"  # some providers block nameless clients
OK = 200
TURNED_AWAY = {401, 402, 403, 429, 430, 434, 435, 451}  # limits and blocks, some of them Blockchair's own numbers
STUMBLED = {502, 503, 504}
EXPLAINED = {400, 404, 500}  # with these a JSON-RPC server still says in its answer what is wrong
JSON = "application/json"
LONGEST_PAUSE = 86_400  # seconds


@cache
def trusted() -> SSLContext:
    """Return the one set of certificates that all lines share; reading it takes longer than a request."""
    return httpx.create_ssl_context()


class HttpLine:
    """Talks HTTP with one provider; waits no longer than `deadline` for a whole answer.

    Args:
        base_url: may hold a path.
        deadline: of one request.
        headers: go with every request; keys stand here.
        login: name and password of a JSON-RPC server.
    """

    def __init__(
        self,
        base_url: str,
        deadline: timedelta,
        headers: Mapping[str, str] | None = None,
        login: tuple[str, str] | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._deadline = deadline.total_seconds()
        self._client = httpx.AsyncClient(
            follow_redirects=False,
            timeout=self._deadline,
            headers={"User-Agent": AGENT, "Accept-Encoding": "identity", **(headers or {})},
            auth=login,
            verify=trusted(),
        )

    @asynccontextmanager
    async def talk(self) -> AsyncIterator[Ask]:
        """Open a conversation."""
        yield self._ask

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, request: Request) -> bytes:
        try:
            async with asyncio.timeout(self._deadline):
                match request:
                    case Get(path):
                        return await self._body("GET", self._base_url + path)
                    case Call(method, params):
                        return await self._result(method, params)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise SourceDownError("timed out") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceShakyError("could not be reached") from error

    async def _result(self, method: str, params: tuple[str | int | bool, ...]) -> bytes:
        """Return the result of a JSON-RPC call; servers differ in whether an error comes with HTTP 200."""
        asked = {"jsonrpc": "1.0", "id": method, "method": method, "params": list(params)}
        body = await self._body("POST", self._base_url, json.dumps(asked), allow=EXPLAINED)
        return result_of(answer_of(body))

    async def _body(self, verb: str, url: str, content: str | None = None, allow: Collection[int] = ()) -> bytes:
        headers = {"Content-Type": JSON} if content else {}
        async with self._client.stream(verb, url, content=content, headers=headers) as response:
            if response.status_code != OK and not (response.status_code in allow and _is_json(response)):
                raise refusal(response.status_code, response.headers)
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise SourceError("answered compressed, unasked")  # a few bytes could become a great many
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise SourceError("answered too much")
            return bytes(body)


def refusal(status: int, headers: Mapping[str, str]) -> SourceError:
    """Return the error that an HTTP status stands for; who asks to be left alone is not tried once more."""
    text, pause = f"answered HTTP {status}", _pause(headers)
    if status in STUMBLED and not pause:
        return SourceShakyError(text)
    return SourceDownError(text, pause) if status in TURNED_AWAY | STUMBLED else SourceError(text)


def _is_json(response: httpx.Response) -> bool:
    return bool(response.headers.get("Content-Type", "").startswith(JSON))


def _pause(headers: Mapping[str, str]) -> timedelta | None:
    """Read Retry-After: seconds, or a date, which counts from the server's own; None where it says nothing."""
    asked = headers.get("Retry-After", "")
    if asked.isdecimal():
        return timedelta(seconds=min(int(asked), LONGEST_PAUSE))
    try:
        return max(parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", "")), timedelta())
    except (ValueError, TypeError):  # no date, or only one of the two with a time zone
        return None
