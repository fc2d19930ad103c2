"""Leases of codes: limited offers, promo codes and stamp cards of customers that this till alone may use now.

A row is what the site told; `held` falls to 0 with an own later entry that uses the code or returns it. No row of
`request` is worth keeping: the cashiers who asked have long gone on.
"""

from terminal.ledger.ledger import Ledger

CODE_LEASES = """
CREATE TABLE code_lease (
    customer_id TEXT NOT NULL,
    code TEXT NOT NULL,
    held INTEGER NOT NULL DEFAULT 1 CHECK (held IN (0, 1)),
    PRIMARY KEY (customer_id, code)
) STRICT, WITHOUT ROWID;
ALTER TABLE lease_grant ADD COLUMN asset TEXT NOT NULL DEFAULT 'points' CHECK (asset IN ('points', 'codes'));
DROP TABLE request;
CREATE TABLE request (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('phone', 'card', 'points', 'codes')),
    value TEXT NOT NULL,
    points INTEGER NOT NULL DEFAULT 0,
    codes TEXT NOT NULL DEFAULT '[]',
    asked_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'failed', 'given_up')),
    answer TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX request_waiting ON request (id) WHERE state = 'waiting';
"""


def codes_held(ledger: Ledger, customer_id: str) -> tuple[str, ...]:
    """Return the codes that this till alone may use for a customer now."""
    rows = ledger.rows("SELECT code FROM code_lease WHERE customer_id = ? AND held = 1", (customer_id,))
    return tuple(row[0] for row in rows)


def customers_with_codes(ledger: Ledger) -> list[str]:
    """Return the customers of whom this till holds codes."""
    return [row[0] for row in ledger.rows("SELECT DISTINCT customer_id FROM code_lease WHERE held = 1")]
