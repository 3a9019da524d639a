"""Whatever a provider puts in the place of one value, no number comes of it that the provider did not give."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from bot.stats.endpoint import Get, Origin, Request
from bot.stats.providers.registry import BTC
from bot.stats.providers.tokenmetrics import PRICES
from tests.stats.plans import AT, ORIGINS, from_web, name, plausible, same, values
from tests.web import answers

Json = Any
Place = tuple[str | int, ...]
GONE = object()
POISONS: tuple[Json, ...] = (
    *(float("nan"), float("inf"), -float("inf"), -1, 10**30, 10**400, None, True, "x", "", [], {}, GONE),
    *("NaN", "Infinity", "-1", "1e30", "1e999", "1_0", "0x10", " 7", "٣"),
)
CHANGES = {
    "usd_24h_change",
    "market_price_usd_change_24h_percentage",
    "price_change_percentage_7d_in_currency",
    "percent_change_24h",
    "percent_change_7d",
    "percent_change_24",
    "difficultyChange",
}
ALL = tuple(dict.fromkeys((*ORIGINS, PRICES)))


def leaves(tree: Json, place: Place = ()) -> Iterator[Place]:
    """Yield the place of every value of a JSON tree."""
    match tree:
        case dict():
            parts: Any = tree.items()
        case list():
            parts = enumerate(tree)
        case _:
            yield place
            return
    for key, part in parts:
        yield from leaves(part, (*place, key))


def poisoned(tree: Json, place: Place, poison: Json) -> Json:
    """Return a JSON tree with one value replaced, or taken away."""
    if not place:
        return "" if poison is GONE else poison
    changed = deepcopy(tree)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    if poison is GONE:
        del inner[place[-1]]
    else:
        inner[place[-1]] = poison
    return changed


def pages(web: dict[str, Json], origin: Origin) -> list[str]:
    """Return the addresses an origin asks for."""
    asked: list[str] = []
    answer = from_web(web, origin)

    def noting(request: Request) -> bytes:
        assert isinstance(request, Get)
        asked.append(f"/{origin.provider}{request.path.partition('?')[0]}")
        return answer(request)

    assert values(origin, noting)
    return asked


def is_a_fair_change(place: Place, poison: Json) -> bool:
    """Tell whether the poison is a number that might well stand there: a change of minus one percent."""
    return bool(place) and place[-1] in CHANGES and poison in (-1, "-1")


@pytest.mark.parametrize("origin", ALL, ids=name)
def test_one_poisoned_value_never_becomes_a_number(origin: Origin) -> None:
    """With any one value poisoned, an answer is refused, or the rest of it is read as before."""
    web = answers(AT)
    well = values(origin, from_web(web, origin))
    assert well
    assert plausible(well) == well

    for page in pages(web, origin):
        for place in leaves(web[page]):
            for poison in POISONS:
                if not is_a_fair_change(place, poison):
                    ill = {**web, page: poisoned(web[page], place, poison)}
                    found = plausible(values(origin, from_web(ill, origin)) or {})
                    assert found.items() <= well.items(), (page, place, poison)


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{}", b"[" * 100_000, b"\xff\xfe", b'{"a":', b"<html>", b"1e400"]
)
def test_what_is_no_answer_is_refused_by_all(body: bytes) -> None:
    """Rubbish gives no numbers and no error but a refusal."""
    assert [name(origin) for origin in ALL if values(origin, same(body))] == []


def test_sums_over_no_blocks_are_refused() -> None:
    """Blocks that end before they start have no mean."""
    web = answers(AT)
    web["/mempool_space/api/v1/mining/reward-stats/144"]["endBlock"] = 976_356

    assert values(BTC.rewards, from_web(web, BTC.rewards)) is None


def test_the_loopback_server_answers_in_json() -> None:
    """What is poisoned here is what the tests of the desk are served."""
    assert json.loads(json.dumps(answers(AT))) == answers(AT)
