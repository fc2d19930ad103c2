"""The table of what customers are told: queued with the change, sent once."""

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, Table, Text

from sync.site.tables import metadata

notice = Table(
    "notice",
    metadata,
    Column("customer_id", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("channel", Text, nullable=False),  # email, sms
    Column("template", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("facts", Text, nullable=False),  # JSON
    Column("state", Text, nullable=False),  # queued, sending, sent, unknown, failed, dropped
    Column("tries", BigInteger, nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    Column("sent_ms", BigInteger, nullable=True),
    Column("fault", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("customer_id", "id"),
    Index("notice_due", "state", "due_ms"),
)
