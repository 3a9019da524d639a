"""A conversation with everything logged: what is printed holds no secret, and nothing of the person who asks."""

import logging
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import quote

import pytest
from telegram.error import NetworkError

from bot import log
from bot.faces.simulator import LocalTelegram
from bot.faces.simulator.server import serve
from bot.faces.telegram import make_application
from bot.faces.telegram.app import App
from bot.faces.telegram.server import Server
from bot.faces.telegram.transport import polling as over_http
from bot.gallery import Gallery, NoHistory
from bot.journal import Journal
from bot.pipeline import Pipeline
from bot.reply.picture.painter import Painter
from bot.stats import open_desk
from tests.conftest import StandingClock
from tests.patiently import PATIENT
from tests.telegram.conftest import hearing
from tests.test_log import Elsewhere
from tests.web import Web

KEY = "CG-provider-key-1f9d"
PASSWORD = "correct-horse-battery"
WORDS = "wobbly zeppelin"
NAMES = ("Wilhelmina", "wilhelmina_q")
TOKEN = LocalTelegram().token


@contextmanager
def everything_logged() -> Iterator[Elsewhere]:
    """Let every logger speak at DEBUG, those that the program silences too; give what another handler gets."""
    log.set_up("debug", [TOKEN, KEY, PASSWORD])
    elsewhere, root = Elsewhere(), logging.getLogger()
    root.addHandler(elsewhere)
    named = [logger for logger in root.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    before = {logger: logger.level for logger in (root, *named)}
    for logger in before:
        logger.setLevel(logging.DEBUG)
    try:
        yield elsewhere
    finally:
        root.handlers.clear()
        for logger, level in before.items():
            logger.setLevel(level)


@pytest.fixture
async def keyed(pipeline: Pipeline, web: Web, clock: StandingClock) -> Pipeline:
    """A pipeline whose provider wants a key."""
    providers = web.providers()
    desk = open_desk(providers | {"coingecko": replace(providers["coingecko"], key=KEY)}, clock, habits=PATIENT)
    return Pipeline(pipeline.shelf, desk, clock, Gallery(desk, clock, Painter(), NoHistory(clock)))


def spellings(secret: str) -> set[str]:
    return {secret, quote(secret, safe=""), b64encode(secret.encode()).decode().rstrip("=")}


async def converse(telegram: LocalTelegram, app: App) -> None:
    """Ask, press, be refused, be flooded; and questions that cause errors."""
    who = telegram.person(NAMES[0], NAMES[1])
    async with hearing(app, over_http):
        who.say(who.private, f"why did bch fork, {WORDS}?")
        (answer, *_) = await telegram.written(who.private)
        who.press(answer, answer.buttons[0][0].label)
        who.forge(answer, WORDS)
        await telegram.wait_for(lambda: len(telegram.callback_answers) == 2)
        for code, words, wait in ((403, "Forbidden: blocked", None), (429, "Too Many Requests: retry after 1", 1)):
            telegram.fail_next("sendMessage", code, words, wait)
        telegram.garble_next("sendMessage", WORDS.encode(), 502)
        for text in (f"/price {WORDS}", f"what is {WORDS}", f"/cost 5 {WORDS}"):
            who.say(who.private, text)
        await telegram.wait_for(lambda: len([call for call in telegram.calls_of("sendMessage") if call.refused]) >= 2)
        await telegram.taken()


async def test_logs_hold_no_secret_and_nothing_of_who_asks(
    keyed: Pipeline, journal: Journal, capsys: pytest.CaptureFixture[str]
) -> None:
    """The token, its secret half and a provider's key in no spelling; in what the program prints, no text, no name."""
    telegram = LocalTelegram("duel_bot")
    with everything_logged() as elsewhere:
        async with serve(telegram) as url:
            app = make_application(keyed, TOKEN, server=Server(url, url.replace("/bot", "/file/bot")), journal=journal)
            await converse(telegram, app)
    printed, heard = capsys.readouterr(), "\n".join(elsewhere.lines)

    secrets = [TOKEN, TOKEN.partition(":")[2], KEY, PASSWORD]
    assert not [one for secret in secrets for one in spellings(secret) if one in printed.err + printed.out + heard]
    assert not [word for word in (WORDS, *NAMES) if word in printed.err + printed.out]
    assert "httpx" in heard
    assert WORDS in heard
    assert "event=telegram" in printed.err


async def test_a_network_error_shows_no_token(pipeline: Pipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """The address of a call that failed is part of what goes wrong."""
    nowhere = "http://127.0.0.1:9/bot"
    app = make_application(pipeline, TOKEN, server=Server(nowhere, nowhere))
    with everything_logged() as elsewhere:
        try:
            await app.initialize()
        except NetworkError:
            logging.getLogger("net").exception("at %s%s", nowhere, TOKEN)
        await app.bot.shutdown()

    assert "Traceback" in "".join(elsewhere.lines)
    assert TOKEN.partition(":")[2] not in capsys.readouterr().err + "".join(elsewhere.lines)
