"""When alerts fire, over walks of numbers that nobody chose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.alert import Alert, Crossing, Reading, Room, Wish
from bot.model.crossing import COOL_DOWN, Step, holds, is_away, settled, step
from bot.model.quote import Coin

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
LEVELS = (Crossing.BELOW, Crossing.AT_MOST, Crossing.ABOVE, Crossing.AT_LEAST)
CHANGES = (Crossing.RISES, Crossing.FALLS, Crossing.MOVES)

Walk = list[tuple[float, int]]
# Values around the line of 100, on it and at its margins; minutes from one look to the next, also backwards.
VALUES = st.one_of(st.sampled_from((97.9, 98.0, 99.9, 100.0, 100.1, 102.0, 102.1)), st.floats(50, 150))
WALKS = st.lists(st.tuples(VALUES, st.integers(-90, 200)), min_size=1, max_size=60)
ANY = st.sampled_from((*LEVELS, *CHANGES))


def alert(crossing: Crossing) -> Alert:
    is_change = crossing in CHANGES
    wish = Wish("price", Coin.BCH, crossing, 10 if is_change else 100, DAY if is_change else timedelta())
    return Alert(1, wish, Room(7), 7, START)


def reading(one: Alert, value: float, at: datetime) -> Reading:
    return Reading(value, "Kraken", at, 100.0 if one.wish.is_change else None)


def walked(one: Alert, walk: Walk) -> list[tuple[datetime, float, Step, Alert]]:
    """Return what happens at each look, with the alert as it was before."""
    now, seen = START, []
    for value, minutes in walk:
        now += minutes * MINUTE
        what = step(one, reading(one, value, now), now)
        seen.append((now, value, what, one))
        if what is Step.ARM:
            one = replace(one, is_armed=True)
        elif what is Step.FIRE:
            one = replace(one, is_armed=False, fired_at=now)
    return seen


@given(ANY, WALKS)
def test_an_alert_fires_only_where_its_wish_holds(crossing: Crossing, walk: Walk) -> None:
    """Whatever the numbers do, what is told is true."""
    one = alert(crossing)

    for now, value, what, _ in walked(one, walk):
        assert what is not Step.FIRE or holds(one.wish, reading(one, value, now))


@given(ANY, WALKS)
def test_between_two_messages_the_number_was_away(crossing: Crossing, walk: Walk) -> None:
    """One crossing is told once, however long the number trembles at the line; and no sooner than the cool-down."""
    one = alert(crossing)
    last: datetime | None = None
    was_away = True

    for now, value, what, _ in walked(one, walk):
        if what is Step.FIRE:
            assert was_away
            assert last is None or abs(now - last) >= COOL_DOWN
            last, was_away = now, False
        was_away = was_away or is_away(one.wish, reading(one, value, now))


@given(ANY, WALKS)
def test_no_crossing_is_missed_once_the_cool_down_is_over(crossing: Crossing, walk: Walk) -> None:
    """An armed alert whose wish holds fires at the first look that may."""
    one = alert(crossing)

    for now, value, what, before in walked(one, walk):
        may = before.fired_at is None or abs(now - before.fired_at) >= COOL_DOWN
        if before.is_armed and may and holds(one.wish, reading(one, value, now)):
            assert what is Step.FIRE


@given(ANY, VALUES)
def test_a_number_is_never_there_and_away_at_once(crossing: Crossing, value: float) -> None:
    """The margin lies behind the line."""
    one = alert(crossing)

    assert not (holds(one.wish, reading(one, value, START)) and is_away(one.wish, reading(one, value, START)))


@pytest.mark.parametrize(
    ("crossing", "values", "fired"),
    [
        (Crossing.BELOW, (101, 99, 101, 99, 103, 99), (1, 5)),
        (Crossing.BELOW, (100, 99), (1,)),
        (Crossing.AT_MOST, (101, 100), (1,)),
        (Crossing.ABOVE, (99, 100, 100.5, 97, 100.5), (2, 4)),
        (Crossing.AT_LEAST, (99, 100), (1,)),
        (Crossing.RISES, (105, 110, 109, 110, 107, 111, 85), (1, 5)),
        (Crossing.FALLS, (95, 90, 111, 89), (1, 3)),
        (Crossing.MOVES, (95, 90, 110, 100, 111), (1, 4)),
    ],
)
def test_a_crossing_is(crossing: Crossing, values: tuple[float, ...], fired: tuple[int, ...]) -> None:
    """One look an hour: at which of them an alert fires."""
    seen = walked(alert(crossing), [(value, 60) for value in values])

    assert tuple(place for place, (_, _, what, _) in enumerate(seen) if what is Step.FIRE) == fired


def test_a_clock_that_was_set_back_silences_no_alert() -> None:
    """An alert that fired in a future that never came fires again at its next crossing."""
    one = replace(alert(Crossing.BELOW), fired_at=START + timedelta(days=300))

    assert step(one, reading(one, 99, START), START) is Step.FIRE


@pytest.mark.parametrize(("value", "side"), [(90, Crossing.AT_LEAST), (100, Crossing.AT_MOST), (110, Crossing.AT_MOST)])
def test_a_line_is_reached_from_where_the_number_is(value: float, side: Crossing) -> None:
    """`hits 100` is a rise for a number below, a fall for one above."""
    assert settled(Wish("price", Coin.BCH, None, 100), value) is side
