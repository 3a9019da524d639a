"""The tables; how they came to be is told by the migrations."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, String, Table

METADATA = MetaData()

KNOWN_NUMBERS = Table(
    "known_numbers",
    METADATA,
    Column("metric", String(40), primary_key=True),
    Column("coin", String(8), primary_key=True),
    Column("value", Float, nullable=False),
    Column("source", String(200), nullable=False),
    Column("observed_at", BigInteger, nullable=False),
    Column("fetched_at", BigInteger, nullable=False),
)
"""The newest number of each metric and coin."""

POINTS = Table(
    "points",
    METADATA,
    Column("stat", String(40), primary_key=True),
    Column("coin", String(8), primary_key=True),
    Column("width", Integer, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("mean", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("source", String(200), nullable=False),
    Index("points_by_age", "width", "at"),
)
"""Statistics over time: single values (`width` 0), and means over an hour or a day, `width` in seconds from `at` on."""

DIGESTS = Table(
    "digests",
    METADATA,
    Column("owner", BigInteger, primary_key=True, autoincrement=False),
    Column("sent_at", BigInteger, nullable=False),
)
"""When each owner, by user id, was last sent a digest."""
