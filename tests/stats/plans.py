"""Runs what is asked of providers on answers at hand, without a wire."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from bot.errors import SourceError
from bot.stats.endpoint import Call, Get, Heard, Origin, Plan, Request
from bot.stats.metric import Need, Readings, is_plausible
from bot.stats.providers import DEFAULT_PROVIDERS, ROUTES
from bot.stats.settings import Kind

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
Values = dict[Need, float]
Bodies = Callable[[Request], bytes]
ORIGINS = tuple(
    dict.fromkeys(
        origin
        for route in ROUTES.values()
        for origin in route
        if DEFAULT_PROVIDERS[origin.provider].kind is Kind.HTTP  # nodes and Electrum servers have tests of their own
    )
)


def name(origin: Origin) -> str:
    """Return a name for a test's id: the source and what is asked of it."""
    return f"{origin.source} {getattr(origin, 'path', getattr(origin, 'name', ''))}".partition("?")[0]


def same(body: bytes) -> Bodies:
    """Answer every request with the same body."""
    return lambda _request: body


def from_web(answers: dict[str, Any], origin: Origin) -> Bodies:
    """Answer as the server on loopback does."""

    def body(request: Request) -> bytes:
        assert isinstance(request, Get)
        return json.dumps(answers[f"/{origin.provider}{request.path.partition('?')[0]}"]).encode()

    return body


def values(origin: Origin, bodies: Bodies) -> Values | None:
    """Return the values an origin reads from those answers, or None where it refuses them; anything else is raised."""
    plan = origin.plan()
    request = next(plan)
    try:
        while True:
            request = plan.send(Heard(bodies(request), AT))
    except StopIteration as end:
        return {need: reading.value for need, reading in end.value.items()}
    except (ValidationError, SourceError):
        return None


def plausible(found: Values) -> Values:
    """Return what the desk would go on with."""
    return {need: value for need, value in found.items() if is_plausible(need[0], value)}


def follow(plan: Plan[Readings], answer: Callable[[Call], bytes], at: datetime = AT) -> Readings:
    """Return what a plan reads when its calls are answered so, all at one moment."""
    request = next(plan)
    while True:
        assert isinstance(request, Call)
        try:
            request = plan.send(Heard(answer(request), at))
        except StopIteration as end:
            readings: Readings = end.value
            return readings
