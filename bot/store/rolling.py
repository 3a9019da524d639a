"""How the history is kept small: values become means over hours, those become means over days."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, func, literal, select

from bot.store.tables import POINTS

RAW, HOUR, DAY = 0, 3_600, 86_400  # widths, in seconds
MICROSECONDS = 1_000_000
LONGEST = timedelta(days=3_653)  # days are kept for ten years


@dataclass(frozen=True, slots=True)
class Step:
    """Points of width `of` that are older than `after` are joined `into` wider ones, and kept for `kept` themselves."""

    of: int
    into: int
    after: timedelta
    kept: timedelta


# Hours are joined once they are over, and single values stay for a while, so that short charts are fine.
STEPS = (
    Step(RAW, HOUR, after=timedelta(), kept=timedelta(days=3)),
    Step(HOUR, DAY, after=timedelta(), kept=timedelta(days=90)),
)


def start_of(moment: datetime, width: int) -> datetime:
    """Return when the hour or day of a moment began."""
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(seconds - seconds % width, UTC)


def joined(step: Step, end: int) -> Select[tuple[object, ...]]:
    """Return the means, by count, of a step's points before `end`, with the lowest and highest value and a source."""
    table = POINTS.c
    width = step.into * MICROSECONDS
    starts = (table.at - table.at % width).label("at")
    count = func.sum(table.count)
    return (
        select(
            table.stat,
            table.coin,
            literal(step.into).label("width"),
            starts,
            count.label("count"),
            (func.sum(table.mean * table.count) / count).label("mean"),
            func.min(table.low).label("low"),
            func.max(table.high).label("high"),
            func.max(table.source).label("source"),
        )
        .where(table.width == step.of, table.at < end)
        .group_by(table.stat, table.coin, starts)
    )
