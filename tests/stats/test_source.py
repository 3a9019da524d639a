"""One provider as it is asked: budget, retry, rest; against a real HTTP server on loopback."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import SourceDownError, SourceError, SourceSpentError
from bot.model.quote import Coin
from bot.stats.metric import Metric
from bot.stats.providers import DEFAULT_PROVIDERS
from bot.stats.providers.coingecko import SIMPLE_PRICE
from bot.stats.providers.registry import BTC
from bot.stats.source import LONGEST_PAUSE, LONGEST_REST, REST, Source
from tests.conftest import StandingClock
from tests.web import FAULTS, Web, page, sends

MEMPOOL = "/mempool_space/api/mempool"
NEED = (Metric.MEMPOOL_COUNT, Coin.BTC)


@pytest.fixture
async def source(web: Web, clock: StandingClock) -> AsyncIterator[Source]:
    source = Source("mempool_space", web.providers()["mempool_space"], clock)
    yield source
    await source.aclose()


async def failure(source: Source) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await source.answer(BTC.mempool)
    return caught.value


async def test_what_stumbles_once_is_asked_once_more(source: Source, web: Web) -> None:
    """A broken line or a gateway's error costs one more request, no error."""
    web.once["mempool_space"] = ["reset", "503"]

    with pytest.raises(SourceDownError):
        await source.answer(BTC.mempool)

    assert web.asked[MEMPOOL] == 2


@pytest.mark.parametrize("fault", ["reset", "503", "cut"])
async def test_the_second_try_counts(fault: str, source: Source, web: Web) -> None:
    """Where the second try works, nobody notices the first."""
    web.once["mempool_space"] = [fault]

    readings = await source.answer(BTC.mempool)

    assert readings[NEED].value == 31_690
    assert (source.state.last_error, source.state.rests_until) == ("", None)


@pytest.mark.parametrize("fault", ["500", "429", "403", "451", "html", "hang"])
async def test_what_says_no_is_not_asked_again(*, fault: str, web: Web, clock: StandingClock) -> None:
    """A refusal, nonsense or silence is no reason to try at once again."""
    web.fail(fault, "mempool_space")
    source = Source("mempool_space", web.providers()["mempool_space"], clock)

    await failure(source)
    await source.aclose()

    assert web.asked[MEMPOOL] == 1 or (fault == "hang" and not web.asked)  # a busy machine had no time to ask


TURNED_AWAY = ("401", "402", "403", "429", "430", "434", "435", "451")  # some of them are Blockchair's own


@pytest.mark.parametrize(
    ("status", "asked", "rests"),
    [
        *((status, 1, True) for status in TURNED_AWAY),
        *((status, 2, True) for status in ("502", "503", "504")),
        *((status, 1, False) for status in ("302", "400", "404", "500", "520")),
    ],
)
async def test_each_status_has_its_meaning(*, status: str, asked: int, rests: bool, source: Source, web: Web) -> None:
    """Who turns us away is left alone, who stumbles is asked once more first, who fails at one thing is neither."""
    web.handlers["mempool_space"] = sends(page(f"{status} Whatever", b"<html></html>", kind="text/html"))

    assert str(await failure(source)) == f"answered HTTP {status}"

    assert web.asked[MEMPOOL] == asked
    assert (source.state.rests_until is not None) is rests


async def test_a_request_says_who_we_are(source: Source, web: Web) -> None:
    """Some providers block nameless programs, and nobody is asked for compressed answers."""
    await source.answer(BTC.mempool)

    headers = web.headers[MEMPOOL]
    assert headers["user-agent"].startswith("btc-vs-bch-bot/")
    assert headers["accept-encoding"] == "identity"


async def test_a_source_that_is_down_rests_ever_longer(source: Source, web: Web, clock: StandingClock) -> None:
    """Each further failure doubles the rest, up to a limit; one success ends it."""
    web.fail("403", "mempool_space")
    rests = []
    for _ in range(7):
        await failure(source)
        until = source.state.rests_until
        assert until is not None
        rests.append(until - clock.now)
        clock.now = until
    web.heal()

    await source.answer(BTC.mempool)

    assert rests == [REST, 2 * REST, 4 * REST, 8 * REST, 16 * REST, LONGEST_REST, LONGEST_REST]
    assert source.state.rests_until is None
    web.fail("403", "mempool_space")
    await failure(source)
    assert source.state.rests_until == clock.now + REST


async def test_a_resting_source_is_not_asked(source: Source, web: Web) -> None:
    """While it rests, the reason of its failure is given without a request."""
    web.fail("403", "mempool_space")
    first, second = await failure(source), await failure(source)

    assert str(first) == str(second) == "answered HTTP 403"
    assert web.asked[MEMPOOL] == 1


PAUSES = {
    "seconds": ("Retry-After: 120\r\n", timedelta(seconds=120)),
    "less than our own": ("Retry-After: 1\r\n", REST),
    "a day": ("Retry-After: 86400\r\n", LONGEST_PAUSE),
    "a date": (
        "Date: Mon, 23 Nov 2026 12:00:00 GMT\r\nRetry-After: Mon, 23 Nov 2026 12:05:00 GMT\r\n",
        timedelta(minutes=5),
    ),
    "a date alone": ("Retry-After: Mon, 23 Nov 2026 12:05:00 GMT\r\n", REST),
    "nonsense": ("Retry-After: soon\r\n", REST),
    "negative": ("Retry-After: -5\r\n", REST),
}


@pytest.mark.parametrize(("header", "pause"), PAUSES.values(), ids=PAUSES)
async def test_retry_after_is_honoured(
    *, header: str, pause: timedelta, source: Source, web: Web, clock: StandingClock
) -> None:
    """A source is left alone for as long as it asks, within reason."""
    web.handlers["mempool_space"] = sends(page("429 Too Many Requests", b"<html></html>", more=header))

    await failure(source)

    assert source.state.rests_until == clock.now + pause


async def test_who_asks_for_a_pause_gets_no_second_try(source: Source, web: Web, clock: StandingClock) -> None:
    """A server that stumbles is asked once more, unless it says for how long not to."""
    body = page("503 Service Unavailable", b"", more="Retry-After: 120\r\n")
    web.handlers["mempool_space"] = sends(body)

    await failure(source)

    assert web.asked[MEMPOOL] == 1
    assert source.state.rests_until == clock.now + timedelta(seconds=120)


async def test_the_budget_is_kept(web: Web, clock: StandingClock) -> None:
    """Beyond its requests of a minute a source is not asked, which is not its failure; a minute later it is again."""
    settings = replace(web.providers()["mempool_space"], per_minute=2)
    source = Source("mempool_space", settings, clock)
    for _ in range(2):
        await source.answer(BTC.mempool)

    spent = await failure(source)
    assert isinstance(spent, SourceSpentError)
    assert (source.state.left, source.state.last_error, source.state.rests_until) == (0, "", None)

    clock.pass_by(timedelta(minutes=1))
    await source.answer(BTC.mempool)
    await source.aclose()
    assert (web.asked[MEMPOOL], source.state.left) == (3, 1)


async def test_a_key_goes_into_its_header(web: Web, clock: StandingClock) -> None:
    """A key is sent where the provider wants it, and shows in no text."""
    settings = replace(web.providers()["coingecko"], key="top-secret")
    source = Source("coingecko", settings, clock)
    await source.answer(SIMPLE_PRICE)
    await source.aclose()

    assert web.headers["/coingecko/simple/price"]["x-cg-demo-api-key"] == "top-secret"
    assert "top-secret" not in repr(settings)


async def test_a_redirect_is_not_followed(source: Source, web: Web) -> None:
    """An answer from elsewhere is no answer."""
    web.fail("redirect", "mempool_space")

    assert str(await failure(source)) == "answered HTTP 302"


@pytest.mark.parametrize("fault", [*FAULTS])
async def test_every_failure_is_a_phrase(*, fault: str, web: Web, clock: StandingClock) -> None:
    """Whatever happens on the wire becomes one short reason."""
    web.fail(fault, "mempool_space")
    source = Source("mempool_space", web.providers()["mempool_space"], clock)

    reason = str(await failure(source))
    await source.aclose()

    assert reason
    assert len(reason) < 60
    assert source.state.last_error == reason


def test_every_provider_has_a_budget() -> None:
    """Nobody is asked without limit."""
    assert all(0 < one.per_minute <= 600 for one in DEFAULT_PROVIDERS.values())
