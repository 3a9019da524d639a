"""Records: questions asked, what came near them, votes, remarks, and what owners did about gaps."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("weekly", "settled", "remarks", "votes", "candidates", "questions", "salts")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "salts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("salt", sa.String(64), nullable=False),
    )
    _questions()
    op.create_table(
        "candidates",
        _question(),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("phrase", sa.Text, nullable=False),
    )
    _opinions()
    op.create_table(
        "settled",
        _question(),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("owner", sa.BigInteger, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "weekly",
        sa.Column("owner", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("sent_at", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.drop_table(table)


def _question() -> sa.Column[int]:
    return sa.Column(
        "question", sa.Integer, sa.ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )


def _questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("answer", sa.String(32), nullable=False, unique=True),
        sa.Column("asker", sa.String(32), nullable=False),
        sa.Column("chat", sa.String(32), nullable=False),
        sa.Column("place", sa.String(16), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("target", sa.String(64), nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("rule", sa.String(24), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("vector", sa.LargeBinary),
        sa.Column("encoder", sa.String(16), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("questions_by_age", "questions", ["at"])
    op.create_index("questions_by_asker", "questions", ["asker"])


def _opinions() -> None:
    op.create_table(
        "votes",
        _question(),
        sa.Column("asker", sa.String(32), primary_key=True),
        sa.Column("is_up", sa.Boolean, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("votes_by_asker", "votes", ["asker"])
    op.create_table(
        "remarks",
        _question(),
        sa.Column("asker", sa.String(32), nullable=False),
        sa.Column("entry", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("remarks_by_asker", "remarks", ["asker"])
