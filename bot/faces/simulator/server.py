"""The local Telegram on a loopback port, for a bot in another process."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.faces.http.server import LOOPBACK, QuietServer, listener
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import RefusedError
from bot.faces.simulator.world import LocalTelegram

LAST = 3  # seconds for answers that are under way at the end


@asynccontextmanager
async def serve(world: LocalTelegram, port: int = 0) -> AsyncIterator[str]:
    """Serve a local Telegram and give the base URL a bot needs, such as http://127.0.0.1:8081/bot."""
    with listener(LOOPBACK, port) as door:
        settings = uvicorn.Config(
            application(world),
            log_config=None,
            lifespan="off",
            ws="none",
            access_log=False,
            timeout_graceful_shutdown=LAST,  # or an answer that is kept back would keep the end back
        )
        server = QuietServer(settings)
        running = asyncio.create_task(server.serve([door]))
        await server.ready.wait()
        try:
            yield f"http://{LOOPBACK}:{door.getsockname()[1]}/bot"
        finally:
            world.updates.interrupt(RefusedError(500, "Internal Server Error: restart"))
            server.should_exit = True
            await running


def application(world: LocalTelegram) -> Starlette:
    """Return the ASGI application that answers /bot<token>/<method> and gives files from /file/bot<token>/<path>."""

    async def answer(request: Request) -> Response:
        path = request.path_params
        status, body = await world.answer(path["token"], path["method"], await parameters(request))
        return Response(body, status, media_type="application/json")

    async def fetch(request: Request) -> Response:
        status, body = world.fetch(request.path_params["token"], request.path_params["path"])
        return Response(body, status)

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", answer, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", fetch),
        ]
    )


async def parameters(request: Request) -> Parameters:
    """Return what a request brings in its query and its body: a form, a multipart form or JSON."""
    kind = request.headers.get("content-type", "")
    read = READERS.get(kind.partition(";")[0].strip().lower(), _nothing)
    given = read(kind, await request.body())
    return replace(given, values={**request.query_params, **given.values})


def _nothing(_kind: str, _body: bytes) -> Parameters:
    return Parameters({})


def _form(_kind: str, body: bytes) -> Parameters:
    return Parameters(dict(parse_qsl(body.decode(), keep_blank_values=True)))


def _json(_kind: str, body: bytes) -> Parameters:
    values = json.loads(body)
    return Parameters({name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()})


def _multipart(kind: str, body: bytes) -> Parameters:
    whole = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    values: dict[str, str] = {}
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for part in whole.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        called = part.get_filename()
        if called is None:
            values[name] = content.decode()
        else:
            files[name], names[name] = content, called
    return Parameters(values, files, names)


READERS = {
    "application/x-www-form-urlencoded": _form,
    "multipart/form-data": _multipart,
    "application/json": _json,
}
