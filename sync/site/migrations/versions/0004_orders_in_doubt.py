"""Orders that two sides may have moved."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the list of orders that are to be looked at."""
    op.create_table(
        "order_doubt",
        sa.Column("number", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
