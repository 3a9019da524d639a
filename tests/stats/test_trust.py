"""Second opinions: who is believed where sources differ."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.quote import Coin, Quality, Quote
from bot.stats import STATS, Desk, open_desk
from bot.stats.metric import Metric, Need
from bot.stats.providers import ROUTES
from bot.stats.trust import REPEATS, TOLERANCES, is_settled, root, settle, signed
from tests.conftest import StandingClock
from tests.patiently import PATIENT
from tests.web import Web

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
PRICE, HEIGHT, FEE = (Metric.PRICE, Coin.BTC), (Metric.HEIGHT, Coin.BTC), (Metric.FEE, Coin.BTC)


def voices(*values: float) -> list[Quote]:
    return [Quote(value, f"source {number}", AT, AT, Quality.LIVE) for number, value in enumerate(values)]


SETTLED: dict[str, tuple[Need, list[float], float | None, tuple[float, float | None]]] = {
    "one alone": (PRICE, [100], None, (100, None)),
    "two agree": (PRICE, [100, 100.9], None, (100, None)),
    "two differ": (PRICE, [100, 102], None, (100, 102)),
    "the third sides with the first": (PRICE, [100, 1000, 100.5], None, (100, None)),
    "the third sides with the second": (PRICE, [1000, 100, 100.5], None, (100, None)),
    "three differ": (PRICE, [100, 200, 300], None, (100, 200)),
    "heights apart by a few blocks": (HEIGHT, [900_000, 900_003], None, (900_000, None)),
    "heights apart by more": (HEIGHT, [900_000, 900_004], None, (900_000, 900_004)),
    "no second opinion is asked for": (FEE, [1], None, (1, None)),
    "alone and like before": (PRICE, [100], 90, (100, None)),
    "alone and ten times what it was": (PRICE, [1000], 100, (1000, 100)),
    "alone and a tenth of what it was": (PRICE, [10], 100, (10, 100)),
    "ten times what it was, and confirmed": (PRICE, [1000, 1001], 100, (1000, None)),
    "a height alone": (HEIGHT, [900_500], 100, (900_500, None)),
}


@pytest.mark.parametrize(("need", "values", "known", "wanted"), SETTLED.values(), ids=SETTLED)
def test_a_dispute_is_settled(
    *, need: Need, values: list[float], known: float | None, wanted: tuple[float, float | None]
) -> None:
    """What a second source confirms is believed; what nobody confirms is shown with the other number."""
    before = None if known is None else voices(known)[0]

    found = settle(need, voices(*values), before)

    assert (found.value, found.other.value if found.other else None) == wanted
    assert (found.quality is Quality.DISPUTED) is (wanted[1] is not None)


def test_asking_ends_when_two_agree() -> None:
    """A number that needs a second opinion is settled by two that agree, any other by one."""
    assert not is_settled(PRICE, voices(100))
    assert not is_settled(PRICE, voices(100, 200))
    assert is_settled(PRICE, voices(100, 200, 200.5))
    assert is_settled(FEE, voices(1))
    assert not is_settled(FEE, [])


def test_what_can_be_disputed_has_two_roots() -> None:
    """A second opinion comes from somebody who does not repeat the first."""
    for (metric, coin), route in ROUTES.items():
        if metric in TOLERANCES:
            assert len({root(origin.provider, metric) for origin in route}) > 1, (metric, coin)
    assert set(REPEATS.values()) <= {origin.provider for route in ROUTES.values() for origin in route}


def test_a_hash_rate_says_its_window() -> None:
    """Whoever gives one stands in the table: over other windows two differ without either being wrong."""
    origins = {origin for coin in Coin for origin in ROUTES[Metric.HASHRATE, coin]}

    assert {signed(one.source, one.provider, Metric.HASHRATE) for one in origins} == {
        "mempool.space (7 d)",
        "bchexplorer.cash (7 d)",
        "Blockchair (24 h)",
        "own node (24 h)",
    }
    assert signed("mempool.space", "mempool_space", Metric.DIFFICULTY) == "mempool.space"


@pytest.fixture
async def desk(web: Web, clock: StandingClock) -> AsyncIterator[Desk]:
    desk = web.desk(clock)
    yield desk
    await desk.aclose()


async def side(desk: Desk, key: str) -> Quote:
    (snapshot,) = await desk.snapshots((key,))
    found = snapshot.sides[Coin.BTC]
    assert isinstance(found, Quote), found
    return found


def ten_times(web: Web) -> None:
    prices = web.answers["/coingecko/simple/price"]
    prices["bitcoin"]["usd"] *= 10


async def test_ten_times_the_price_is_outvoted(desk: Desk, web: Web) -> None:
    """A first source that is wrong by far gives way to the two that agree."""
    ten_times(web)

    price = await side(desk, "price")

    assert (price.value, price.source, price.quality) == (90_020, "Kraken", Quality.LIVE)


async def test_who_repeats_another_confirms_nothing(desk: Desk, web: Web) -> None:
    """Blockchair's price is CoinGecko's, so that the two of them are one voice against Kraken's."""
    ten_times(web)
    web.answers["/blockchair/bitcoin/stats"]["data"]["market_price_usd"] = 900_000
    web.fail("500", *(name for name in web.providers() if name not in {"coingecko", "blockchair", "kraken"}))

    price = await side(desk, "price")

    assert (price.quality, price.source) == (Quality.DISPUTED, "CoinGecko")
    assert price.other
    assert price.other.source == "Kraken"


async def test_two_that_differ_are_both_shown(desk: Desk, web: Web) -> None:
    """Where nobody settles it, the number is marked and carries the other one, and is not remembered as known."""
    ten_times(web)
    web.fail("500", *(name for name in web.providers() if name not in {"coingecko", "kraken"}))

    price = await side(desk, "price")

    assert (price.quality, price.value, price.source) == (Quality.DISPUTED, 900_000, "CoinGecko")
    assert price.other
    assert (price.other.value, price.other.source) == (90_020, "Kraken")
    assert (Metric.PRICE, Coin.BTC) not in desk.known


async def test_what_follows_from_a_disputed_number_is_disputed(desk: Desk, web: Web) -> None:
    """A derived number shows both outcomes."""
    ten_times(web)
    web.fail("500", *(name for name in web.providers() if name not in {"coingecko", "kraken", "mempool_space"}))
    web.answers["/mempool_space/api/v1/prices"]["USD"] = 1

    cost = await side(desk, "payment-cost")

    assert cost.quality is Quality.DISPUTED
    assert cost.other
    assert cost.value == pytest.approx(10 * 90_000 / 90_020 * cost.other.value)
    assert cost.other.quality is Quality.DERIVED


async def test_known_numbers_survive_a_restart(desk: Desk, web: Web, clock: StandingClock) -> None:
    """A desk that starts with what another knew shows it, with its age, where nobody answers."""
    first = await side(desk, "fee")
    web.fail("500")
    clock.pass_by(timedelta(minutes=20))
    again = open_desk(web.providers(), clock, habits=PATIENT, known=desk.known)
    offline = open_desk(web.providers(), clock, offline=True, known=desk.known)

    for other in (again, offline):
        found = await side(other, "fee")
        await other.aclose()
        assert (found.value, found.quality) == (first.value, Quality.LAST_KNOWN)
        assert clock.now - found.observed_at == timedelta(minutes=20)
    assert STATS["fee"].keep_for >= timedelta(minutes=20)
