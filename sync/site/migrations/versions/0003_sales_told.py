"""What is told of sales to all tills."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a sale know what was sold, earned and refunded. Older sales stay untold: they have no lines."""
    for name in ("number", "redeemed", "earned", "change"):
        op.add_column("sale", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("sale", sa.Column("operator", sa.Text(), server_default="", nullable=False))
    op.add_column("sale", sa.Column("record", sa.Text(), server_default="[[],[],[],[]]", nullable=False))
    op.create_index("sale_change", "sale", ["change"], unique=False)
