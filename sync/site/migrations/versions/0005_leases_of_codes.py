"""Leases of what may be used a limited number of times."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of who may use a code; tell grants and recalls of codes from those of points."""
    op.create_table(
        "code_lease",
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("holder_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "code"),
    )
    op.create_index("code_lease_holder", "code_lease", ["holder_id"], unique=False)
    op.create_index("code_lease_code", "code_lease", ["code"], unique=False)
    for table in ("lease_grant", "lease_recall"):
        op.add_column(table, sa.Column("asset", sa.Text(), server_default="points", nullable=False))
