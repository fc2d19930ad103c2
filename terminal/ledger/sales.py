"""Sales in the ledger: reading what the journal's entries made of them."""

import json
from dataclasses import dataclass
from itertools import takewhile

from terminal.ledger.ledger import Ledger
from terminal.rules.entry import Entry


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale as it stands: sums in minor units, points in units, `at_ms` in UTC ms, `seq` of its first entry."""

    id: str
    number: int
    customer_id: str
    seq: int
    at_ms: int
    operator: str
    channel: str
    total_minor: int
    taken_off_minor: int
    redeemed: int
    earned: int
    voided: bool


_MOST_ENTRIES = 64
_KINDS = ("sale", "redeem", "earn", "referral", "gift")
"""A sale is one entry for itself, one for what was redeemed, and one for each day its points are usable from."""

_SALE = (
    "id, number, customer_id, seq, at_ms, operator, channel, total_minor, taken_off_minor, redeemed, earned, voided"
)


def sale(ledger: Ledger, sale_id: str) -> Sale | None:
    """Return one sale."""
    found = ledger.row(f"SELECT {_SALE} FROM sale WHERE id = ?", (sale_id,))  # noqa: S608
    return _sale(found) if found else None


def sale_by_number(ledger: Ledger, number: int) -> Sale | None:
    """Return the sale with a number of this till."""
    found = ledger.row(f"SELECT {_SALE} FROM sale WHERE number = ?", (number,))  # noqa: S608
    return _sale(found) if found else None


def last_sale(ledger: Ledger) -> Sale | None:
    """Return the sale with the highest number."""
    found = ledger.row(f"SELECT {_SALE} FROM sale ORDER BY number DESC LIMIT 1")  # noqa: S608
    return _sale(found) if found else None


def next_number(ledger: Ledger) -> int:
    """Return the number of the next sale of this till, from 1."""
    found = ledger.row("SELECT max(number) FROM sale")
    return (found[0] if found and found[0] else 0) + 1


def sales(ledger: Ledger, customer_id: str | None, limit: int) -> list[Sale]:
    """Return the newest sales, of one customer or of all."""
    where = "WHERE customer_id = ?1" if customer_id else "WHERE ?1 IS NULL"
    rows = ledger.rows(
        f"SELECT {_SALE} FROM sale {where} ORDER BY number DESC LIMIT ?2",  # noqa: S608
        (customer_id, limit),
    )
    return [_sale(row) for row in rows]


def entries_of_customer(ledger: Ledger, customer_id: str, limit: int) -> list[Entry]:
    """Return a customer's newest own entries, newest first."""
    rows = ledger.rows(
        "SELECT seq, id, kind, at_ms, operator, points, customer_id, sale_id, payload, prev_hash, hash"
        " FROM journal WHERE customer_id = ? ORDER BY seq DESC LIMIT ?",
        (customer_id, limit),
    )
    return [Entry(ledger.terminal_id, *row) for row in rows]


def entries_of_sale(ledger: Ledger, sale: Sale) -> list[Entry]:
    """Return the entries of a sale; they follow its first one, so no index by sale is needed."""
    following = takewhile(
        lambda entry: entry.sale_id == sale.id, ledger.entries(after=sale.seq - 1, limit=_MOST_ENTRIES)
    )
    return [entry for entry in following if entry.kind in _KINDS]


def entries_after_sale(ledger: Ledger, sale: Sale) -> list[Entry]:
    """Return what happened to the customer from a sale on, oldest first: its refunds are among it."""
    rows = ledger.rows(
        "SELECT seq, id, kind, at_ms, operator, points, customer_id, sale_id, payload, prev_hash, hash"
        " FROM journal WHERE customer_id = ? AND seq > ? ORDER BY seq",
        (sale.customer_id, sale.seq),
    )
    return [Entry(ledger.terminal_id, *row) for row in rows]


def moves_of(entry: Entry) -> list[tuple[str, int]]:
    """Return the lots that an entry moved, with signed points."""
    return [(lot_id, points) for lot_id, points in json.loads(entry.payload).get("moves", ())]


def unsent(ledger: Ledger) -> int:
    """Return how many own entries the site has not applied yet."""
    found = ledger.row(
        "SELECT coalesce(max(seq), 0) - (SELECT CAST(value AS INTEGER) FROM ledger_fact WHERE name = 'applied_seq')"
        " FROM journal"
    )
    return int(found[0]) if found else 0


def _sale(row: tuple[object, ...]) -> Sale:
    return Sale(*row[:11], bool(row[11]))  # type: ignore[call-arg, arg-type]
