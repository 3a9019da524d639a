"""Axes: round steps, labels as people read them, one unit from end to end, times in UTC."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.quote import Coin, Unit
from bot.reply.picture.rulers import writer
from bot.reply.picture.times import MOST, ticks
from bot.reply.picture.values import Axis, Extent, aligned, parts
from bot.stats import PRICES_IN


def axis(low: float, high: float, unit: Unit, coin: Coin = Coin.BTC) -> Axis:
    (only,) = aligned([Extent(low, high, writer(unit, coin, low, high), unit)])
    return only


AXES = {
    "dollars": (Unit.USD, 94_300, 106_900, ["$90,000", "$95,000", "$100,000", "$105,000", "$110,000"], ""),
    "cents": (Unit.USD, 0.12, 0.31, ["$0.10", "$0.15", "$0.20", "$0.25", "$0.30", "$0.35"], ""),
    "hundreds to thousands": (Unit.USD, 820, 1_180, ["$800", "$900", "$1,000", "$1,100", "$1,200"], ""),
    "billions": (
        Unit.USD,
        0.93e9,
        1.18e9,
        ["$900 M", "$950 M", "$1,000 M", "$1,050 M", "$1,100 M", "$1,150 M", "$1,200 M"],
        "",
    ),
    "fees": (Unit.FEE_RATE, 0, 2.3, ["0", "0.5", "1.0", "1.5", "2.0", "2.5"], "sat/vB"),
    "hash rates across a prefix": (
        Unit.HASHES_PER_SECOND,
        7.2e20,
        1.13e21,
        ["700", "800", "900", "1,000", "1,100", "1,200"],
        "EH/s",
    ),
    "slow hash rates": (Unit.HASHES_PER_SECOND, 0, 3, ["0", "1", "2", "3", "4"], "H/s"),
    "difficulty": (Unit.DIFFICULTY, 1.22e14, 1.29e14, ["122 T", "124 T", "126 T", "128 T", "130 T"], ""),
    "minutes past the hour": (Unit.SECONDS, 0, 4_100, ["0", "15", "30", "45", "60", "75"], "min"),
    "seconds": (Unit.SECONDS, 0, 110, ["0", "30", "60", "90", "120"], "s"),
    "days": (Unit.SECONDS, 0, 9 * 86_400, ["0", "2", "4", "6", "8", "10"], "days"),
    "transactions are whole": (Unit.TRANSACTIONS, 0, 3, ["0", "1", "2", "3", "4"], "tx"),
    "percent": (Unit.PERCENT, -1.9, 3.3, ["-2", "-1", "0", "+1", "+2", "+3", "+4"], "%"),
    "dates": (
        Unit.EPOCH_SECONDS,
        1_838_000_000,
        1_838_300_000,
        ["≈ 2028-03-30", "≈ 2028-03-31", "≈ 2028-04-01", "≈ 2028-04-02", "≈ 2028-04-03"],
        "",
    ),
}


@pytest.mark.parametrize(("unit", "low", "high", "labels", "caption"), AXES.values(), ids=AXES)
def test_an_axis_has_round_labels(*, unit: Unit, low: float, high: float, labels: list[str], caption: str) -> None:
    """Labels are written as `numbers` writes them, without the unit where the caption names it for all."""
    made = axis(low, high, unit)

    assert [tick.text for tick in made.ticks] == labels
    assert made.caption == caption


@given(
    st.sampled_from([unit for unit in Unit if unit not in {Unit.EPOCH_SECONDS, *map(Unit, PRICES_IN)}]),
    st.sampled_from(Coin),
    st.floats(0.01, 1e12),
    st.floats(0.05, 1),
)
def test_an_axis_holds_its_values_and_can_be_read(unit: Unit, coin: Coin, high: float, part: float) -> None:
    """Every value lies on the axis; labels differ, are evenly spaced and never in powers of ten."""
    made = axis(high * (1 - part), high, unit, coin)

    texts = [tick.text for tick in made.ticks]
    steps = [after.at - before.at for before, after in pairwise(made.ticks)]
    assert made.low <= high * (1 - part) * (1 + 1e-9)
    assert high <= made.high * (1 + 1e-9)
    assert len(set(texts)) == len(texts)
    assert max(steps) == pytest.approx(min(steps))
    assert not any("e+" in text or "e-" in text for text in texts)


def test_two_axes_have_as_many_steps_so_one_grid_serves_both() -> None:
    extents = [
        Extent(low, high, writer(Unit.USD, Coin.BTC, low, high), Unit.USD)
        for low, high in ((93_000, 125_000), (391, 537))
    ]

    left, right = aligned(extents)

    assert len(left.ticks) == len(right.ticks)


@pytest.mark.parametrize(
    ("text", "figure", "unit"),
    [
        ("786.4 EH/s", "786.4", "EH/s"),
        ("$98,123", "$98,123", ""),
        ("-1.5 %", "-1.5", "%"),
        ("≈ 2028-04-01", "≈ 2028-04-01", ""),
    ],
)
def test_a_written_number_has_a_figure_and_a_unit(text: str, figure: str, unit: str) -> None:
    assert parts(text) == (figure, unit)


TIMES = {
    "an hour": (timedelta(hours=1), ["11:00", "11:10", "11:20", "11:30", "11:40", "11:50", "12:00"]),
    "a day": (timedelta(days=1), ["12:00", "16:00", "20:00", "Nov 23", "04:00", "08:00", "12:00"]),
    "a week": (timedelta(days=7), ["Nov 17", "Nov 18", "Nov 19", "Nov 20", "Nov 21", "Nov 22", "Nov 23"]),
    "a month": (timedelta(days=30), ["Oct 29", "Nov 3", "Nov 8", "Nov 13", "Nov 18", "Nov 23"]),
    "half a year": (timedelta(days=182), ["Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]),
    "a year": (timedelta(days=365), ["Jan 2026", "Mar", "May", "Jul", "Sep", "Nov"]),
    "six years": (timedelta(days=6 * 365), ["2021", "2022", "2023", "2024", "2025", "2026"]),
    "a minute": (timedelta(seconds=59), ["12:00"]),
}


@pytest.mark.parametrize(("span", "labels"), TIMES.values(), ids=TIMES)
def test_times_are_labelled_by_what_changes(span: timedelta, labels: list[str]) -> None:
    end = datetime(2026, 11, 23, 12, tzinfo=UTC)

    assert [tick.text for tick in ticks(end - span, end)] == labels


@given(st.datetimes(datetime(2015, 1, 1), datetime(2040, 1, 1)), st.floats(60, 20 * 365 * 86_400))  # noqa: DTZ001 - made aware below
def test_times_lie_within_the_span_and_do_not_crowd(end: datetime, seconds: float) -> None:
    later = end.replace(tzinfo=UTC)
    start = later - timedelta(seconds=seconds)

    places = [tick.at for tick in ticks(start, later)]

    assert len(places) <= MOST + 1
    assert all(start.timestamp() <= place <= later.timestamp() for place in places)
