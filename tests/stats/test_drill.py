"""The drill: every fault at the first source of every statistic, and never a wrong number."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations

import pytest

from bot.model.quote import Coin, Missing, Quality, Quote
from bot.stats import STATS, open_desk
from bot.stats.catalog import CATALOG
from bot.stats.providers import ROUTES
from tests.conftest import StandingClock
from tests.web import DELUSIONS, FAULTS, POISONS, Web

SHORT = timedelta(milliseconds=250)
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


async def looked_up(web: Web, clock: StandingClock, keys: list[str], without: frozenset[str] = frozenset()) -> Sides:
    providers = {
        name: replace(one, enabled=one.enabled and name not in without) for name, one in web.providers(SHORT).items()
    }
    desk = open_desk(providers, clock)
    snapshots = await desk.snapshots(keys)
    await desk.aclose()
    return {(one.stat.key, coin): side for one in snapshots for coin, side in one.sides.items()}


@pytest.mark.parametrize("fault", [*FAULTS, *(fault for fault in POISONS if fault != "zero"), *DELUSIONS])
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
