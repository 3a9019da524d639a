"""What a chart of questions a day shows: a column for each day, in layers by what became of them; no pixel here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import PictureError
from bot.model.quote import Unit
from bot.model.record import Day, Kind
from bot.reply.picture.times import ticks
from bot.reply.picture.values import Axis, Extent, Tick, aligned

LEAST = 4.0  # an axis of fewer questions has no room for its labels
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Everything the chart shows; `columns` are counts in the order of `keys`, each as wide as a day.

    `start` and `end` are seconds since 1970.
    """

    title: str
    keys: tuple[str, ...]
    axis: Axis
    columns: tuple[tuple[int, ...], ...]
    start: float
    end: float
    times: tuple[Tick, ...]
    footer: tuple[str, ...]


def lay_out(days: Sequence[Day]) -> Days:
    """Return what a chart of successive days shows.

    Raises:
        PictureError: nobody asked anything.
    """
    highest = max((sum(day.counts) for day in days), default=0)
    if not highest:
        raise PictureError("no questions in this time")
    high = max(float(highest), LEAST)
    (axis,) = aligned([Extent(0.0, high, "{:,.0f}".format, Unit.HEIGHT, "questions")])
    start, end = days[0].start, days[-1].start + A_DAY
    total = [sum(day.counts[number] for day in days) for number in range(len(Kind))]
    return Days(
        title=f"Questions a day, {len(days)} days",
        keys=tuple(f"{kind}: {count:,}" for kind, count in zip(Kind, total, strict=True)),
        axis=axis,
        columns=tuple(day.counts for day in days),
        start=start.timestamp(),
        end=end.timestamp(),
        times=ticks(start, end),
        footer=(f"{start:%Y-%m-%d} – {days[-1].start:%Y-%m-%d}, days in UTC",),
    )
