"""The table of orders that two sides may have moved: each is looked at once the entries that said so are in."""

from sqlalchemy import Column, PrimaryKeyConstraint, Table, Text

from sync.site.tables import metadata

order_doubt = Table(
    "order_doubt",
    metadata,
    Column("number", Text, nullable=False),
    PrimaryKeyConstraint("number"),
)
