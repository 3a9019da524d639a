"""What is really drawn: sizes, colours, words inside the picture and clear of each other."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image, ImageChops, ImageStat

from bot.gallery import ON_CARD
from bot.model.quote import Coin, Snapshot, Stat, Unit
from bot.model.series import Point, Series
from bot.reply.picture import card, card_drawing, chart, chart_drawing
from bot.reply.picture.canvas import Sheet
from bot.reply.picture.chart import Scale
from bot.reply.picture.ink import PAPER, STYLES
from tests.reply.pictures import (
    AT,
    CARD,
    DOCS,
    FIVE,
    HASHRATE,
    LONG,
    PRICE,
    SERIES,
    price_30_days,
    quote,
    snapshot,
    stat,
)
from tests.reply.pictures import main as redraw

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CARDS = {
    "five": FIVE,
    "six": (*FIVE, LONG),
    "one": FIVE[:1],
    "two": FIVE[3:],
    "long": (LONG,) * 6,
    "long alone": (LONG,),
    "dates": (snapshot(stat("Next halving", Unit.EPOCH_SECONDS), quote(1.84e9), quote(1.83e9, 9e7)),) * 4,
}


def texts(sheet: Sheet) -> Iterator[tuple[Text, Bbox]]:
    for text in sheet.figure.texts:
        if text.get_text():
            yield text, text.get_window_extent()


def assert_clear(sheet: Sheet) -> None:
    """Every word lies inside the picture, and none lies upon another."""
    paper = sheet.figure.bbox
    placed = list(texts(sheet))
    for text, box in placed:
        assert box.x0 >= 0, text
        assert box.x1 <= paper.width, text
        assert box.y0 >= 0, text
        assert box.y1 <= paper.height, text
    for (one, here), (other, there) in combinations(placed, 2):
        assert not here.padded(-1.5).overlaps(there.padded(-1.5)), (one, other)


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def count_of(colour: str, png: bytes) -> int:
    wanted = tuple(int(colour[index : index + 2], 16) for index in (1, 3, 5))
    counts = opened(png).getcolors(maxcolors=1_000_000) or []
    return sum(count for count, found in counts if found == wanted)


@pytest.mark.parametrize(
    ("of", "scale"),
    [
        pytest.param(of, scale, id=f"{name}, {scale}")
        for name, of in SERIES.items()
        for scale in Scale
        if (of.stat.unit, scale) != (Unit.PERCENT, Scale.INDEXED)
    ],
)
def test_words_of_a_chart_are_clear(of: Series, scale: Scale) -> None:
    assert_clear(chart_drawing.draw(chart.lay_out(of, scale)))


@pytest.mark.parametrize("snapshots", CARDS.values(), ids=CARDS)
def test_words_of_a_card_are_clear(snapshots: tuple[Snapshot, ...]) -> None:
    """The longest numbers, titles, sources and reasons shrink until they fit, and keep their ages."""
    made = card.lay_out(snapshots, AT)

    sheet = card_drawing.draw(made)

    assert_clear(sheet)
    written = [text.get_text() for text, _ in texts(sheet)]
    for cell in (cell for row in made.rows for cell in row.cells):
        assert cell.text in written
        assert any(words.endswith(cell.age) for words in written)


def test_dollars_are_dollars_and_no_formula() -> None:
    sheet = chart_drawing.draw(chart.lay_out(replace(price_30_days(), sources=("$source$",))))

    assert not any(text.get_parse_math() for text, _ in texts(sheet))


def test_long_words_of_a_chart_are_clear() -> None:
    of = replace(
        price_30_days(),
        stat=stat("The cost of a typical payment, told at uncommon length for a picture", Unit.USD),
        sources=("a source with a long name.example.org",) * 7,
    )

    assert_clear(chart_drawing.draw(chart.lay_out(of)))


@pytest.mark.parametrize("of", SERIES.values(), ids=SERIES)
def test_a_chart_is_a_small_opaque_png_with_both_lines(of: Series) -> None:
    png = chart_drawing.draw(chart.lay_out(of)).png()

    picture = opened(png)
    assert png.startswith(SIGNATURE)
    assert (picture.size, picture.mode) == ((1200, 750), "RGB")
    assert picture.getpixel((0, 0)) == tuple(int(PAPER[index : index + 2], 16) for index in (1, 3, 5))
    assert picture.info.keys() <= {"dpi"}  # no word of when or by what it was made
    assert len(png) < 300_000
    for coin, points in of.sides.items():
        assert (count_of(STYLES[coin].colour, png) > 100) is bool(points)


def test_a_card_is_a_small_opaque_png() -> None:
    png = card_drawing.draw(card.lay_out(CARDS["six"], AT)).png()

    picture = opened(png)
    assert png.startswith(SIGNATURE)
    assert (picture.size, picture.mode) == ((1200, 675), "RGB")
    assert len(png) < 300_000
    assert all(count_of(style.colour, png) > 1_000 for style in STYLES.values())


def test_a_gap_is_paper_and_not_a_line() -> None:
    """Each run is a line of its own, and each line ends where its run does."""
    sheet = chart_drawing.draw(chart.lay_out(SERIES["gaps"]))

    lines = [artist for artist in sheet.figure.artists if isinstance(artist, Line2D) and len(artist.get_path()) > 2]
    lengths = {
        coin: [len(line.get_path()) for line in lines if line.get_color() == STYLES[coin].colour] for coin in Coin
    }
    assert lengths == {Coin.BTC: [500, 140], Coin.BCH: [300, 260]}


def test_equal_series_are_equal_bytes() -> None:
    first, second = (chart_drawing.draw(chart.lay_out(price_30_days())).png() for _ in range(2))

    assert first == second


def history(shared: Path, coin: Coin, column: str) -> tuple[Point, ...]:
    path = shared / "history" / f"coinmetrics_{coin}_2019-08-01_2020-07-27.csv"
    with path.open(encoding="utf-8") as file:
        rows = [(row["time"], row[column]) for row in csv.DictReader(file)]
    return tuple(Point(datetime.fromisoformat(day).replace(tzinfo=UTC), float(value)) for day, value in rows if value)


@pytest.mark.parametrize(
    ("column", "of", "factor"),
    [("PriceUSD", PRICE, 1), ("HashRate", HASHRATE, 1e12), ("TxCnt", stat("Transactions", Unit.TRANSACTIONS), 1)],
)
@pytest.mark.parametrize("days", [7, 45, 361])
def test_a_real_year_is_drawn(shared: Path, *, column: str, of: Stat, factor: float, days: int) -> None:
    """Real numbers of 2019 and 2020, with a crash and two halvings in them."""
    sides = {
        coin: tuple(Point(point.at, point.value * factor) for point in history(shared, coin, column)) for coin in Coin
    }
    at = sides[Coin.BTC][-1].at
    made = Series(of, sides, ("Coin Metrics",), at - timedelta(days=900), at, timedelta(days=days))

    sheet = chart_drawing.draw(chart.lay_out(made))

    assert_clear(sheet)
    assert all(count_of(style.colour, sheet.png()) > 100 for style in STYLES.values())


def test_the_card_in_the_documentation_is_the_bots() -> None:
    """Its rows are those of `/card`."""
    assert [one.stat.key for one in CARD] == list(ON_CARD)


def test_the_pictures_in_the_documentation_are_up_to_date(tmp_path: Path) -> None:
    """They are what would be drawn now; letters may lie a little otherwise with another matplotlib."""
    redraw(tmp_path)

    for drawn in sorted(tmp_path.iterdir()):
        shown = opened((DOCS / drawn.name).read_bytes())
        apart = ImageStat.Stat(ImageChops.difference(shown, opened(drawn.read_bytes()))).mean
        assert max(apart) < 1, drawn.name  # of 255; a word that has changed makes more


@pytest.mark.parametrize(("name", "height"), [("chart.png", 750), ("card.png", 675)])
def test_the_pictures_in_the_documentation_are_light(name: str, height: int) -> None:
    png = (DOCS / name).read_bytes()

    assert opened(png).size == (1200, height)
    assert len(png) < 120_000
