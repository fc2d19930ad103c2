"""The site's tables: journals keyed by their till, everything of a customer by the customer, so that both spread.

Points are in the smallest part of a point, money in minor units, times in UTC milliseconds, days as YYYY-MM-DD.
`version`, `identity_version` and `change` are numbers of the one feed (feed.py).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

metadata = MetaData()


def _text(name: str, *, null: bool = False, default: str | None = None) -> Column[str]:
    return Column(name, Text, nullable=null, server_default=default)


def _whole(name: str, *, null: bool = False, default: str | None = None) -> Column[int]:
    return Column(name, BigInteger, nullable=null, server_default=default)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


fact = Table("fact", metadata, _text("name"), _text("value"), PrimaryKeyConstraint("name"))

counter = Table("counter", metadata, _text("name"), _whole("last"), PrimaryKeyConstraint("name"))

holder = Table(
    "holder",
    metadata,
    _text("id"),
    _text("name"),
    _text("role"),  # till, relay, site
    _text("state"),  # active, revoked, lost, returning
    _text("token_hash", null=True),
    _whole("granted", default="0"),  # the last number given out
    _whole("granted_seen", default="0"),  # the highest that the holder has named
    _whole("recalled", default="0"),
    _whole("recalled_done", default="0"),
    _whole("enrolled_ms"),
    _whole("contact_ms"),
    _text("software", default=""),
    PrimaryKeyConstraint("id"),
    Index("holder_token", "token_hash"),
)

terminal = Table(
    "terminal",
    metadata,
    _text("id"),
    _text("holder_id"),
    _whole("received_seq", default="0"),
    Column("received_hash", LargeBinary, nullable=False),
    _whole("applied_seq", default="0"),
    Column("applied_hash", LargeBinary, nullable=False),
    _whole("last_at_ms", default="0"),
    _text("held_why", null=True),
    _whole("held_seq", null=True),
    _whole("held_since_ms", null=True),
    _text("held_text", default=""),
    PrimaryKeyConstraint("id"),
    Index("terminal_holder", "holder_id"),
)

enrolment = Table(
    "enrolment",
    metadata,
    _text("code_hash"),
    _text("name"),
    _text("role"),
    _text("terminal_id", null=True),  # a lost till that may bring its journal in
    _whole("expires_ms"),
    _whole("used_ms", null=True),
    PrimaryKeyConstraint("code_hash"),
)

key = Table(
    "key",
    metadata,
    _text("token_hash"),
    _text("name"),
    _text("role"),  # shop, manager
    _whole("made_ms"),
    _whole("revoked_ms", null=True),
    PrimaryKeyConstraint("token_hash"),
)

journal = Table(
    "journal",
    metadata,
    _text("terminal_id"),
    _whole("seq"),
    _text("id"),
    _text("kind"),
    _whole("at_ms"),
    _text("operator"),
    _whole("points"),
    _text("customer_id", null=True),
    _text("sale_id", null=True),
    _text("payload"),
    Column("hash", LargeBinary, nullable=False),
    PrimaryKeyConstraint("terminal_id", "seq"),
    Index("journal_customer", "customer_id", "at_ms"),
)

customer = Table(
    "customer",
    metadata,
    _text("id"),
    *map(_whole, ("version", "identity_version", "points", "spend_minor", "visits", "registered_ms")),
    _whole("last_sale_ms", null=True),
    _text("group_code", null=True),
    _text("tier", null=True),
    _text("home", null=True),
    _text("merged_into", null=True),
    Column("bucket", SmallInteger, nullable=False),
    _whole("digest"),
    PrimaryKeyConstraint("id"),
    Index("customer_version", "version"),
)

person = Table(
    "person",
    metadata,
    _text("customer_id"),
    _text("name"),
    _text("phone", null=True),
    _text("email", null=True),
    _text("birthday", null=True),
    _text("language", null=True),
    _text("note"),
    Column("salt", LargeBinary, nullable=False),
    PrimaryKeyConstraint("customer_id"),
    Index("person_phone", "phone"),
)

consent = Table(
    "consent",
    metadata,
    _text("customer_id"),
    _text("purpose"),
    _flag("given"),
    _whole("at_ms"),
    PrimaryKeyConstraint("customer_id", "purpose"),
)

card = Table(
    "card",
    metadata,
    _text("customer_id"),
    _text("number"),
    _text("state"),
    PrimaryKeyConstraint("customer_id", "number"),
    Index("card_number", "number"),
)

twin = Table(  # a phone or card that two customers brought: the first keeps it, a manager looks
    "twin",
    metadata,
    _text("customer_id"),
    _text("what"),
    _text("value"),
    _text("of_id"),
    _whole("at_ms"),
    PrimaryKeyConstraint("customer_id", "what", "value"),
)

lot = Table(
    "lot",
    metadata,
    _text("customer_id"),
    _text("id"),
    *map(_whole, ("points", "points_left", "free")),
    _text("available_from"),
    _text("expires_on", null=True),
    PrimaryKeyConstraint("customer_id", "id"),
    Index("lot_expiry", "expires_on"),
)

lease = Table(
    "lease",
    metadata,
    _text("customer_id"),
    _text("lot_id"),
    _text("holder_id"),
    _whole("points"),
    PrimaryKeyConstraint("customer_id", "lot_id", "holder_id"),
    Index("lease_holder", "holder_id"),
)

lost_lease = Table(  # what a lost till held: given back to the customers already, at the loss account's risk
    "lost_lease",
    metadata,
    _text("customer_id"),
    _text("lot_id"),
    _text("holder_id"),
    _whole("points"),
    PrimaryKeyConstraint("customer_id", "lot_id", "holder_id"),
)

grant = Table(
    "lease_grant",
    metadata,
    _whole("number"),
    *map(_text, ("holder_id", "customer_id", "lots")),  # lots is JSON: [[lot, points], ...]
    _whole("at_ms"),
    _text("asset", default="points"),
    PrimaryKeyConstraint("holder_id", "number"),
)

recall = Table(
    "lease_recall",
    metadata,
    _whole("number"),
    *map(_text, ("holder_id", "customer_id")),
    _whole("points", null=True),
    _whole("at_ms"),
    _text("asset", default="points"),
    PrimaryKeyConstraint("holder_id", "number"),
)

sale = Table(
    "sale",
    metadata,
    _text("customer_id"),
    _text("id"),
    _text("terminal_id"),
    _whole("at_ms"),
    _text("channel"),
    _whole("total_minor"),
    _whole("taken_off_minor"),
    _flag("voided"),
    _whole("number", default="0"),
    _text("operator", default=""),
    _whole("redeemed", default="0"),
    _whole("earned", default="0"),
    _text("record", default="[[],[],[],[]]"),  # JSON: sale_record.py
    _whole("change", default="0"),
    PrimaryKeyConstraint("customer_id", "id"),
    Index("sale_change", "change"),
)

offer = Table(
    "offer",
    metadata,
    _text("customer_id"),
    _text("id"),
    _text("title"),
    _text("valid_from"),
    _text("valid_until"),
    PrimaryKeyConstraint("customer_id", "id"),
)

mark = Table(  # stamps, uses of offers and codes, actions
    "mark",
    metadata,
    _text("customer_id"),
    _text("kind"),
    _text("code"),
    _whole("count"),
    PrimaryKeyConstraint("customer_id", "kind", "code"),
)

use_total = Table(  # the uses of all customers together
    "use_total", metadata, _text("code"), _whole("count"), _whole("change"), PrimaryKeyConstraint("code")
)

membership = Table(
    "membership",
    metadata,
    _text("customer_id"),
    _text("code"),
    _text("until"),
    PrimaryKeyConstraint("customer_id", "code"),
)

referral = Table(
    "referral",
    metadata,
    _text("customer_id"),
    _text("referrer_id"),
    _flag("rewarded"),
    PrimaryKeyConstraint("customer_id"),
)

shop_order = Table(
    "shop_order",
    metadata,
    _text("number"),
    _text("customer_id", null=True),
    _text("channel"),
    _text("state"),
    _whole("total_minor"),
    _whole("at_ms"),
    _text("document"),
    _whole("change"),
    PrimaryKeyConstraint("number"),
    Index("shop_order_change", "change"),
)

event = Table(  # what the shop has told, once: the answer is given again when it is told again
    "event",
    metadata,
    _text("customer_id"),
    _text("id"),
    _text("told_hash"),
    _text("answer"),
    _whole("at_ms"),
    PrimaryKeyConstraint("customer_id", "id"),
)

programme = Table(
    "programme",
    metadata,
    Column("number", Integer, nullable=False, autoincrement=False),
    _text("valid_from"),
    _text("document"),
    _whole("published_ms"),
    _whole("change"),
    PrimaryKeyConstraint("number"),
)

product = Table(
    "product",
    metadata,
    _text("sku"),
    _text("name"),
    _whole("price_minor"),
    _text("category"),
    _text("brand"),
    _text("barcodes"),  # JSON list
    _whole("change"),
    PrimaryKeyConstraint("sku"),
    Index("product_change", "change"),
)

customer_group = Table(
    "customer_group", metadata, _text("code"), _text("name"), _whole("change"), PrimaryKeyConstraint("code")
)

staff = Table(
    "staff",
    metadata,
    _text("id"),
    _text("name"),
    _text("role"),
    _text("pin_hash"),
    _flag("active"),
    _whole("change"),
    PrimaryKeyConstraint("id"),
)

promo_code = Table(
    "promo_code",
    metadata,
    _text("code"),
    _text("offer_id"),
    _text("customer_id", null=True),
    _text("valid_from"),
    _text("valid_until"),
    _whole("change"),
    PrimaryKeyConstraint("code"),
    Index("promo_code_change", "change"),
)

removed = Table(
    "removed",
    metadata,
    _text("kind"),
    _text("key"),
    _whole("change"),
    PrimaryKeyConstraint("kind", "key"),
    Index("removed_change", "change"),
)

audit = Table(
    "audit",
    metadata,
    _text("id"),
    _whole("at_ms"),
    _text("who"),
    _text("what"),
    _text("about"),
    _text("detail"),
    PrimaryKeyConstraint("id"),
    Index("audit_at", "at_ms"),
)
