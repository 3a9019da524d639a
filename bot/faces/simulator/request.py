"""python-telegram-bot's way to the local Telegram: no socket, no copy, the same bytes as over HTTP."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from telegram.error import TimedOut
from telegram.request import BaseRequest, RequestData

from bot.faces.simulator.parameters import Parameters

if TYPE_CHECKING:
    from bot.faces.simulator.world import LocalTelegram

FILES = "/file/bot"
READ_SECONDS = 5.0  # what the stock HTTPXRequest waits for an answer


class LocalRequest(BaseRequest):
    """Hands the calls of a `telegram.Bot` to a `LocalTelegram`.

    Give the application two of them, `request` and `get_updates_request`, as with the stock transport.
    """

    __slots__ = ("_read_seconds", "_world")

    def __init__(self, world: "LocalTelegram", read_seconds: float | None = READ_SECONDS) -> None:
        self._world = world
        self._read_seconds = read_seconds

    @property
    def read_timeout(self) -> float | None:
        """The seconds an answer may take."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Do nothing: there is nothing to open."""

    async def shutdown(self) -> None:
        """Do nothing: there is nothing to close."""

    async def do_request(  # noqa: PLR0913, PLR0917 - the signature is the library's
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return the status and the body of one call.

        Raises:
            TimedOut: no answer within the read timeout; the call may have been carried out all the same.
        """
        if FILES in url:
            token, _, path = unquote(url.partition(FILES)[2]).partition("/")
            return self._world.fetch(token, path)
        token, name = address(url)
        seconds = self._read_seconds if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        try:
            async with asyncio.timeout(seconds):
                given = parameters(request_data)
                given = replace(given, values={**dict(parse_qsl(urlsplit(url).query)), **given.values})
                return await self._world.answer(token, name, given)
        except TimeoutError as error:
            raise TimedOut from error


def address(url: str) -> tuple[str, str]:
    """Return token and method of a URL such as https://api.telegram.org/bot1:x/getMe."""
    base, _, method = url.partition("?")[0].rpartition("/")
    return base.rpartition("/bot")[2], method


def parameters(data: RequestData | None) -> Parameters:
    """Return what a request brings, texts and files."""
    if data is None:
        return Parameters({})
    if not data.contains_files:
        return Parameters(data.json_parameters)
    names = {name: str(part[0]) for name, part in data.multipart_data.items()}
    return Parameters(data.json_parameters, _files(data), names)


def _files(data: RequestData) -> dict[str, bytes]:
    return {name: _content(part[1]) for name, part in data.multipart_data.items()}


def _content(part: Any) -> bytes:
    return part if isinstance(part, bytes) else bytes(part.read())
