"""The chart of questions a day."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.errors import PictureError
from bot.model.record import Day, Kind
from bot.reply.picture import days_drawing
from bot.reply.picture.days import lay_out
from bot.reply.picture.ink import KINDS
from bot.reply.picture.painter import Painter
from tests.patiently import LONG

START = datetime(2026, 11, 1, tzinfo=UTC)


def days(*counts: tuple[int, ...]) -> list[Day]:
    return [Day(START + timedelta(days=number), one) for number, one in enumerate(counts)]


def test_each_day_is_a_column_and_each_kind_a_layer() -> None:
    """Keys name every kind with its sum, the axis holds the busiest day, the footer says which days."""
    found = lay_out(days((3, 1, 0, 0), (0, 0, 0, 0), (10, 2, 3, 1)))

    assert found.keys == ("answered: 13", "asked back: 3", "refused: 3", "silent: 1")
    assert found.columns == ((3, 1, 0, 0), (0, 0, 0, 0), (10, 2, 3, 1))
    assert found.axis.low == 0
    assert found.axis.high >= 16
    assert (found.end - found.start) == 3 * 86_400
    assert found.footer == ("2026-11-01 – 2026-11-03, days in UTC",)


@pytest.mark.parametrize("most", [1, 3, 7, 99, 1_234, 50_000])
def test_the_axis_counts_whole_questions(most: int) -> None:
    """There is no half of a question, and every label differs."""
    labels = [tick.text for tick in lay_out(days((most, 0, 0, 0))).axis.ticks]

    assert len(set(labels)) == len(labels)
    assert all(label.replace(",", "").isdecimal() for label in labels)


@pytest.mark.parametrize("counted", [[], days((0, 0, 0, 0))], ids=["no days", "no questions"])
def test_without_questions_there_is_no_chart(counted: list[Day]) -> None:
    with pytest.raises(PictureError, match="no questions in this time"):
        lay_out(counted)


def test_every_kind_is_seen_in_its_colour() -> None:
    """The layers have the colours of the keys, and no part of the picture lies outside of it."""
    png = days_drawing.draw(lay_out(days((9, 9, 9, 9), *[(1, 2, 3, 4)] * 29))).png()
    image = Image.open(BytesIO(png))
    colours = image.getcolors(1 << 24)

    assert image.size == (1200, 750)
    assert colours
    seen = {colour: count for count, colour in colours}
    for kind in Kind:
        red, green, blue = bytes.fromhex(KINDS[kind].removeprefix("#"))
        assert seen.get((red, green, blue), 0) > 1_000


async def test_the_painter_draws_it_in_its_process() -> None:
    """The same days are the same bytes."""
    counted = days((3, 1, 0, 0), (2, 0, 1, 0))
    async with Painter(deadline=LONG) as painter:
        first, again = await painter.days(counted), await painter.days(counted)

    assert first == again == days_drawing.draw(lay_out(counted)).png()
