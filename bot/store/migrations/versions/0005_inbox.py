"""The inbox: updates that wait for their work, and the ids of those that are done."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("lane", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
        sa.Column("why", sa.String(100), nullable=False),
    )
    op.create_index("inbox_by_end", "inbox", ["finished_at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("inbox")
