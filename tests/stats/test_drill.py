"""The drill: every fault at the first source of every statistic, and never a wrong number."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations

import pytest

from bot.model.quote import Coin, Missing, Quality, Quote
from bot.stats import STATS, Desk, open_desk
from bot.stats.catalog import CATALOG
from bot.stats.providers import ROUTES
from tests.conftest import StandingClock
from tests.patiently import PATIENT
from tests.web import DELUSIONS, FAULTS, POISONS, Web

Side = Quote | Missing
Sides = Mapping[tuple[str, Coin], Side]


def first_providers(key: str) -> frozenset[str]:
    """Return who is asked first for a statistic's metrics."""
    needs = [need for coin in Coin for need in CATALOG[key].recipes[0].needs(coin)]
    routes = [
        [origin.provider for origin in ROUTES.get(need, ()) if not origin.provider.endswith("_node")] for need in needs
    ]
    return frozenset(route[0] for route in routes if route)


GROUPS: dict[frozenset[str], list[str]] = {}
for name in STATS:
    GROUPS.setdefault(first_providers(name), []).append(name)


def opened(web: Web, clock: StandingClock, without: frozenset[str] = frozenset()) -> Desk:
    """Return a desk that leaves some providers out."""
    providers = {
        name: replace(one, enabled=one.enabled and name not in without) for name, one in web.providers().items()
    }
    return open_desk(providers, clock, habits=PATIENT)


async def numbers(desk: Desk, keys: list[str]) -> Sides:
    snapshots = await desk.snapshots(keys)
    return {(one.stat.key, coin): side for one in snapshots for coin, side in one.sides.items()}


async def looked_up(web: Web, clock: StandingClock, keys: list[str], without: frozenset[str] = frozenset()) -> Sides:
    desk = opened(web, clock, without)
    found = await numbers(desk, keys)
    await desk.aclose()
    return found


DRILLED = (*FAULTS, *(fault for fault in POISONS if fault != "zero"), *DELUSIONS)


# What providers are known to do, or may be expected to.
KNOWN = {
    *("500", "429", "403", "451", "hang", "drip", "reset", "redirect", "gzip bomb", "half of a JSON"),
    *("nan", "infinity", "negative", "null", "string", "huge", "missing", "stale", "future", "tenfold"),
}


def test_no_two_faults_have_one_name() -> None:
    """A fault is what its name says, and none hides another."""
    assert len(set(DRILLED)) == len(DRILLED)
    assert set(DRILLED) >= KNOWN


def test_no_statistic_is_spared() -> None:
    """Each statistic meets each fault at its first sources."""
    assert sorted(key for keys in GROUPS.values() for key in keys) == sorted(STATS)


@pytest.mark.parametrize("fault", DRILLED)
@pytest.mark.parametrize("first", GROUPS, ids=lambda first: "+".join(sorted(first)))
async def test_a_fault_never_gives_a_wrong_number(
    *, fault: str, first: frozenset[str], web: Web, clock: StandingClock
) -> None:
    """With a fault at its first source a statistic shows what is right, or says that it is missing."""
    keys = GROUPS[first]
    groups = chain.from_iterable(combinations(sorted(first), count) for count in range(len(first) + 1))
    right = [await looked_up(web, clock, keys, frozenset(group)) for group in groups]
    web.fail(fault, *first)

    found = await looked_up(web, clock, keys)

    for key, side in found.items():
        allowed = [one.value for one in (sides[key] for sides in right) if isinstance(one, Quote)]
        assert isinstance(side, Missing) or any(side.value == pytest.approx(value) for value in allowed), (key, side)
        assert isinstance(side, Missing) or (side.quality is not Quality.DISPUTED and side.observed_at <= clock.now)
        if isinstance(side, Missing):
            assert isinstance(right[-1][key], Missing), (key, side)


@pytest.mark.parametrize("fault", [fault for fault in DRILLED if fault not in DELUSIONS])
async def test_a_fault_everywhere_leaves_the_last_known_numbers(*, fault: str, web: Web, clock: StandingClock) -> None:
    """With one fault at all sources, what was known is shown with its age, or the number is missing."""
    keys = list(STATS)
    desk = opened(web, clock)
    await numbers(desk, keys)
    before = await numbers(desk, keys)  # again, for a source that was slow may have answered since
    known = desk.known
    await desk.aclose()
    web.fail(fault)
    clock.pass_by(timedelta(minutes=20))
    later = open_desk(web.providers(), clock, habits=PATIENT, known=known)

    found = await numbers(later, keys)
    await later.aclose()

    for key, side in found.items():
        if isinstance(was := before[key], Quote):
            assert isinstance(side, Quote), (key, side)
            assert side.value == pytest.approx(was.value), (key, side)
            assert (side.quality, clock.now - side.observed_at >= timedelta(minutes=20)) == (Quality.LAST_KNOWN, True)
