"""What machines that look after the bot are told: red and green, figures, and nothing of people."""

import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.config import Settings
from bot.errors import ConfigError
from bot.meters import Meters, queue_depth
from bot.model.record import Kind
from bot.model.trouble import Alert, Trouble
from bot.model.vitals import Organ, Vitals
from bot.pipeline import Pipeline
from bot.serving import Guard, Signs, guarding
from tests.ports import reserved
from tests.telegram.conftest import open_stage
from tests.web import Web

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class Hand:
    """A clock in seconds that the test moves."""

    now: float = 5000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True, slots=True)
class Ward:
    """A guarded bot and a client of its port."""

    guard: Guard
    hand: Hand
    client: httpx.AsyncClient

    @property
    def signs(self) -> Signs:
        return self.guard.signs

    async def ask(self, path: str) -> tuple[int, Any]:
        answer = await self.client.get(path)
        return answer.status_code, answer.json()


@asynccontextmanager
async def open_ward(
    pipeline: Pipeline, mode: str = "polling", environment: Mapping[str, str] = NOTHING
) -> AsyncIterator[Ward]:
    async def tell(_: Alert) -> bool:
        return True

    hand = Hand()
    signs = Signs(Vitals(hand))
    with reserved() as (port,):
        settings = Settings.model_validate({"http": {"listen": f":{port}"}, "telegram": {"mode": mode}})
        async with (
            guarding(settings, pipeline, signs, tell, environment=environment) as guard,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
        ):
            yield Ward(guard, hand, client)


@pytest.fixture
async def ward(pipeline: Pipeline) -> AsyncIterator[Ward]:
    async with open_ward(pipeline) as ward:
        yield ward


async def test_health_is_green_while_the_poll_is_young(ward: Ward) -> None:
    """Red from 75 seconds of silence on, and green again with the next poll."""
    ward.signs.vitals.beat(Organ.POLL)
    ward.hand.now += 75
    ward.signs.vitals.beat(Organ.LOOP)
    young = await ward.ask("/healthz")
    ward.hand.now += 1
    old = await ward.ask("/healthz")
    ward.signs.vitals.beat(Organ.POLL)
    ward.signs.vitals.beat(Organ.LOOP)
    healed = await ward.ask("/healthz")

    assert (young[0], young[1]["status"], young[1]["troubles"]) == (200, "ok", [])
    assert (old[0], old[1]["status"], old[1]["troubles"]) == (503, "failing", ["poll"])
    assert healed[0] == 200


async def test_in_webhook_mode_no_poll_is_missed(pipeline: Pipeline) -> None:
    """There is none."""
    async with open_ward(pipeline, "webhook") as ward:
        ward.hand.now += 1000
        ward.signs.vitals.beat(Organ.LOOP)

        assert (await ward.ask("/healthz"))[0] == 200


async def test_the_report_says_how_old_each_sign_of_life_is(ward: Ward) -> None:
    """In seconds; what never happened has no age."""
    ward.signs.vitals.beat(Organ.SENDING)
    ward.signs.vitals.beat(Organ.POLL)
    ward.hand.now += 12.34

    _, report = await ward.ask("/healthz")

    assert report.keys() == {"status", "ready", "organs", "troubles", "knowledge"}
    assert report["organs"]["sending"] == report["organs"]["poll"] == {"age_seconds": 12.3}
    assert report["organs"]["inbox"] == {"age_seconds": None}
    assert report["organs"].keys() == {organ.name.lower() for organ in Organ}


async def test_only_what_stops_the_bot_makes_it_red(ward: Ward) -> None:
    """A conflict or sources that are away are told, and answers go on; no detail is shown."""
    found = {}
    for trouble in Trouble:
        ward.signs.troubles.begin(trouble, "a detail that is not shown")
        found[trouble] = await ward.ask("/healthz")
        ward.signs.troubles.end(trouble)

    deadly = {Trouble.POLL, Trouble.LOOP, Trouble.DATABASE}
    assert {one for one, (status, _) in found.items() if status == 503} == deadly
    assert {one: report["troubles"] for one, (_, report) in found.items()} == {one: [one.value] for one in Trouble}
    assert "detail" not in str(found)


async def test_ready_is_who_answers(ward: Ward) -> None:
    """Not before the start is over, not after the end has begun, not while health is red."""
    before = await ward.ask("/readyz")
    ward.guard.health.is_open = True
    ready = await ward.ask("/readyz")
    ward.signs.troubles.begin(Trouble.DATABASE)
    red = await ward.ask("/readyz")

    assert [one[0] for one in (before, ready, red)] == [503, 200, 503]
    assert ready[1]["ready"] is True


async def test_nothing_else_is_there(ward: Ward) -> None:
    """Other paths and methods are refused."""
    assert (await ward.client.get("/")).status_code == 404
    assert (await ward.client.post("/healthz")).status_code == 405
    assert (await ward.client.get("/telegram")).status_code == 404


METRICS = {
    "bot_questions",
    "bot_answer_seconds",
    "bot_sends",
    "bot_flood_waits",
    "bot_flood_wait_seconds",
    "bot_webhook_requests",
    "bot_loop_lag_seconds",
    "bot_queue_depth",
    "bot_source_up",
    "bot_source_budget",
    "bot_knowledge_info",
    "bot_knowledge_entries",
    "bot_trouble",
    "process_resident_memory_bytes",
    "process_cpu_seconds",
    "process_open_fds",
}


async def test_the_figures_are_there(ward: Ward) -> None:
    """Each in the text format of Prometheus, with what was counted."""
    meters = ward.signs.meters
    meters.look_at(queue_depth(lambda: 3))
    meters.asked(Kind.ANSWERED)
    meters.answered(0.02)
    meters.sent("unknown")
    meters.flooded(7)
    meters.requested(401)
    meters.lagged(0.003)

    answer = await ward.client.get("/metrics")
    found = {one.name: one for one in text_string_to_metric_families(answer.text)}

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert found.keys() >= METRICS
    values = {(one.name, *one.labels.values()): one.value for family in found.values() for one in family.samples}
    assert values["bot_questions_total", "answer"] == 1
    assert values["bot_questions_total", "silence"] == 0
    assert values["bot_sends_total", "unknown"] == 1
    assert values["bot_flood_wait_seconds_total",] == 7
    assert values["bot_webhook_requests_total", "401"] == 1
    assert values["bot_answer_seconds_bucket", "0.025"] == 1
    assert values["bot_answer_seconds_bucket", "0.01"] == 0
    assert values["bot_queue_depth",] == 3
    assert values["bot_knowledge_entries",] > 10
    assert values["bot_trouble", "poll"] == 0


async def test_every_source_is_shown(ward: Ward, pipeline: Pipeline) -> None:
    """Up once it answered; one that was not asked is not."""
    before = (await ward.client.get("/metrics")).text
    await pipeline.statistic("price")
    after = (await ward.client.get("/metrics")).text

    names = [state.name for state in pipeline.desk.states]
    assert names
    assert all(f'bot_source_up{{source="{name}"}} 0.0' in before for name in names)
    assert f'bot_source_up{{source="{names[0]}"}} 1.0' in after or "} 1.0" in after


async def test_two_sets_of_figures_do_not_meet() -> None:
    """There is no registry that all share."""
    one, other = Meters(), Meters()
    one.asked(Kind.REFUSED)

    assert b'bot_questions_total{outcome="refusal"} 1.0' in one.text()
    assert b'bot_questions_total{outcome="refusal"} 0.0' in other.text()


async def test_figures_say_what_became_of_questions_and_nothing_of_people(pipeline: Pipeline, web: Web) -> None:
    """A real conversation is counted; no id, name, text or token is in the figures."""
    meters = Meters()
    async with open_stage(pipeline, web, meters=meters) as stage:
        ann = stage.person("Annabel")
        ann.say(ann.private, "why did bch fork")
        await stage.said(ann.private)
        ann.say(ann.private, "what is the best pizza of naples")
        await stage.said(ann.private, 2)
        said = meters.text().decode()
        secrets = (stage.telegram.token, str(ann.id), "Annabel", "fork", "pizza")

    assert 'bot_questions_total{outcome="answer"} 1.0' in said
    assert "bot_answer_seconds_count 2.0" in said
    assert [one for one in secrets if one in said] == []


async def test_a_port_that_is_taken_is_told_by_its_key(pipeline: Pipeline) -> None:
    """The sentence names http.listen."""

    async def tell(_: Alert) -> bool:
        return True

    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings.model_validate({"http": {"listen": f"127.0.0.1:{taken.getsockname()[1]}"}})
        with pytest.raises(ConfigError, match=r"http\.listen: cannot listen on 127"):
            async with guarding(settings, pipeline, Signs(), tell, environment={}):
                pass
