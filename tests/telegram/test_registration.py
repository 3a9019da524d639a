"""The webhook as Telegram knows it: set at each start, kept set, and its complaints heard."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from types import MappingProxyType

import pytest
from telegram import Bot

from bot.errors import ConfigError
from bot.faces.simulator import LocalRequest, LocalTelegram
from bot.faces.telegram import UPDATES, Registration
from bot.model.trouble import Trouble, Troubles
from tests.conftest import StandingClock
from tests.telegram.conftest import SCHEMA

URL = "https://bot.example/telegram"
SECRET = "a-secret_of-32-characters-or-more"
OURS = MappingProxyType({"url": URL, "secret_token": SECRET, "max_connections": 40})


@pytest.fixture
def telegram(clock: StandingClock) -> LocalTelegram:
    return LocalTelegram("duel_bot", schema=SCHEMA, clock=clock)


@pytest.fixture
async def bot(telegram: LocalTelegram) -> AsyncIterator[Bot]:
    request = LocalRequest(telegram)
    async with Bot(telegram.token, request=request, get_updates_request=request) as bot:
        yield bot


@pytest.fixture
def registration(bot: Bot, clock: StandingClock) -> Registration:
    return Registration(bot, URL, SECRET, UPDATES, Troubles(), clock)


async def test_every_start_sets_the_webhook_with_its_secret(
    telegram: LocalTelegram, bot: Bot, clock: StandingClock
) -> None:
    """Twenty starts with twenty secrets: what Telegram shows is what is expected, and nothing that waits is dropped."""
    ann = telegram.person("Ann")
    ann.say(ann.private, "hi")
    registered = []
    for number in range(20):
        assert await Registration(bot, URL, f"{SECRET}{number}", UPDATES, Troubles(), clock).open()
        registered.append(telegram.updates.webhook["secret_token"])

    assert registered == [f"{SECRET}{number}" for number in range(20)]
    assert telegram.updates.allowed == set(UPDATES)
    assert len(telegram.updates.pending) == 1
    assert {
        call.parameters.get("drop_pending_updates", "false").lower() for call in telegram.calls_of("setWebhook")
    } == {"false"}


async def test_an_address_that_telegram_does_not_take_stops_the_bot(
    telegram: LocalTelegram, registration: Registration
) -> None:
    """The sentence names the key and says what Telegram says."""
    telegram.fail_next("setWebhook", 400, "Bad Request: bad webhook: Failed to resolve host")

    with pytest.raises(ConfigError, match=r"telegram\.webhook_url: .*resolve host"):
        await registration.open()


async def test_a_telegram_out_of_reach_is_asked_again(telegram: LocalTelegram, registration: Registration) -> None:
    """The start goes on, and the next look sets the webhook."""
    telegram.fail_next("setWebhook", 502, "Bad Gateway")
    was_set = await registration.open()

    assert not was_set
    assert await registration.check()
    assert telegram.updates.webhook == OURS


async def test_a_look_that_fails_changes_nothing(telegram: LocalTelegram, registration: Registration) -> None:
    """Whether the webhook is well is not known then, and what was known stays."""
    registration.troubles.begin(Trouble.WEBHOOK, "It was deleted.")
    telegram.fail_next("getWebhookInfo", 502, "Bad Gateway")

    assert not await registration.check()
    assert registration.troubles.present == {Trouble.WEBHOOK: "It was deleted."}


async def test_a_webhook_that_another_one_set_is_set_again(telegram: LocalTelegram, registration: Registration) -> None:
    """And told, until the next look finds it in place."""
    await registration.open()
    telegram.updates.webhook = {}
    await registration.check()
    told = dict(registration.troubles.present)
    healed = telegram.updates.webhook
    await registration.check()

    assert told == {Trouble.WEBHOOK: "It was deleted."}
    assert healed == OURS
    assert registration.troubles.present == {}


async def test_what_telegram_complains_of_is_told_while_it_is_new(
    telegram: LocalTelegram, registration: Registration, clock: StandingClock
) -> None:
    """An error of the last minutes counts, such as a certificate that has ended; an old one does not."""
    await registration.open()
    telegram.updates.webhook |= {"last_error_date": telegram.now(), "last_error_message": "SSL error {certificate}"}
    await registration.check()
    new = dict(registration.troubles.present)
    clock.pass_by(timedelta(minutes=10))
    await registration.check()

    assert new == {Trouble.WEBHOOK: "Telegram says: SSL error {certificate}"}
    assert registration.troubles.present == {}


async def test_many_that_wait_are_told(telegram: LocalTelegram, registration: Registration) -> None:
    """With their number."""
    await registration.open()
    for _ in range(501):
        telegram.push({"x": 1})
    await registration.check()

    assert registration.troubles.present == {Trouble.WEBHOOK: "501 messages wait at Telegram."}


async def test_it_looks_by_itself(telegram: LocalTelegram, registration: Registration) -> None:
    """Soon after a start that failed, and then again and again."""
    registration.soon = registration.look = timedelta(0)
    keeping = asyncio.create_task(registration.keep(is_set=False))
    await telegram.wait_for(lambda: len(telegram.calls_of("getWebhookInfo")) > 2)
    keeping.cancel()

    assert telegram.updates.webhook == OURS
