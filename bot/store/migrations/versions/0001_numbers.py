"""Numbers: the last known ones, and statistics over time."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "known_numbers",
        sa.Column("metric", sa.String(40), primary_key=True),
        sa.Column("coin", sa.String(8), primary_key=True),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("observed_at", sa.BigInteger, nullable=False),
        sa.Column("fetched_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "points",
        sa.Column("stat", sa.String(40), primary_key=True),
        sa.Column("coin", sa.String(8), primary_key=True),
        sa.Column("width", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("mean", sa.Float, nullable=False),
        sa.Column("low", sa.Float, nullable=False),
        sa.Column("high", sa.Float, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
    )
    op.create_index("points_by_age", "points", ["width", "at"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("points")
    op.drop_table("known_numbers")
