"""Alerts: what somebody wants to be told, where, and whether it has been."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("chat", sa.BigInteger, nullable=False),
        sa.Column("thread", sa.BigInteger),
        sa.Column("asker", sa.BigInteger, nullable=False),
        sa.Column("stat", sa.String(40), nullable=False),
        sa.Column("coin", sa.String(8), nullable=False),
        sa.Column("crossing", sa.String(16), nullable=False),
        sa.Column("amount", sa.Float, nullable=False),
        sa.Column("span", sa.Integer, nullable=False),
        sa.Column("is_confirmed", sa.Boolean, nullable=False),
        sa.Column("is_armed", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("fired_at", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_index("alerts_by_chat", "alerts", ["chat"])
    op.create_index("alerts_by_asker", "alerts", ["asker"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("alerts")
