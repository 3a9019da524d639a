"""Draws a `Chart`; loaded by the worker alone."""

from collections.abc import Sequence

from bot.reply.picture.canvas import Box, Hand, Place, Sheet
from bot.reply.picture.chart import Chart
from bot.reply.picture.ink import GRID, MARGIN, PANEL, SOFT, STYLES
from bot.reply.picture.lines import Line, Run, spread
from bot.reply.picture.values import Axis

WIDTH, HEIGHT = 1200, 750
TITLE_Y, KEYS_Y, CAPTIONS_Y = 690, 640, 588
TOP, BOTTOM = 568, 142
TIMES_Y, FOOTER_Y, FOOTER_LINE = 128, 62, 34
TITLE = Hand(42, is_bold=True)
KEY, CAPTION, TICK, END, FOOTER = 27, 24, 25, 27, 24
STROKE = 5.0
GAP = 14  # between an axis and its labels
END_LINE = 32  # from one line of an end label to the next
END_ROOM = 26  # between the end of a line and its label
SAMPLE = 64  # length of a line in the legend


def draw(chart: Chart) -> Sheet:
    """Return the picture of a chart, 1200 by 750 pixels."""
    sheet = Sheet(WIDTH, HEIGHT)
    sheet.squeeze(sheet.write((MARGIN, TITLE_Y), chart.title, TITLE), WIDTH - 2 * MARGIN)
    _write_keys(sheet, chart)
    write_footer(sheet, chart.footer)
    box = write_axes(sheet, chart.axes)
    draw_grid(sheet, box, chart.axes[0])
    inner = _write_ends(sheet, chart, box)
    _write_times(sheet, chart, inner)
    for line in chart.lines:
        _draw_line(sheet, chart, line, inner)
    return sheet


def _write_keys(sheet: Sheet, chart: Chart) -> None:
    x = float(MARGIN)
    for key in chart.keys:
        style = STYLES[key.coin]
        if key.has_line:
            y = KEYS_Y + KEY * 0.36
            sheet.stroke([(x, y), (x + SAMPLE, y)], style.colour, STROKE, dash=style.dash)
            x += SAMPLE + GAP
        text = sheet.write((x, KEYS_Y), key.text, Hand(KEY, style.colour if key.has_line else SOFT))
        x += sheet.width(text) + MARGIN


def write_footer(sheet: Sheet, lines: Sequence[str]) -> None:
    """Write lines at the bottom."""
    for row, words in enumerate(lines):
        text = sheet.write((MARGIN, FOOTER_Y - row * FOOTER_LINE), words, Hand(FOOTER, SOFT))
        sheet.squeeze(text, WIDTH - 2 * MARGIN, FOOTER * 0.8)


def write_axes(sheet: Sheet, axes: Sequence[Axis]) -> Box:
    """Write the labels and captions of all axes and return the box that is left for the lines."""
    left = MARGIN + _write_ticks(sheet, axes[0], MARGIN, "left") + GAP
    right = float(WIDTH - MARGIN)
    if len(axes) > 1:
        right -= _write_ticks(sheet, axes[1], right, "right") + GAP
    return Box(left, BOTTOM, right, TOP)


def _write_ticks(sheet: Sheet, axis: Axis, margin: float, across: str) -> float:
    """Write an axis's caption against the margin and its labels against the box; return how wide the labels are."""
    colour = STYLES[axis.coin].colour if axis.coin else SOFT
    sheet.write((margin, CAPTIONS_Y), axis.caption, Hand(CAPTION, colour, across=across))
    hand = Hand(TICK, colour, across="right" if across == "left" else "left", up="center_baseline")
    box = Box(0, BOTTOM, 0, TOP)
    texts = [sheet.write((margin, height_of(tick.at, axis, box)), tick.text, hand) for tick in axis.ticks]
    widest = max(sheet.width(text) for text in texts)
    for text in texts:
        text.set_x(margin + (widest if across == "left" else -widest))
    return widest


def draw_grid(sheet: Sheet, box: Box, axis: Axis) -> None:
    """Fill the box and draw a line across it at each tick."""
    sheet.fill(box, PANEL)
    for tick in axis.ticks:
        y = height_of(tick.at, axis, box)
        sheet.stroke([(box.left, y), (box.right, y)], GRID, 1.5)


def _write_ends(sheet: Sheet, chart: Chart, box: Box) -> Box:
    """Write the words at the ends of the lines; return the part of the box that the lines keep."""
    heights = [height_of(line.runs[-1][-1][1], chart.axes[line.axis], box) for line in chart.lines]
    rows = max(len(line.words) for line in chart.lines)
    room = rows * END_LINE
    ends = spread(heights, room + GAP, box.bottom + room / 2, box.top - room / 2)
    texts = [
        sheet.write(
            (0, y + ((len(line.words) - 1) / 2 - row) * END_LINE),
            words,
            Hand((END, END, FOOTER)[row], STYLES[line.coin].colour, is_bold=row == 0, up="center_baseline"),
        )
        for line, y in zip(chart.lines, ends, strict=True)
        for row, words in enumerate(line.words)
    ]
    widest = max(sheet.width(text) for text in texts)
    inner = Box(box.left, box.bottom, box.right - widest - END_ROOM - GAP, box.top)
    for text in texts:
        text.set_x(inner.right + END_ROOM)
    return inner


def _write_times(sheet: Sheet, chart: Chart, box: Box) -> None:
    for tick in chart.times:
        x = _across(tick.at, chart, box)
        sheet.stroke([(x, box.bottom), (x, box.top)], GRID, 1.5)
        sheet.write((x, TIMES_Y), tick.text, Hand(TICK, SOFT, across="center", up="top"))


def _draw_line(sheet: Sheet, chart: Chart, line: Line, box: Box) -> None:
    style = STYLES[line.coin]
    for run in line.runs:
        places = _placed(run, chart, chart.axes[line.axis], box)
        if len(places) == 1:
            sheet.dot(places[0], style.colour, 2 * STROKE, style.marker)
        sheet.stroke(places, style.colour, STROKE, dash=style.dash).set_zorder(3)
    sheet.dot(places[-1], style.colour, style.size, style.marker)


def _placed(run: Run, chart: Chart, axis: Axis, box: Box) -> list[Place]:
    return [(_across(at, chart, box), height_of(value, axis, box)) for at, value in run]


def _across(at: float, chart: Chart, box: Box) -> float:
    return box.left + (at - chart.start) / (chart.end - chart.start) * (box.right - box.left)


def height_of(value: float, axis: Axis, box: Box) -> float:
    """Return how high a value of an axis lies, in pixels."""
    return box.bottom + (value - axis.low) / (axis.high - axis.low) * (box.top - box.bottom)
