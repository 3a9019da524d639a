"""A sheet of paper that matplotlib draws on, addressed in pixels from the bottom left; loaded by the worker alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform
from PIL import Image

from bot.reply.picture.ink import PAPER, TEXT

DPI = 72  # a typographic point is a pixel then
FONT = "DejaVu Sans"  # comes with matplotlib, so pictures are the same everywhere
CUT = "…"
SHRINK = 0.96  # at a time, so that words stay as large as they can
Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Hand:
    """How words are written: size in pixels, colour, weight, and which point of them lies at their place."""

    size: float
    colour: str = TEXT
    is_bold: bool = False
    across: str = "left"
    up: str = "baseline"


class Sheet:
    """One picture in the making."""

    def __init__(self, width: int, height: int) -> None:
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
        self._canvas = FigureCanvasAgg(self.figure)

    def write(self, place: Place, words: str, hand: Hand) -> Text:
        """Write words, taken as they are, and return them."""
        return self.figure.text(
            *place,
            words,
            transform=IdentityTransform(),
            fontfamily=FONT,
            fontsize=hand.size,
            color=hand.colour,
            fontweight="bold" if hand.is_bold else "normal",
            horizontalalignment=hand.across,
            verticalalignment=hand.up,
            parse_math=False,
        )

    def width(self, text: Text) -> float:
        """Return how wide written words are, in pixels."""
        return float(text.get_window_extent(self._canvas.get_renderer()).width)

    def squeeze(self, text: Text, width: float, least: float = 1.0, *, kept: str = "") -> None:
        """Make words smaller until they fit a width; below the `least` size cut them, but for the end that is kept."""
        while self.width(text) > width and float(text.get_fontsize()) > least:
            text.set_fontsize(max(float(text.get_fontsize()) * SHRINK, least))
        words = text.get_text().removesuffix(kept)
        while self.width(text) > width and words:
            words = words[:-1].rstrip()
            text.set_text(f"{words}{CUT}{kept}")

    def stroke(self, places: Sequence[Place], colour: str, width: float, *, dash: Sequence[float] = ()) -> Line2D:
        """Draw a line through places; `dash` counts line widths of ink and of paper in turns."""
        xs, ys = [x for x, _ in places], [y for _, y in places]
        line = Line2D(
            xs,
            ys,
            transform=IdentityTransform(),
            color=colour,
            linewidth=width,
            linestyle=(0, tuple(dash)) if dash else "-",
            solid_capstyle="round",
            solid_joinstyle="round",
            dash_capstyle="butt",
            dash_joinstyle="round",
        )
        self.figure.add_artist(line)
        return line

    def dot(self, place: Place, colour: str, size: float, marker: str) -> None:
        """Draw a marker, ringed so that it stands off from what it lies on."""
        line = self.stroke([place], colour, 0)
        line.set_marker(marker)
        line.set_markersize(size)
        line.set_markeredgecolor(PAPER)
        line.set_markeredgewidth(size / 8)
        line.set_zorder(4)

    def fill(self, box: Box, colour: str, *, rounding: float = 0.0) -> None:
        """Fill a rectangle."""
        style = f"round,pad=0,rounding_size={rounding}" if rounding else "square,pad=0"
        size = (box.right - box.left, box.top - box.bottom)
        patch = FancyBboxPatch(
            (box.left, box.bottom), *size, boxstyle=style, linewidth=0, facecolor=colour, transform=IdentityTransform()
        )
        self.figure.add_artist(patch)

    def png(self) -> bytes:
        """Return the picture, opaque and without any words about its making, so that equal pictures are equal bytes."""
        self._canvas.draw()
        size = self._canvas.get_width_height()
        image = Image.frombuffer("RGBA", size, self._canvas.buffer_rgba(), "raw", "RGBA", 0, 1).convert("RGB")
        out = BytesIO()
        image.save(out, "PNG", compress_level=9)
        return out.getvalue()
