"""Colours, sizes and places that both pictures share; sizes are pixels, places are pixels from the bottom left.

The background is dark and opaque: both coins' colours reach a contrast of 7 or more on it, which orange never does on
white, and it reads alike in light and dark clients. Shape tells the coins apart as well as colour does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model.quote import Coin
from bot.model.record import Kind

PAPER = "#10161F"
PANEL = "#18212D"
GRID = "#2C394A"
TEXT = "#F2F5F9"
SOFT = "#AEBACA"
WARNING = "#FFD166"
MARGIN = 44


@dataclass(frozen=True, slots=True)
class Style:
    """How a coin is drawn: `dash` counts line widths of ink and of paper in turns, empty for an unbroken line.

    `marker` is the shape at the end of the line and `size` its width; one lies inside the other where both lines end.
    """

    name: str
    colour: str
    dash: tuple[float, ...]
    marker: str
    size: float


STYLES: Mapping[Coin, Style] = {
    Coin.BTC: Style("Bitcoin", "#FF9F2E", (), "o", 19),
    Coin.BCH: Style("Bitcoin Cash", "#3FDDB8", (2.4, 1.1), "s", 14),
}

KINDS: Mapping[Kind, str] = {
    Kind.ANSWERED: "#3FDDB8",
    Kind.ASKED_BACK: WARNING,
    Kind.REFUSED: "#FF9F2E",
    Kind.SILENT: "#7286A0",
}
"""Colours of what became of questions."""
