"""Ticks of time, in UTC: round hours, days or months, labelled as short as they can be told apart."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from math import ceil

from bot.reply.picture.values import Tick

MOST = 7  # steps, whose labels stand side by side without crowding
MINUTE, HOUR, DAY = 60, 3_600, 86_400
STEPS = (
    *(minutes * MINUTE for minutes in (1, 2, 5, 10, 20, 30)),
    *(hours * HOUR for hours in (1, 2, 3, 4, 6, 12)),
    *(days * DAY for days in (1, 2, 5, 7, 14)),
)
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)
MONTHS_OF_YEAR = 12


def ticks(start: datetime, end: datetime) -> tuple[Tick, ...]:
    """Return the ticks of up to MOST steps from `start` to `end`, each at its seconds since 1970."""
    seconds = (end - start) / timedelta(seconds=1)
    for step in STEPS:
        if seconds / step <= MOST:
            return _labelled(_multiples(start, end, step), _hour if step < DAY else _day)
    months = next((step for step in MONTHS if len(list(_months(start, end, step))) <= MOST), MONTHS[-1])
    return _labelled(_months(start, end, months), _month if months < MONTHS_OF_YEAR else _year)


def _labelled(moments: Iterable[datetime], show: Callable[[datetime], str]) -> tuple[Tick, ...]:
    return tuple(Tick(moment.timestamp(), show(moment)) for moment in moments)


def _multiples(start: datetime, end: datetime, step: int) -> Iterator[datetime]:
    first = ceil(start.timestamp() / step) * step
    return (datetime.fromtimestamp(at, UTC) for at in range(first, int(end.timestamp()) + 1, step))


def _months(start: datetime, end: datetime, step: int) -> Iterator[datetime]:
    begin = start - timedelta(microseconds=1)
    index = (begin.year * MONTHS_OF_YEAR + begin.month) // step * step
    while (moment := datetime(index // MONTHS_OF_YEAR, index % MONTHS_OF_YEAR + 1, 1, tzinfo=UTC)) <= end:
        if moment >= start:
            yield moment
        index += step


def _hour(moment: datetime) -> str:
    return f"{moment:%H:%M}" if moment.hour or moment.minute else _day(moment)


def _day(moment: datetime) -> str:
    return f"{moment:%b} {moment.day}"


def _month(moment: datetime) -> str:
    return f"{moment:%b %Y}" if moment.month == 1 else f"{moment:%b}"


def _year(moment: datetime) -> str:
    return f"{moment:%Y}"
