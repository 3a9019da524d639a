"""Updates by webhook, as Telegram delivers them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.faces.http import Address, listening
from bot.faces.simulator import LocalTelegram
from bot.faces.simulator.changes import Changes
from bot.faces.simulator.webhooks import delivering, lane_of
from bot.faces.simulator.world import PATIENCE

from .conftest import Ask

AT_ONCE = timedelta(0)


@dataclass(slots=True)
class Target:
    """What is called: it notes texts and headers, answers what it is told, and can be made to wait."""

    url: str = ""
    heard: list[Any] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    gates: dict[Any, asyncio.Event] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)
    at_once: int = 0
    most_at_once: int = 0

    async def take(self, request: Request) -> Response:
        update = await request.json()
        said = update.get("message", update).get("text", update)
        self.heard.append(said)
        self.headers.append(dict(request.headers))
        self.changes.happened()
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        if gate := self.gates.get(said):
            await gate.wait()
        self.at_once -= 1
        return self.answers.pop(0) if self.answers else Response()


@pytest.fixture
async def target() -> AsyncIterator[Target]:
    target = Target()
    app = Starlette(routes=[Route("/hook", target.take, methods=["POST"])])
    async with listening(app, Address("127.0.0.1", 0), "test") as address:
        target.url = f"http://{address}/hook"
        yield target
        for gate in target.gates.values():
            gate.set()


async def test_an_update_comes_with_the_secret(tg: LocalTelegram, ask: Ask, target: Target) -> None:
    """As JSON, once, and is pending no more."""
    ann = tg.person("Ann")
    await ask("setWebhook", url=target.url, secret_token="abc")
    async with delivering(tg):
        ann.say(ann.private, "hi")
        await tg.taken()

    assert target.heard == ["hi"]
    assert target.headers[0]["x-telegram-bot-api-secret-token"] == "abc"
    assert target.headers[0]["content-type"] == "application/json"


async def test_a_proxy_may_share_requests_out(tg: LocalTelegram, ask: Ask, target: Target) -> None:
    """Each request goes where the route says, whatever address is set."""
    ann, turns = tg.person("Ann"), iter(["/nowhere", "/hook"])
    await ask("setWebhook", url="http://127.0.0.1:1/hook")
    async with delivering(tg, pause=AT_ONCE, route=lambda _: target.url.replace("/hook", next(turns))):
        ann.say(ann.private, "hi")
        await tg.taken()

    assert target.heard == ["hi"]
    assert tg.updates.webhook["last_error_message"] == "Wrong response from the webhook: 404 Not Found"


async def test_a_webhook_without_a_secret_shows_none(tg: LocalTelegram, ask: Ask, target: Target) -> None:
    """The header is not there."""
    ann = tg.person("Ann")
    ann.say(ann.private, "what came before it was set")
    await ask("setWebhook", url=target.url)
    async with delivering(tg):
        await tg.taken()

    assert "x-telegram-bot-api-secret-token" not in target.headers[0]


async def test_a_chat_waits_for_itself_and_not_for_others(tg: LocalTelegram, ask: Ask, target: Target) -> None:
    """The second message of a chat comes after the first was answered; another chat's comes meanwhile."""
    ann, bob = tg.person("Ann"), tg.person("Bob")
    target.gates["ann 1"] = asyncio.Event()
    await ask("setWebhook", url=target.url)
    async with delivering(tg):
        for person, text in ((ann, "ann 1"), (ann, "ann 2"), (bob, "bob 1"), (bob, "bob 2")):
            person.say(person.private, text)
        await tg.wait_for(lambda: len(tg.updates.pending) == 2)
        await target.changes.wait_for(lambda: len(target.heard) >= 3, PATIENCE)
        meanwhile = sorted(target.heard)
        target.gates["ann 1"].set()
        await tg.taken()

    assert meanwhile == ["ann 1", "bob 1", "bob 2"]
    assert target.heard[-1] == "ann 2"


async def test_no_more_connections_than_asked_for(tg: LocalTelegram, ask: Ask, target: Target) -> None:
    """`max_connections` chats are served at once."""
    people = [tg.person(f"P{number}") for number in range(6)]
    for person in people:
        target.gates[person.name] = asyncio.Event()
        person.say(person.private, person.name)
    await ask("setWebhook", url=target.url, max_connections=3)
    async with delivering(tg) as webhooks:
        await asyncio.sleep(0)  # all that may begin begins at once
        begun = len(webhooks._flights)
        for person in people:
            target.gates[person.name].set()
        await tg.taken()

    assert begun == 3
    assert target.most_at_once <= 3
    assert sorted(target.heard) == [person.name for person in people]


FAILURES = {
    "500": (Response(status_code=500), "Wrong response from the webhook: 500 Internal Server Error"),
    "401": (Response(status_code=401), "Wrong response from the webhook: 401 Unauthorized"),
    "redirect": (Response(status_code=302, headers={"location": "/x"}), "Wrong response from the webhook: 302 Found"),
    "503": (
        Response(status_code=503, headers={"retry-after": "0"}),
        "Wrong response from the webhook: 503 Service Unavailable",
    ),
}


@pytest.mark.parametrize(("answer", "words"), FAILURES.values(), ids=FAILURES)
async def test_what_is_not_taken_comes_again(
    tg: LocalTelegram, ask: Ask, target: Target, *, answer: Response, words: str
) -> None:
    """Until it gets a 2xx, and getWebhookInfo says what was wrong."""
    ann = tg.person("Ann")
    target.answers = [answer, answer]
    await ask("setWebhook", url=target.url, secret_token="abc")
    async with delivering(tg, pause=AT_ONCE):
        ann.say(ann.private, "1")
        ann.say(ann.private, "2")
        await tg.taken()

    _, info = await ask("getWebhookInfo")
    assert target.heard == ["1", "1", "1", "2"]
    assert (info["last_error_message"], info["last_error_date"] > 0) == (words, True)
    assert "abc" not in str(info)


async def test_an_answer_that_does_not_come_is_not_waited_for(tg: LocalTelegram, ask: Ask, target: Target) -> None:
    """After its time the update is brought again."""
    ann = tg.person("Ann")
    target.gates["1"] = asyncio.Event()
    await ask("setWebhook", url=target.url)
    async with delivering(tg, answer=timedelta(milliseconds=100), pause=AT_ONCE):
        ann.say(ann.private, "1")
        await tg.wait_for(lambda: len(target.heard) > 1)
        target.gates.pop("1").set()
        await tg.taken()

    assert (await ask("getWebhookInfo"))[1]["last_error_message"] == "Read timeout expired"


async def test_nobody_at_home_is_told(tg: LocalTelegram, ask: Ask, target: Target) -> None:
    """Updates wait until somebody listens, or the webhook is deleted and they are polled."""
    ann = tg.person("Ann")
    await ask("setWebhook", url="http://127.0.0.1:1/hook")
    async with delivering(tg, pause=AT_ONCE):
        ann.say(ann.private, "1")
        await tg.wait_for(lambda: "last_error_message" in tg.updates.webhook)
        _, info = await ask("getWebhookInfo")
        await ask("deleteWebhook")
        status, polled = await ask("getUpdates")

    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection refused", 1)
    assert (status, len(polled), target.heard) == (200, 1, [])


async def test_another_address_takes_over(tg: LocalTelegram, ask: Ask, target: Target) -> None:
    """What the old one did not take goes to the new one."""
    ann = tg.person("Ann")
    await ask("setWebhook", url="http://127.0.0.1:1/hook")
    async with delivering(tg, pause=AT_ONCE):
        ann.say(ann.private, "1")
        await tg.wait_for(lambda: "last_error_message" in tg.updates.webhook)
        await ask("setWebhook", url=target.url)
        await tg.taken()

    assert target.heard == ["1"]
    assert "last_error_message" not in (await ask("getWebhookInfo"))[1]


@pytest.mark.parametrize(("given", "kept"), [("0", 40), ("1", 1), ("100", 100), ("5000", 100), ("-3", 1)])
async def test_the_number_of_connections_has_its_limits(tg: LocalTelegram, ask: Ask, given: str, kept: int) -> None:
    """1 to 100, and 40 where nothing is said."""
    await ask("setWebhook", url="https://example.org", max_connections=given)

    assert (await ask("getWebhookInfo"))[1]["max_connections"] == kept


@pytest.mark.parametrize("url", ["http://example.org", "ftp://127.0.0.1/x", "example.org"])
async def test_an_address_without_tls_is_not_taken(tg: LocalTelegram, ask: Ask, url: str) -> None:
    """Telegram calls https only, or this machine."""
    assert (await ask("setWebhook", url=url))[0] == 400
    assert tg.updates.webhook == {}


def test_what_keeps_its_place() -> None:
    """Messages of a chat, edited or not, share a lane; a press has one of its own and may overtake."""
    chat, ann = {"id": -5}, {"id": 7}

    assert lane_of({"update_id": 1, "message": {"chat": chat}}) == ("message", -5)
    assert lane_of({"update_id": 1, "edited_message": {"chat": chat}}) == ("message", -5)
    assert lane_of({"update_id": 1, "callback_query": {"from": ann, "message": {}}}) == ("callback_query", 7)
    assert lane_of({"update_id": 1}) == ("", 0)
    assert lane_of({"update_id": 1, "odd": 5}) == ("odd", 0)
