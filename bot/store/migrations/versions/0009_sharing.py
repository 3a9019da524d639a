"""Sharing: what several programs on one database tell each other."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; what is lost with a database that crashes, where it is worth nothing then, costs no write."""
    op.create_table(
        "notices",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "paces",
        sa.Column("chat", sa.String(64), primary_key=True),
        sa.Column("taken", sa.Text().with_variant(ARRAY(sa.Double), "postgresql"), nullable=False),
        sa.Column("silent_until", sa.Double, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter table paces set unlogged")
        is_waiting = sa.text("finished_at is null")
        op.create_index("inbox_by_lane", "inbox", ["lane", "update_id"], postgresql_where=is_waiting)


def downgrade() -> None:
    """Drop them."""
    op.drop_index("inbox_by_lane", "inbox", if_exists=True)
    op.drop_table("paces")
    op.drop_table("notices")
