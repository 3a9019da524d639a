"""Draws a `Card`; loaded by the worker alone."""

from bot.model.quote import Coin
from bot.reply.picture.canvas import Box, Hand, Sheet
from bot.reply.picture.card import Card, Cell, Row
from bot.reply.picture.ink import MARGIN, PANEL, SOFT, STYLES, WARNING

WIDTH, HEIGHT = 1200, 675
TITLE_Y, HEADS_Y = 606, 540
TOP, BOTTOM = 520, 28
TITLE, TIME, HEAD, NAME, SMALL = 44, 22, 28, 29, 19
LARGE, LARGEST = 40, 46  # numbers on a full card, and on one with few rows
SHORTEST = 15  # smaller notes are cut instead
COLUMNS = {Coin.BTC: 440, Coin.BCH: 816}
PAD = 22
GUTTER = 10
TALLEST = 118  # a row on a card with few


def draw(card: Card) -> Sheet:
    """Return the picture of a card, 1200 by 675 pixels."""
    sheet = Sheet(WIDTH, HEIGHT)
    sheet.write((MARGIN, TITLE_Y), card.title, Hand(TITLE, is_bold=True))
    sheet.write((WIDTH - MARGIN, TITLE_Y), card.time, Hand(TIME, SOFT, across="right"))
    for coin, x in COLUMNS.items():
        _write_head(sheet, coin, x)
    height = (TOP - BOTTOM) / len(card.rows)
    for index, row in enumerate(card.rows):
        top = TOP - index * height
        _draw_row(sheet, row, Box(MARGIN, top - height + GUTTER, WIDTH - MARGIN, top))
    return sheet


def _write_head(sheet: Sheet, coin: Coin, x: float) -> None:
    style = STYLES[coin]
    sheet.dot((x + 9, HEADS_Y + HEAD * 0.36), style.colour, 20, style.marker)
    sheet.write((x + 30, HEADS_Y), style.name, Hand(HEAD, style.colour, is_bold=True))


def _draw_row(sheet: Sheet, row: Row, box: Box) -> None:
    sheet.fill(box, PANEL, rounding=14)
    middle = (box.bottom + box.top) / 2
    wide = COLUMNS[Coin.BTC] - box.left - 2 * PAD
    lift = 15 if row.ratio else 0
    name = Hand(NAME, is_bold=False, up="center_baseline")
    sheet.squeeze(sheet.write((box.left + PAD, middle + lift), row.title, name), wide)
    if row.ratio:
        ratio = Hand(SMALL, SOFT, up="center_baseline")
        sheet.squeeze(sheet.write((box.left + PAD, middle - 21), row.ratio, ratio), wide)
    for (coin, x), cell in zip(COLUMNS.items(), row.cells, strict=True):
        _write_cell(sheet, cell, coin, (x, middle))


def _write_cell(sheet: Sheet, cell: Cell, coin: Coin, place: tuple[float, float]) -> None:
    x, middle = place
    wide = COLUMNS[Coin.BCH] - COLUMNS[Coin.BTC] - PAD
    colour = SOFT if cell.is_missing else STYLES[coin].colour
    text = sheet.write((x, middle + 13), cell.text, Hand(LARGE, colour, is_bold=True, up="center_baseline"))
    sheet.squeeze(text, wide)
    note = sheet.write(
        (x, middle - 24), cell.note, Hand(SMALL, WARNING if cell.is_doubtful else SOFT, up="center_baseline")
    )
    sheet.squeeze(note, wide, SHORTEST)
