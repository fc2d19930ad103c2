"""The schema, as a list of migrations that only run forward; a shipped one is never changed."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

Migration = Callable[["Database"], None]
MIGRATIONS: list[Migration] = []
migration = MIGRATIONS.append

_JOURNAL = """
CREATE TABLE ledger_fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    operator TEXT NOT NULL,
    points INTEGER NOT NULL,
    customer_id TEXT,
    sale_id TEXT,
    payload TEXT NOT NULL,
    prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX journal_customer ON journal (customer_id, seq) WHERE customer_id IS NOT NULL;
CREATE TRIGGER journal_never_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'journal entries are only ever added'); END;
CREATE TRIGGER journal_never_deleted BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'journal entries are only ever added'); END;
CREATE TRIGGER journal_gap_free BEFORE INSERT ON journal
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM journal)
  OR NEW.prev_hash IS NOT coalesce((SELECT hash FROM journal ORDER BY seq DESC LIMIT 1), zeroblob(32))
  OR NEW.at_ms < coalesce((SELECT at_ms FROM journal ORDER BY seq DESC LIMIT 1), 0)
BEGIN SELECT RAISE(ABORT, 'journal entry out of order'); END;
"""

# What is shown = the site's replica (site_…) + own entries after its applied_seq. A till without a site has
# a replica of zeros. Everything but personal data can be rebuilt from the journal and the site_ columns.
_ACCOUNTS = """
CREATE TABLE customer (
    id TEXT PRIMARY KEY,
    points INTEGER NOT NULL DEFAULT 0,
    spend_minor INTEGER NOT NULL DEFAULT 0,
    visits INTEGER NOT NULL DEFAULT 0,
    registered_ms INTEGER NOT NULL,
    last_sale_ms INTEGER,
    group_code TEXT,
    home_terminal TEXT,
    site_points INTEGER NOT NULL DEFAULT 0,
    site_spend_minor INTEGER NOT NULL DEFAULT 0,
    site_visits INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE person (
    number INTEGER PRIMARY KEY,
    customer_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    folded_name TEXT NOT NULL,
    phone TEXT UNIQUE,
    email TEXT,
    birthday TEXT,
    language TEXT,
    note TEXT NOT NULL DEFAULT '',
    salt BLOB NOT NULL
) STRICT;
CREATE INDEX person_name ON person (folded_name);
CREATE INDEX person_last_digits ON person (substr(phone, -4)) WHERE phone IS NOT NULL;
CREATE VIRTUAL TABLE person_search USING fts5 (
    folded_name, content='person', content_rowid='number', tokenize='trigram case_sensitive 1', detail=full
);
CREATE TRIGGER person_search_insert AFTER INSERT ON person
BEGIN INSERT INTO person_search (rowid, folded_name) VALUES (NEW.number, NEW.folded_name); END;
CREATE TRIGGER person_search_delete AFTER DELETE ON person
BEGIN INSERT INTO person_search (person_search, rowid, folded_name)
      VALUES ('delete', OLD.number, OLD.folded_name); END;
CREATE TRIGGER person_search_update AFTER UPDATE OF folded_name ON person
BEGIN INSERT INTO person_search (person_search, rowid, folded_name)
      VALUES ('delete', OLD.number, OLD.folded_name);
      INSERT INTO person_search (rowid, folded_name) VALUES (NEW.number, NEW.folded_name); END;

CREATE TABLE consent (
    customer_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    given INTEGER NOT NULL CHECK (given IN (0, 1)),
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (customer_id, purpose)
) STRICT, WITHOUT ROWID;

CREATE TABLE card (
    number TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'blocked', 'replaced')),
    site_state TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX card_customer ON card (customer_id);

CREATE TABLE lot (
    customer_id TEXT NOT NULL,
    id TEXT NOT NULL,
    points INTEGER NOT NULL,
    points_left INTEGER NOT NULL,
    points_held INTEGER NOT NULL,
    available_from TEXT NOT NULL,
    expires_on TEXT,
    site_left INTEGER NOT NULL DEFAULT 0,
    site_held INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (customer_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lot_expiry ON lot (expires_on) WHERE expires_on IS NOT NULL AND points_left > 0;

CREATE TABLE customer_group (code TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE offer (
    customer_id TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL,
    PRIMARY KEY (customer_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE promo_code (
    code TEXT PRIMARY KEY,
    offer_id TEXT NOT NULL,
    customer_id TEXT,
    valid_from TEXT NOT NULL,
    valid_until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE site_order (
    number TEXT PRIMARY KEY,
    customer_id TEXT,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    total_minor INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

_SHOP = """
CREATE TABLE programme (
    number INTEGER PRIMARY KEY,
    valid_from TEXT NOT NULL,
    document TEXT NOT NULL,
    published_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE product (
    sku TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
    category TEXT NOT NULL DEFAULT '',
    brand TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE product_barcode (barcode TEXT PRIMARY KEY, sku TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('cashier', 'manager')),
    pin_hash TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE TABLE pin_failure (
    staff_id TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sale (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    customer_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    operator TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('store', 'manager', 'site')),
    total_minor INTEGER NOT NULL,
    taken_off_minor INTEGER NOT NULL,
    redeemed INTEGER NOT NULL DEFAULT 0,
    earned INTEGER NOT NULL DEFAULT 0,
    voided INTEGER NOT NULL DEFAULT 0 CHECK (voided IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX sale_customer ON sale (customer_id, number);

CREATE TABLE held_bill (
    id TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    operator TEXT NOT NULL,
    customer_id TEXT,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE print_job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL,
    sale_id TEXT,
    is_copy INTEGER NOT NULL DEFAULT 0 CHECK (is_copy IN (0, 1)),
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'done', 'unknown', 'dropped')),
    created_ms INTEGER NOT NULL,
    fault TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX print_job_open ON print_job (id) WHERE state NOT IN ('done', 'dropped');
"""


@migration
def m001_first(db: "Database") -> None:
    """Journal, accounts, the shop and its queues."""
    for script in (_JOURNAL, _ACCOUNTS, _SHOP):
        run_script(db, script)


@migration
def m002_refunds_and_audit(db: "Database") -> None:
    """Other tills' sales, so that they can be refunded; corrections found without reading all of the journal."""
    from terminal.ledger.audit import AUDIT_INDEX
    from terminal.ledger.site_sales import SITE_SALES

    for script in (SITE_SALES, AUDIT_INDEX):
        run_script(db, script)


@migration
def m003_marks(db: "Database") -> None:
    """What a programme counts of a customer besides points."""
    from terminal.ledger.marks import MARKS

    run_script(db, MARKS)


@migration
def m004_site(db: "Database") -> None:
    """What a till with a site keeps besides the replica."""
    from terminal.ledger.site_tables import SITE_TABLES

    run_script(db, SITE_TABLES)


@migration
def m005_days(db: "Database") -> None:
    """Openings and closings of the day, found at once."""
    from terminal.ledger.days import DAY_INDEX

    run_script(db, DAY_INDEX)


@migration
def m006_orders(db: "Database") -> None:
    """Orders made in the store, and unfinished ones."""
    from terminal.ledger.orders import ORDERS

    run_script(db, ORDERS)


@migration
def m007_goods_search(db: "Database") -> None:
    """The catalogue's names, folded and indexed: goods are found by a part of them."""
    from terminal.ledger.goods_search import GOODS_SEARCH, PUT_NAME
    from terminal.rules.text import fold

    run_script(db, GOODS_SEARCH)
    names = db.conn.execute("SELECT sku, name FROM product").fetchall()
    db.conn.executemany(PUT_NAME, [(sku, fold(name)) for sku, name in names])


@migration
def m008_orders_found(db: "Database") -> None:
    """Orders found by their sale, by what waits, and by money that is owed for them."""
    from terminal.ledger.orders import ORDER_INDEXES

    run_script(db, ORDER_INDEXES)


@migration
def m009_code_leases(db: "Database") -> None:
    """What a till with a site may use a limited number of times, and how a cashier asks for it."""
    from terminal.ledger.code_leases import CODE_LEASES

    run_script(db, CODE_LEASES)


@migration
def m010_site_refunds(db: "Database") -> None:
    """Refunds at other tills, by day: a tier of some period counts them too."""
    from terminal.ledger.periods import SITE_REFUNDS

    run_script(db, SITE_REFUNDS)


@migration
def m011_money_moved(db: "Database") -> None:
    """Money of orders that changed hands past a sale or refund, found without reading all of the journal."""
    from terminal.ledger.audit import MONEY_INDEX

    run_script(db, MONEY_INDEX)


def run_script(db: "Database", script: str) -> None:
    """Run statements one by one inside the caller's transaction (executescript would commit it)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if _complete(statement):
            db.conn.execute(statement)
            statement = ""
    assert not statement.strip(), statement


def _complete(statement: str) -> bool:
    from sqlcipher3 import dbapi2 as sqlite

    return bool(statement.strip()) and bool(sqlite.complete_statement(statement))


SCHEMA_DIGEST = "68de5545f8638d7e21951cf35b3be22332a63540ece5461aad6684c32c3f83e6"
"""SHA-256 of what the migrations make, so that a start need not make it again to compare; a test holds it."""


def schema_of(rows: list[tuple[str, str]]) -> dict[str, str]:
    """Return name -> SQL of a file's own objects, to compare with what the migrations make."""
    return {name: " ".join(sql.split()) for name, sql in rows if sql and not name.startswith("sqlite_")}


def digest_of(schema: dict[str, str]) -> str:
    """Return the SHA-256 of a schema, in hex."""
    text = "\n".join(f"{name}\t{sql}" for name, sql in sorted(schema.items()))
    return hashlib.sha256(text.encode()).hexdigest()
