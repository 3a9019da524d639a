"""What machines that look after the bot ask: is it alive, does it answer, how is it doing."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.health import Health
from bot.meters import PROMETHEUS, Meters

GOOD, BAD = 200, 503
FRESH = {"cache-control": "no-store"}


def health_application(health: Health, meters: Meters) -> Starlette:
    """Return the ASGI application of /healthz, /readyz and /metrics."""

    async def metrics(_: Request) -> Response:
        return Response(meters.text(), media_type=PROMETHEUS, headers=FRESH)

    return Starlette(
        routes=[
            Route("/healthz", _answer(health, lambda: health.is_green)),
            Route("/readyz", _answer(health, lambda: health.is_ready)),
            Route("/metrics", metrics),
        ]
    )


def _answer(health: Health, asks: Callable[[], bool]) -> Callable[[Request], Awaitable[Response]]:
    async def answered(_: Request) -> Response:
        is_fine = asks()
        return JSONResponse(health.report(is_fine=is_fine), GOOD if is_fine else BAD, headers=FRESH)

    return answered
