"""What charts and cards show, before any of it is drawn."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from math import inf, nan

import pytest

from bot.errors import PictureError
from bot.model.quote import Coin, Missing, Quality, Unit
from bot.model.series import Point, Series
from bot.reply.picture import card, chart
from bot.reply.picture.chart import Chart, Scale
from bot.reply.picture.ink import PANEL, PAPER, SOFT, STYLES, TEXT, WARNING
from bot.reply.picture.lines import runs, spread
from tests.reply.pictures import (
    AT,
    CHANGE,
    DAY,
    FEE,
    FIVE,
    HASHRATE,
    HEIGHT,
    HOUR,
    PRICE,
    SERIES,
    points,
    price_30_days,
    quote,
    series,
    snapshot,
    stat,
    with_gaps,
)


def axes_of(made: Chart) -> list[Coin | None]:
    return [axis.coin for axis in made.axes]


def words_of(made: Chart) -> list[tuple[str, ...]]:
    return [line.words for line in made.lines]


BOTH, RATES = [Coin.BTC, Coin.BCH], "sat/vB (BTC), sat/B (BCH)"


def fees(btc: Sequence[float], bch: Sequence[float]) -> Series:
    return series(FEE, points(btc), points(bch), DAY)


SCALES: dict[str, tuple[Series, list[Coin | None], list[str]]] = {
    "sizes far apart have an axis each": (price_30_days(), [*BOTH], ["US dollars", "US dollars"]),
    "five times as much is alike": (fees([5.0] * 9, [1.0] * 9), [None], [RATES]),
    "more is not": (fees([5.1] * 9, [1.0] * 9), [*BOTH], ["sat/vB", "sat/B"]),
    "a spike changes nothing": (fees([3.0] * 8 + [90.0], [1.0] * 9), [None], [RATES]),
    "nothing is far from something": (fees([3.0] * 9, [0.0] * 9), [*BOTH], ["sat/vB", "sat/B"]),
    "nothing is like nothing": (fees([0.0] * 9, [0.0] * 9), [None], [RATES]),
    "changes share their zero": (SERIES["change"], [None], ["%"]),
    "one side is alone": (SERIES["one side"], [None], ["US dollars"]),
    "hash rates have one prefix": (SERIES["hash rate"], [*BOTH], ["EH/s", "EH/s"]),
}


@pytest.mark.parametrize(("of", "axes", "captions"), SCALES.values(), ids=SCALES)
def test_coins_share_an_axis_where_their_sizes_are_alike(
    of: Series, axes: list[Coin | None], captions: list[str]
) -> None:
    made = chart.lay_out(of)

    assert axes_of(made) == axes
    assert [axis.caption for axis in made.axes] == captions
    assert [line.axis for line in made.lines] == [min(index, len(axes) - 1) for index in range(len(made.lines))]


def test_an_axis_starts_at_zero_where_its_values_come_near_it() -> None:
    near = chart.lay_out(series(FEE, points([3.0, 9.0]), (), DAY))
    far = chart.lay_out(series(PRICE, points([95_000.0, 99_000.0]), (), DAY))

    assert near.axes[0].low == 0
    assert far.axes[0].low > 90_000


@pytest.mark.parametrize("value", [0.0, 3.0, -2.0], ids=["zero", "three", "minus two"])
def test_a_line_that_never_moves_has_an_axis(value: float) -> None:
    (axis,) = chart.lay_out(series(CHANGE, points([value] * 5), (), DAY)).axes

    assert axis.low <= value < axis.high


def test_indexed_lines_start_at_100() -> None:
    made = chart.lay_out(series(PRICE, points([90_000.0, 99_000.0]), points([0.0, 500.0, 450.0]), DAY), Scale.INDEXED)

    assert [line.runs[0][0][1] for line in made.lines] == [100, 0]  # a share is of the first value above zero
    assert words_of(made) == [("BTC 110", "$99,000"), ("BCH 90", "$450.00")]
    assert [axis.caption for axis in made.axes] == ["first value = 100"]
    assert [key.text for key in made.keys] == ["Bitcoin (BTC)", "Bitcoin Cash (BCH)"]


@pytest.mark.parametrize(
    "of", [SERIES["change"], series(FEE, points([0.0, 0.0]), points([1.0]), DAY)], ids=["changes", "zeros"]
)
def test_what_has_no_share_is_not_indexed(of: Series) -> None:
    with pytest.raises(PictureError, match="cannot be shown as shares"):
        chart.lay_out(of, Scale.INDEXED)


def test_the_legend_tells_whose_axis_is_where() -> None:
    keys = chart.lay_out(price_30_days()).keys

    assert [key.text for key in keys] == ["Bitcoin (BTC), left", "Bitcoin Cash (BCH), right"]


def test_an_empty_side_is_said_in_the_picture() -> None:
    made = chart.lay_out(SERIES["one side"])

    assert [(key.text, key.has_line) for key in made.keys] == [
        ("Bitcoin (BTC)", True),
        ("Bitcoin Cash (BCH): no numbers in this time", False),
    ]
    assert [line.coin for line in made.lines] == [Coin.BTC]


def test_a_series_without_a_single_point_is_refused() -> None:
    with pytest.raises(PictureError, match=r"^nothing recorded yet$"):
        chart.lay_out(series(PRICE, (), (), DAY, since=None))
    with pytest.raises(PictureError, match=r"^nothing recorded in the last 24 h$"):
        chart.lay_out(series(PRICE, points([1.0, 2.0])[:0], (Point(AT - 2 * DAY, 5.0),), DAY))


def test_nonsense_and_what_lies_before_the_span_are_left_out() -> None:
    made = chart.lay_out(series(PRICE, points([5e9, 1.0, nan, inf, 2.0]), (), 3 * HOUR))

    assert [value for run in made.lines[0].runs for _, value in run] == [1.0, 2.0]


def test_a_title_names_the_statistic_and_the_span() -> None:
    assert chart.lay_out(price_30_days()).title == "Price, 30 days"
    assert chart.lay_out(SERIES["change"]).title == "24 h change, 24 h"


FOOTERS = {
    "recorded for long": (price_30_days(), ("2026-10-24 12:00 – 2026-11-23 12:00 UTC", "Source: sample data")),
    "recorded since": (
        SERIES["one side"],
        ("2026-11-19 10:00 – 2026-11-23 12:00 UTC · recording since 2026-11-19", "Source: sample data"),
    ),
    "two sources": (
        replace(price_30_days(), sources=("CoinGecko", "Kraken")),
        ("2026-10-24 12:00 – 2026-11-23 12:00 UTC", "Sources: CoinGecko, Kraken"),
    ),
    "no source": (replace(price_30_days(), sources=()), ("2026-10-24 12:00 – 2026-11-23 12:00 UTC",)),
    "a single moment": (
        SERIES["moment"],
        ("2026-11-16 12:00 – 2026-11-23 12:00 UTC · recording since 2026-11-23", "Source: sample data"),
    ),
}


@pytest.mark.parametrize(("of", "footer"), FOOTERS.values(), ids=FOOTERS)
def test_a_footer_says_when_and_from_whom(of: Series, footer: tuple[str, ...]) -> None:
    """The span covered and the sources, and since when where less is recorded than was asked for."""
    assert chart.lay_out(of).footer == footer


def test_a_line_breaks_where_points_are_missing() -> None:
    """More than three usual distances without a point are a gap."""
    regular = points([1.0] * 20)

    assert [len(run) for run in runs(regular)] == [20]
    assert [len(run) for run in runs(regular[:10] + regular[12:])] == [18]
    assert [len(run) for run in runs(regular[:10] + regular[13:])] == [10, 7]
    assert [len(run) for run in runs(regular[:1])] == [1]
    assert [len(run) for run in runs([point for point in regular for _ in range(3)])] == [60]


def test_a_last_value_that_is_old_says_when_it_was_true() -> None:
    made = chart.lay_out(with_gaps())

    assert words_of(made) == [("BTC", "$95,194"), ("BCH", "$448.81", "Nov 22, 07:00")]


def test_labels_keep_apart_and_inside() -> None:
    assert spread((500, 200), 60, 0, 600) == (500, 200)
    assert spread((300, 290), 60, 0, 600) == (325, 265)
    assert spread((290, 300), 60, 0, 600) == (265, 325)
    assert spread((10, 5), 60, 20, 600) == (80, 20)
    assert spread((610, 640), 60, 20, 600) == (540, 600)
    assert spread((700,), 60, 20, 600) == (600,)


def luminance(colour: str) -> float:
    """Source: www.w3.org/TR/WCAG22 (relative luminance)."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [TEXT, SOFT, WARNING, *(style.colour for style in STYLES.values())])
@pytest.mark.parametrize("paper", [PAPER, PANEL])
def test_everything_written_has_contrast(colour: str, paper: str) -> None:
    """All ink reaches the contrast of 7 that WCAG asks for at its strictest level."""
    assert (luminance(colour) + 0.05) / (luminance(paper) + 0.05) >= 7


def test_the_coins_differ_by_more_than_colour() -> None:
    btc, bch = STYLES[Coin.BTC], STYLES[Coin.BCH]

    assert (btc.dash, btc.marker) != (bch.dash, bch.marker)
    assert bool(btc.dash) is not bool(bch.dash)


def test_a_card_has_a_title_a_time_and_a_row_for_each_statistic() -> None:
    made = card.lay_out(FIVE, AT)

    assert (made.title, made.time) == ("Bitcoin vs Bitcoin Cash", "2026-11-23 12:00 UTC")
    assert [row.title for row in made.rows] == ["Price", "Next-block fee", "Hash rate", "Mempool", "Block height"]
    assert [row.ratio for row in made.rows] == ["BTC 192×", "BTC 3.2×", "BTC 182×", "", ""]


def test_no_number_is_without_its_source_and_age() -> None:
    cells = [cell for row in card.lay_out(FIVE, AT).rows for cell in row.cells]

    assert [(cell.text, cell.note) for cell in cells[:4]] == [
        ("$98,123", "sample data, 30 s ago"),
        ("$512.34", "sample data, 30 s ago"),
        ("3.2 sat/vB", "sample data, 12 s ago"),
        ("1 sat/B", "sample data, 40 s ago"),
    ]
    assert all(cell.is_missing or cell.note.endswith(" ago") for cell in cells)
    assert all(cell.note.endswith(cell.age) for cell in cells)


def test_a_missing_number_is_a_dash_and_its_reason() -> None:
    (row,) = card.lay_out([snapshot(HEIGHT, Missing("offline"), quote(1))], AT).rows

    assert row.cells[0] == card.Cell("–", "offline", "", is_missing=True, is_doubtful=False)


def test_a_last_known_number_is_marked() -> None:
    old = quote(3.0, 600, "Blockchair", Quality.LAST_KNOWN)
    (row,) = card.lay_out([snapshot(HASHRATE, old, quote(1))], AT).rows

    assert row.cells[0].note == "⚠ last known, Blockchair, 10 min ago"
    assert [cell.is_doubtful for cell in row.cells] == [True, False]


@pytest.mark.parametrize("count", [0, 7])
def test_a_card_holds_one_to_six_statistics(count: int) -> None:
    with pytest.raises(PictureError, match=f"1 to 6 statistics, not {count}"):
        card.lay_out([FIVE[0]] * count, AT)


def test_times_of_another_zone_are_told_in_utc() -> None:
    from_elsewhere = AT.astimezone(tz=None)

    assert card.lay_out(FIVE, from_elsewhere).time == "2026-11-23 12:00 UTC"
    assert (
        chart.lay_out(replace(SERIES["moment"], at=from_elsewhere))
        .footer[0]
        .endswith("12:00 UTC · recording since 2026-11-23")
    )


def test_a_stretch_of_time_is_drawn_from_the_first_number_on() -> None:
    """Where recording began after the span did, no empty paper stands for the time before."""
    made = chart.lay_out(SERIES["one side"])

    assert made.start == made.lines[0].runs[0][0][0]
    assert made.end == AT.timestamp()
    assert chart.lay_out(price_30_days()).start == (AT - timedelta(days=30)).timestamp()


def test_bytes_are_told_in_each_chain_s_own() -> None:
    made = chart.lay_out(series(stat("Mempool size", Unit.BYTES), points([4e6, 5e6]), points([1e6, 2e6]), DAY))

    assert made.axes[0].caption == "vMB (BTC), MB (BCH)"
    assert words_of(made) == [("BTC", "5 vMB"), ("BCH", "2 MB")]
