"""The tables; how they came to be is told by the migrations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

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

VERSIONS = Table(
    "versions",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("file", String(200), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("editor", BigInteger, nullable=False),
    Column("editor_name", String(200), nullable=False),
    Column("what", String(500), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("previous", Integer, nullable=False),
    Column("is_written", Boolean, nullable=False),
    UniqueConstraint("file", "previous", name="versions_in_one_line"),
    sqlite_autoincrement=True,
)
"""What each knowledge file was, compressed; `previous` is 0 for the first, `is_written` once the file is so."""

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("file", String(200), nullable=False),
    Column("base", Integer, nullable=False),
    Column("edit", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("editor", BigInteger, nullable=False),
    Column("editor_name", String(200), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""Edits that were proposed; an id is never given twice, so an old button never approves another edit."""
