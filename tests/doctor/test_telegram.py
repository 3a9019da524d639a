"""What Telegram says of the bot, asked over HTTP of a local one."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.faces.simulator import LocalTelegram
from bot.faces.simulator.server import serve
from bot.faces.telegram.checkup import Installation, look
from bot.faces.telegram.server import Server
from bot.model.checkup import Check, State
from bot.model.clock import Clock, utc_now

OWNER = 100_001


@dataclass(frozen=True, slots=True)
class Office:
    """A local Telegram and the installation that asks it."""

    telegram: LocalTelegram
    installation: Installation

    async def looked(self, clock: Clock = utc_now, **changed: object) -> dict[str, Check]:
        """Return the checks by name."""
        found = await look(replace(self.installation, **changed), clock)  # type: ignore[arg-type]  # by name
        return {one.name: one for one in found}

    def says(self, method: str, **result: object) -> None:
        """Let Telegram answer the next call of a method with that."""
        self.telegram.garble_next(method, json.dumps({"ok": True, "result": result}).encode())


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    telegram = LocalTelegram("duel_bot")
    async with serve(telegram) as base_url:
        yield Office(telegram, Installation(Server(base_url, base_url), telegram.token, "polling", ()))


async def test_all_is_well(office: Office) -> None:
    """A bot as @BotFather makes it is well, and nothing is changed by the look."""
    olga = office.telegram.person("Olga")
    olga.start()

    found = await office.looked(owners=(olga.id,))

    assert {one.state for one in found.values()} == {State.OK}
    assert "@duel_bot" in found["telegram"].what
    assert set(found) == {"telegram", "groups", "privacy mode", "inline mode", "updates", "clock"}
    assert {call.method for call in office.telegram.calls} == {"getMe", "getWebhookInfo", "getChat"}


@pytest.mark.parametrize("token", ["4200042:another-token", "nonsense"])
async def test_an_unknown_token_is_told_and_not_shown(token: str, office: Office) -> None:
    found = await office.looked(token=token)

    assert found["telegram"].state is State.FAIL
    assert "@BotFather" in found["telegram"].cure
    assert token not in str(found)


async def test_no_network_is_told_and_no_token_shown(office: Office) -> None:
    nowhere = Server("http://127.0.0.1:9/bot", "http://127.0.0.1:9/bot")

    found = await office.looked(server=nowhere)

    assert found["telegram"].state is State.FAIL
    assert "ConnectError" in found["telegram"].what
    assert office.telegram.token not in str(found)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"ok": true}'])
async def test_an_answer_of_another_shape_is_no_traceback(body: bytes, office: Office) -> None:
    """Something else than Telegram may stand at the address."""
    office.telegram.garble_next("getMe", body)

    found = await office.looked()

    assert found["telegram"].state is State.FAIL


async def test_a_server_in_trouble_is_no_unknown_token(office: Office) -> None:
    office.telegram.garble_next("getMe", b'{"ok": false, "error_code": 502}', 502)

    assert "HTTP 502" in (await office.looked())["telegram"].what


async def test_switches_at_odds_with_the_program_have_a_cure(office: Office) -> None:
    """Each is named with what to send to @BotFather."""
    flags = {"can_join_groups": False, "can_read_all_group_messages": True, "supports_inline_queries": True}
    office.says("getMe", id=1, is_bot=True, first_name="x", username="x", **flags)

    found = await office.looked()

    assert found["groups"].state is State.WARN
    assert "/setjoingroups" in found["groups"].cure
    assert found["privacy mode"].state is State.WARN
    assert "/setprivacy" in found["privacy mode"].cure
    assert "inline mode" in found


async def test_a_webhook_in_the_way_is_named_by_its_host(office: Office) -> None:
    """Its path may be a secret."""
    office.says("getWebhookInfo", url="https://bot.example/secret-path", pending_update_count=3)

    found = (await office.looked())["updates"]

    assert found.state is State.WARN
    assert "bot.example" in found.what
    assert "secret-path" not in str(found)


async def test_a_webhook_that_is_not_set_is_told(office: Office) -> None:
    found = (await office.looked(mode="webhook"))["updates"]

    assert (found.state, found.what) == (State.WARN, "no webhook is set though telegram.mode is webhook")


async def test_what_the_webhook_fails_with_is_told_while_it_is_new(office: Office) -> None:
    """An error of yesterday is over."""
    url = "https://bot.example/x"
    now = int(utc_now().timestamp())
    wrong = {"last_error_message": "Connection refused", "url": url, "pending_update_count": 101}
    office.says("getWebhookInfo", last_error_date=now - 60, **wrong)
    fresh = await office.looked(mode="webhook")
    office.says("getWebhookInfo", last_error_date=now - 90_000, **wrong)
    old = await office.looked(mode="webhook")

    assert "Connection refused" in fresh["webhook"].what
    assert fresh["updates"].what == "101 wait to be fetched"
    assert "webhook" not in old


async def test_an_owner_who_never_wrote_is_named(office: Office) -> None:
    """Telegram lets no bot write first."""
    office.telegram.person("Olga")

    found = (await office.looked(owners=(OWNER,)))["owners"]

    assert found.state is State.WARN
    assert str(OWNER) in found.what
    assert "/start" in found.cure


@pytest.mark.parametrize(
    ("off", "state"), [(0, State.OK), (20, State.WARN), (-20, State.WARN), (300, State.FAIL), (-300, State.FAIL)]
)
async def test_a_clock_is_held_against_telegrams(off: int, state: State, office: Office) -> None:
    found = (await office.looked(lambda: utc_now() + timedelta(seconds=off)))["clock"]

    assert found.state is state
    assert bool(found.cure) is (off != 0)
