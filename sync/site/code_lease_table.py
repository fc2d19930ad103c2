"""The table of who alone may use a limited offer, promo code or stamp card for a customer."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, Text

from sync.site.tables import metadata

code_lease = Table(
    "code_lease",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("holder_id", Text, nullable=False),  # site: it waits for an order to be paid
    PrimaryKeyConstraint("customer_id", "code"),
    Index("code_lease_holder", "holder_id"),
    Index("code_lease_code", "code"),
)
