"""Sales made elsewhere, as the site told of them: what a refund needs to know of a bill of another till."""

from dataclasses import dataclass
from typing import Any

import msgspec

from terminal.ledger.ledger import Ledger
from terminal.ledger.sales import Sale
from terminal.rules.refunding import RefundedBefore, Sold

SITE_SALES = """
CREATE TABLE site_sale (
    id TEXT PRIMARY KEY,
    terminal_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    customer_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    operator TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('store', 'manager', 'site')),
    total_minor INTEGER NOT NULL,
    taken_off_minor INTEGER NOT NULL,
    redeemed INTEGER NOT NULL,
    earned INTEGER NOT NULL,
    voided INTEGER NOT NULL CHECK (voided IN (0, 1)),
    facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX site_sale_number ON site_sale (number);
CREATE INDEX site_sale_customer ON site_sale (customer_id, at_ms);
"""


@dataclass(frozen=True, slots=True)
class SiteSale:
    """A sale in the replica: what it sold, and what all tills refunded of it that the site knows.

    This till's own refunds after `as_of_seq` are not in `before`. `sale.seq` is 0: its entries are elsewhere.
    """

    sale: Sale
    terminal_id: str
    sold: Sold
    before: RefundedBefore
    as_of_seq: int = 0


_COLUMNS = (
    "id, number, customer_id, at_ms, operator, channel, total_minor, taken_off_minor, redeemed, earned, voided,"
    " terminal_id, facts"
)


def put_site_sale(ledger: Ledger, told: SiteSale) -> None:
    """Put a sale into the replica as the site tells it now, in the caller's transaction; pull alone does."""
    sale = told.sale
    ledger.write(
        f"INSERT OR REPLACE INTO site_sale ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            sale.id,
            sale.number,
            sale.customer_id,
            sale.at_ms,
            sale.operator,
            sale.channel,
            sale.total_minor,
            sale.taken_off_minor,
            sale.redeemed,
            sale.earned,
            int(sale.voided),
            told.terminal_id,
            msgspec.json.encode((told.sold, told.before, told.as_of_seq)).decode(),
        ),
    )


def site_sale(ledger: Ledger, sale_id: str) -> SiteSale | None:
    """Return a sale that the site told of, this till's own ones included."""
    found = ledger.row(f"SELECT {_COLUMNS} FROM site_sale WHERE id = ?", (sale_id,))  # noqa: S608
    return _site_sale(found) if found else None


def site_sales_numbered(ledger: Ledger, number: int, limit: int) -> list[SiteSale]:
    """Return other tills' sales with a number, newest first."""
    rows = ledger.rows(
        f"SELECT {_COLUMNS} FROM site_sale WHERE number = ? AND terminal_id <> ? ORDER BY at_ms DESC LIMIT ?",  # noqa: S608
        (number, ledger.terminal_id, limit),
    )
    return [_site_sale(row) for row in rows]


def site_sales_of(ledger: Ledger, customer_id: str, limit: int) -> list[SiteSale]:
    """Return a customer's newest sales at other tills."""
    rows = ledger.rows(
        f"SELECT {_COLUMNS} FROM site_sale WHERE customer_id = ? AND terminal_id <> ?"  # noqa: S608
        " ORDER BY at_ms DESC LIMIT ?",
        (customer_id, ledger.terminal_id, limit),
    )
    return [_site_sale(row) for row in rows]


def _site_sale(row: tuple[Any, ...]) -> SiteSale:
    sold, before, as_of_seq = msgspec.json.decode(row[12], type=tuple[Sold, RefundedBefore, int])
    sale = Sale(*(*row[:3], 0, *row[3:10], bool(row[10])))
    return SiteSale(sale, row[11], sold, before, as_of_seq)
