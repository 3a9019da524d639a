"""Updates by webhook, as Telegram delivers them: with the secret, in order within a chat, again until it gets a 2xx."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import httpx

from bot.faces.simulator.entities import JSON
from bot.faces.simulator.parameters import Parameters
from bot.faces.simulator.refusal import bad_request
from bot.meanwhile import meanwhile

if TYPE_CHECKING:
    from bot.faces.simulator.world import LocalTelegram

HEADER = "X-Telegram-Bot-Api-Secret-Token"
FEWEST, USUAL, MOST = 1, 40, 100  # connections
ANSWER = timedelta(seconds=60)  # within which an answer is there
PAUSE = timedelta(seconds=1)  # after a first failure, doubled with each further one
LONGEST_PAUSE = timedelta(seconds=60)
LONGEST_RETRY_AFTER = 3600  # seconds that the other side may ask for

Lane = tuple[str, int]


def webhook_of(given: Parameters) -> JSON:
    """Return a webhook as setWebhook describes it.

    Raises:
        RefusedError: Telegram would not take it.
    """
    url = given.text("url")
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    connections = given.number("max_connections") or USUAL
    return {
        "url": url,
        "secret_token": given.text("secret_token"),
        "max_connections": min(max(connections, FEWEST), MOST),
    }


def lane_of(update: JSON) -> Lane:
    """Return what an update keeps its place in: messages their chat; presses and the like overtake messages."""
    kind, body = next((name, body) for name, body in (*update.items(), ("", {})) if name != "update_id")
    if not isinstance(body, Mapping):
        return kind, 0
    is_message = kind.endswith(("message", "post"))
    whose = body.get("chat") or body.get("from") or {}
    return "message" if is_message else kind, whose.get("id", 0)


@dataclass(slots=True)
class Webhooks:
    """Delivers what is pending in a world; `seconds` is how long an answer may take, `pause` follows a failure."""

    world: "LocalTelegram"
    client: httpx.AsyncClient
    pause: timedelta = PAUSE
    _flights: dict[Lane, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Deliver for ever."""
        async with asyncio.TaskGroup() as group:
            while True:
                update = await self.world.changes.wait_for(self._next, None)
                lane = lane_of(update)
                flight = self._flights[lane] = group.create_task(self._deliver(update))
                flight.add_done_callback(partial(self._landed, lane))

    def _next(self) -> JSON | None:
        """Return the first update whose chat is free, while a webhook is set and has a connection left."""
        queue = self.world.updates
        if not queue.webhook or len(self._flights) >= queue.webhook["max_connections"]:
            return None
        return next((update for update in queue.pending if lane_of(update) not in self._flights), None)

    def _landed(self, lane: Lane, _: asyncio.Task[None]) -> None:
        del self._flights[lane]
        self.world.changes.happened()

    async def _deliver(self, update: JSON) -> None:
        """Bring one update until it is taken or nobody wants it there any more."""
        hook, pause = self.world.updates.webhook, self.pause
        while not self._is_gone(hook) and self.world.updates.holds(update):
            wrong, asked = await self._post(hook, update)
            if not wrong:
                self.world.updates.drop(update)
                return
            hook |= {"last_error_date": self.world.now(), "last_error_message": wrong}
            self.world.changes.happened()
            with suppress(TimeoutError):
                wait = (pause if asked is None else asked).total_seconds()
                await self.world.changes.wait_for(partial(self._is_gone, hook), wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _is_gone(self, hook: JSON) -> bool:
        return self.world.updates.webhook is not hook

    async def _post(self, hook: JSON, update: JSON) -> tuple[str, timedelta | None]:
        """Return what is wrong with the answer, empty if it is a 2xx, and how long the other side asks to wait."""
        headers = {"content-type": "application/json"}
        if hook["secret_token"]:
            headers[HEADER] = hook["secret_token"]
        try:
            answer = await self.client.post(hook["url"], content=json.dumps(update), headers=headers)
        except httpx.TimeoutException:
            return "Read timeout expired", None
        except httpx.TransportError as error:
            return "Connection refused" if isinstance(error, httpx.ConnectError) else "Connection reset by peer", None
        if answer.is_success:
            return "", None
        after = answer.headers.get("retry-after", "")
        seconds = timedelta(seconds=min(int(after), LONGEST_RETRY_AFTER)) if after.isdigit() else None
        return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}", seconds


@asynccontextmanager
async def delivering(
    world: "LocalTelegram", *, answer: timedelta = ANSWER, pause: timedelta = PAUSE
) -> AsyncIterator[Webhooks]:
    """Deliver a world's updates meanwhile to the webhook that is set."""
    limits = httpx.Limits(max_connections=MOST, max_keepalive_connections=MOST)
    async with httpx.AsyncClient(
        timeout=answer.total_seconds(), limits=limits, trust_env=False, follow_redirects=False
    ) as client:
        webhooks = Webhooks(world, client, pause)
        async with meanwhile(webhooks.run):
            yield webhooks
