"""The one door to the web: a bounded GET that either gives a body or says in a short phrase why not."""

import asyncio
from datetime import timedelta

import httpx

from bot.errors import SourceDownError, SourceError

MAX_BYTES = 2 * 1024 * 1024  # far above any answer we read
AGENT = "btc-vs-bch-bot/1 (+https://core.telegram.org/bots)"  # some providers block nameless clients
OK = 200
TURNED_AWAY = {402, 403, 429, 430, 434, 435, 451, 503}  # limits and blocks, some of them Blockchair's own numbers


class Fetch:
    """Gets bodies over HTTP; follows no redirects, waits no longer than `deadline` for a whole answer."""

    def __init__(self, deadline: timedelta) -> None:
        self._deadline = deadline
        self._client = httpx.AsyncClient(
            follow_redirects=False, timeout=deadline.total_seconds(), headers={"User-Agent": AGENT}
        )

    async def __call__(self, url: str) -> bytes:
        """Return the body at an address; raises `SourceError`, or `SourceDownError` where nobody answers."""
        try:
            async with asyncio.timeout(self._deadline.total_seconds()):
                return await self._body(url)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise SourceDownError("timed out") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceDownError("could not be reached") from error

    async def _body(self, url: str) -> bytes:
        async with self._client.stream("GET", url) as response:
            if response.status_code != OK:
                kind = SourceDownError if response.status_code in TURNED_AWAY else SourceError
                raise kind(f"answered HTTP {response.status_code}")
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise SourceError("answered too much")
            return bytes(body)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()
