"""The tables; how they came to be is told by the migrations."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
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
SALTS = Table(
    "salts",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("salt", String(64), nullable=False),
)
"""One row: what ids are hashed with, unless the environment gives another."""

QUESTIONS = Table(
    "questions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("answer", String(32), nullable=False, unique=True),
    Column("asker", String(32), nullable=False),
    Column("chat", String(32), nullable=False),
    Column("place", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("target", String(64), nullable=False),
    Column("score", Float, nullable=False),
    Column("rule", String(24), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("vector", LargeBinary),
    Column("encoder", String(16), nullable=False),
    Index("questions_by_age", "at"),
    Index("questions_by_asker", "asker"),
    sqlite_autoincrement=True,
)
"""Questions, redacted, with what became of them; `answer`, `asker` and `chat` are hashes of where and who."""


def _question() -> Column[int]:
    key = ForeignKey("questions.id", ondelete="CASCADE")
    return Column("question", Integer, key, primary_key=True, autoincrement=False)


CANDIDATES = Table(
    "candidates",
    METADATA,
    _question(),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("target", String(64), nullable=False),
    Column("score", Float, nullable=False),
    Column("phrase", Text, nullable=False),
)
"""What came near a question, best first."""

VOTES = Table(
    "votes",
    METADATA,
    _question(),
    Column("asker", String(32), primary_key=True),
    Column("is_up", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("votes_by_asker", "asker"),
)
"""Who found the answer to a question good or not; one vote each."""

REMARKS = Table(
    "remarks",
    METADATA,
    _question(),
    Column("asker", String(32), nullable=False),
    Column("entry", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("remarks_by_asker", "asker"),
)
"""What askers said they meant: an entry, or, asked in other words, a text, which is empty until they do."""

SETTLED = Table(
    "settled",
    METADATA,
    _question(),
    Column("how", String(16), nullable=False),
    Column("owner", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""Which gaps an owner settled, and how."""

WEEKLY = Table(
    "weekly",
    METADATA,
    Column("owner", BigInteger, primary_key=True, autoincrement=False),
    Column("sent_at", BigInteger, nullable=False),
)
"""The owners who want the gaps once a week, and when they last got them."""

CHATS = Table(
    "chats",
    METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("settings", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("trouble", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("moved_to", BigInteger, nullable=False),
)
"""Settings of chats as JSON, those before the last change or nothing, and what the bot is there.

`moved_to` is the supergroup a group became, else 0; its settings went along.
"""

DELETIONS = Table(
    "deletions",
    METADATA,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("due_at", BigInteger, nullable=False),
    Index("deletions_by_time", "due_at"),
)
"""Messages that are to be deleted, and when."""
INBOX = Table(
    "inbox",
    METADATA,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lane", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("why", String(100), nullable=False),
    Index("inbox_by_end", "finished_at"),
)
_IS_WAITING = INBOX.c.finished_at.is_(None)
Index("inbox_by_lane", INBOX.c.lane, INBOX.c.update_id, postgresql_where=_IS_WAITING).ddl_if(dialect="postgresql")
"""Updates; one that is finished has lost its lane and body, `why` is not empty where it was set aside."""

ALERTS = Table(
    "alerts",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("chat", BigInteger, nullable=False),
    Column("thread", BigInteger),
    Column("asker", BigInteger, nullable=False),
    Column("stat", String(40), nullable=False),
    Column("coin", String(8), nullable=False),
    Column("crossing", String(16), nullable=False),
    Column("amount", Float, nullable=False),
    Column("span", Integer, nullable=False),
    Column("is_confirmed", Boolean, nullable=False),
    Column("is_armed", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("fired_at", BigInteger),
    Index("alerts_by_chat", "chat"),
    Index("alerts_by_asker", "asker"),
    sqlite_autoincrement=True,
)
"""Alerts, `span` in seconds; one that is not confirmed is a card nobody pressed yet; an id is never given twice."""

CHANNELS = Table(
    "channels",
    METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("added_by", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)
"""The channels where the bot may post, who let it, and since when."""

DRAFTS_OF_POSTS = Table(
    "drafts_of_posts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person", BigInteger, nullable=False),
    Column("channel", BigInteger, nullable=False),
    Column("what", String(100), nullable=False),
    Column("texts", Text, nullable=False),
    Column("png", LargeBinary, nullable=False),
    Column("entry", String(64), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
"""Posts that somebody looks at before they go to a channel, 0 while it is not chosen; `texts` is a JSON list."""

PLANS = Table(
    "plans",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("person", BigInteger, nullable=False),
    Column("channel", BigInteger, nullable=False),
    Column("what", String(100), nullable=False),
    Column("time", String(5), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("last_day", String(10), nullable=False),
    sqlite_autoincrement=True,
)
"""Posts that come again; `weekday` is -1 for every day, `last_day` that of the last post begun, or nothing."""

POSTS = Table(
    "posts",
    METADATA,
    Column("plan", Integer, ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("day", String(10), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("messages", Text, nullable=False),
    Column("numbers", Text, nullable=False),
    Column("mend_until", BigInteger, nullable=False),
    Index("posts_to_mend", "mend_until"),
)
"""Planned posts, noted before it is sent; messages and numbers as JSON, `mend_until` is 0 where nothing is to mend."""
