"""The tables of programs that share a database."""

from sqlalchemy import BigInteger, Column, Double, String, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from bot.store.tables import METADATA

NOTICES = Table(
    "notices",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""What one of several programs does for all of them, and when it was last begun."""

PACES = Table(
    "paces",
    METADATA,
    Column("chat", String(64), primary_key=True),
    Column("taken", Text().with_variant(ARRAY(Double), "postgresql"), nullable=False),
    Column("silent_until", Double, nullable=False),
    Column("at", Double, nullable=False),
)
"""When chats were last written to, newest first, and until when they want silence, in seconds since 1970."""
