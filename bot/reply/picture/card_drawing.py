"""Draws a `Card`; loaded by the worker alone."""

from dataclasses import dataclass

from bot.model.quote import Coin
from bot.reply.picture.canvas import Box, Hand, Place, Sheet
from bot.reply.picture.card import Card, Cell, Row
from bot.reply.picture.ink import MARGIN, PANEL, SOFT, STYLES, WARNING

WIDTH, HEIGHT = 1200, 675
TITLE_Y, HEADS_Y = 604, 538
TOP, BOTTOM = 516, MARGIN
TITLE, TIME, HEAD = 44, 22, 28
COLUMNS = {Coin.BTC: 352, Coin.BCH: 754}
NAME_WIDTH, CELL_WIDTH = 272, 384
PAD, GUTTER = 22, 10  # within and between rows
SHORTEST = 15  # smaller notes are cut instead
CAPITAL = 0.73  # height of a capital letter, as a part of its size
DOT = 20
SCALING = (
    (0.5, 36, 64),
    (0.34, 27, 36),
    (0.26, 18, 26),
    (0.19, 15, 30),
)  # part of the height, least and most of each size


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of letters in a row, which grow with its height."""

    number: float
    name: float
    note: float
    gap: float


def draw(card: Card) -> Sheet:
    """Return the picture of a card, 1200 by 675 pixels."""
    sheet = Sheet(WIDTH, HEIGHT)
    sheet.write((MARGIN, TITLE_Y), card.title, Hand(TITLE, is_bold=True))
    sheet.write((WIDTH - MARGIN, TITLE_Y), card.time, Hand(TIME, SOFT, across="right"))
    for coin, x in COLUMNS.items():
        _write_head(sheet, coin, x)
    height = (TOP - BOTTOM + GUTTER) / len(card.rows)
    for index, row in enumerate(card.rows):
        top = TOP - index * height
        _draw_row(sheet, row, Box(MARGIN, top - height + GUTTER, WIDTH - MARGIN, top))
    return sheet


def _write_head(sheet: Sheet, coin: Coin, x: float) -> None:
    style = STYLES[coin]
    sheet.dot((x + DOT / 2, HEADS_Y + HEAD * CAPITAL / 2), style.colour, DOT, style.marker)
    sheet.write((x + 1.5 * DOT, HEADS_Y), style.name, Hand(HEAD, style.colour, is_bold=True))


def _draw_row(sheet: Sheet, row: Row, box: Box) -> None:
    sheet.fill(box, PANEL, rounding=14)
    tall = box.top - box.bottom
    sizes = Sizes(*(min(max(tall * part, low), high) for part, low, high in SCALING))
    middle = (box.bottom + box.top) / 2
    top, bottom = _lines(middle, sizes)
    name_y = top + (sizes.number - sizes.name) * CAPITAL / 2 if row.ratio else middle - sizes.name * CAPITAL / 2
    x = box.left + PAD
    sheet.squeeze(sheet.write((x, name_y), row.title, Hand(sizes.name)), NAME_WIDTH)
    sheet.squeeze(sheet.write((x, bottom), row.ratio, Hand(sizes.note, SOFT)), NAME_WIDTH)
    for (coin, x), cell in zip(COLUMNS.items(), row.cells, strict=True):
        colour = SOFT if cell.is_missing else STYLES[coin].colour
        sheet.squeeze(sheet.write((x, top), cell.text, Hand(sizes.number, colour, is_bold=True)), CELL_WIDTH)
        _write_note(sheet, cell, (x, bottom), sizes)


def _lines(middle: float, sizes: Sizes) -> Place:
    """Return the baselines of a number and the note below it, which lie around the middle of a row together."""
    half = ((sizes.number + sizes.note) * CAPITAL + sizes.gap) / 2
    return middle + half - sizes.number * CAPITAL, middle - half


def _write_note(sheet: Sheet, cell: Cell, place: Place, sizes: Sizes) -> None:
    text = sheet.write(place, cell.note, Hand(sizes.note, WARNING if cell.is_doubtful else SOFT))
    sheet.squeeze(text, CELL_WIDTH, SHORTEST, kept=cell.age)
