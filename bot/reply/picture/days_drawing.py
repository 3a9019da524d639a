"""Draws `Days`; loaded by the worker alone."""

from bot.model.record import Kind
from bot.reply.picture.canvas import Box, Hand, Sheet
from bot.reply.picture.chart_drawing import (
    HEIGHT,
    KEY,
    KEYS_Y,
    TICK,
    TIMES_Y,
    TITLE,
    TITLE_Y,
    WIDTH,
    draw_grid,
    height_of,
    write_axes,
    write_footer,
)
from bot.reply.picture.days import Days
from bot.reply.picture.ink import KINDS, MARGIN, SOFT

SAMPLE = 24  # side of a square in the legend
GAP = 12
FILLED = 0.8  # of a day's width


def draw(days: Days) -> Sheet:
    """Return the picture of the days, 1200 by 750 pixels."""
    sheet = Sheet(WIDTH, HEIGHT)
    sheet.write((MARGIN, TITLE_Y), days.title, TITLE)
    _write_keys(sheet, days)
    write_footer(sheet, days.footer)
    box = write_axes(sheet, (days.axis,))
    draw_grid(sheet, box, days.axis)
    _write_times(sheet, days, box)
    for number, counts in enumerate(days.columns):
        _draw_column(sheet, days, box, (number, counts))
    return sheet


def _write_keys(sheet: Sheet, days: Days) -> None:
    x = float(MARGIN)
    for kind, words in zip(Kind, days.keys, strict=True):
        sheet.fill(Box(x, KEYS_Y - 1, x + SAMPLE, KEYS_Y - 1 + SAMPLE), KINDS[kind], rounding=4)
        text = sheet.write((x + SAMPLE + GAP, KEYS_Y), words, Hand(KEY, KINDS[kind]))
        x += SAMPLE + GAP + sheet.width(text) + MARGIN


def _write_times(sheet: Sheet, days: Days, box: Box) -> None:
    wide = (box.right - box.left) / (days.end - days.start)
    for tick in days.times:
        x = box.left + (tick.at - days.start) * wide
        if tick.at < days.end:  # the last one begins a day that is not shown
            sheet.write((x, TIMES_Y), tick.text, Hand(TICK, SOFT, up="top"))


def _draw_column(sheet: Sheet, days: Days, box: Box, column: tuple[int, tuple[int, ...]]) -> None:
    number, counts = column
    wide = (box.right - box.left) / len(days.columns)
    left = box.left + (number + (1 - FILLED) / 2) * wide
    below = 0
    for kind, count in zip(Kind, counts, strict=True):
        if count:
            low, high = height_of(below, days.axis, box), height_of(below + count, days.axis, box)
            sheet.fill(Box(left, low, left + wide * FILLED, high), KINDS[kind])
        below += count
