"""How moments are kept: as microseconds since 1970, which every database sorts and none bends to its time zone."""

from datetime import UTC, datetime, timedelta

START = datetime(1970, 1, 1, tzinfo=UTC)
UNIT = timedelta(microseconds=1)


def to_number(moment: datetime) -> int:
    """Return a moment as microseconds."""
    return (moment - START) // UNIT


def from_number(number: int) -> datetime:
    """Return the moment so many microseconds stand for."""
    return START + number * UNIT
