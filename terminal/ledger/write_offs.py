"""What a check of write-offs reads: this till's sales and orders of some days, and a customer's whole history."""

from collections.abc import Iterator
from dataclasses import dataclass

from terminal.ledger.ledger import Ledger
from terminal.rules.entry import Entry

_PAGE = 2000
_COLUMNS = "seq, id, kind, at_ms, operator, points, customer_id, sale_id, payload, prev_hash, hash"


@dataclass(frozen=True, slots=True)
class Made:
    """A sale or an order made in some days; `sale_id` is what the journal calls it. Minor units, UTC ms."""

    sale_id: str
    number: str
    customer_id: str
    channel: str
    total_minor: int
    at_ms: int


def made_between(ledger: Ledger, from_ms: int, to_ms: int) -> Iterator[Made]:
    """Return the sales and unpaid orders of a time, customer by customer; then what the site told of it."""
    yield from _sales(ledger, from_ms, to_ms)
    for row in ledger.rows(
        "SELECT sale_id, number, customer_id, channel, (SELECT sum(value ->> 'total_minor')"
        " FROM json_each(document, '$.lines')), at_ms FROM own_order"
        " WHERE at_ms >= ? AND at_ms < ? AND sale_id NOT IN (SELECT id FROM sale) ORDER BY customer_id, own_number",
        (from_ms, to_ms),
    ):
        yield Made(*row)
    for row in ledger.rows(
        "SELECT document ->> 'sale_id', number, customer_id, channel, total_minor, at_ms FROM site_order"
        " WHERE at_ms >= ? AND at_ms < ? AND customer_id IS NOT NULL"
        " AND document ->> 'sale_id' NOT IN (SELECT id FROM sale UNION ALL SELECT sale_id FROM own_order)"
        " ORDER BY customer_id, at_ms",
        (from_ms, to_ms),
    ):
        yield Made(*row)


def _sales(ledger: Ledger, from_ms: int, to_ms: int) -> Iterator[Made]:
    after: tuple[str, int] = ("", 0)
    while True:
        rows = ledger.rows(
            "SELECT sale.id, coalesce(own_order.number, ? || '-' || sale.number), sale.customer_id, sale.channel,"
            " sale.total_minor, sale.at_ms, sale.number FROM sale"
            " LEFT JOIN own_order ON own_order.sale_id = sale.id"
            " WHERE (sale.customer_id, sale.number) > (?, ?) AND sale.at_ms >= ? AND sale.at_ms < ? AND voided = 0"
            " ORDER BY sale.customer_id, sale.number LIMIT ?",
            (ledger.terminal_id, *after, from_ms, to_ms, _PAGE),
        )
        for row in rows:
            yield Made(*row[:6])
        if len(rows) < _PAGE:
            return
        after = (rows[-1][2], rows[-1][6])


def count_made(ledger: Ledger, from_ms: int, to_ms: int) -> int:
    """Count about how many `made_between` returns, for a progress bar."""
    found = ledger.row(
        "SELECT (SELECT count(*) FROM sale WHERE at_ms >= ?1 AND at_ms < ?2 AND voided = 0)"
        " + (SELECT count(*) FROM own_order WHERE at_ms >= ?1 AND at_ms < ?2 AND state IN ('held', 'placed'))",
        (from_ms, to_ms),
    )
    return int(found[0]) if found else 0


def anything_told(ledger: Ledger) -> bool:
    """Tell whether the site ever told of an order or a sale."""
    found = ledger.row("SELECT EXISTS (SELECT 1 FROM site_order) OR EXISTS (SELECT 1 FROM site_sale)")
    return bool(found and found[0])


def history_of(ledger: Ledger, customer_id: str) -> list[Entry]:
    """Return all own entries of a customer, and of those who were merged into them, oldest first."""
    found: dict[str, list[Entry]] = {}
    waiting = [customer_id]
    while waiting:
        whose = waiting.pop()
        rows = ledger.rows(f"SELECT {_COLUMNS} FROM journal WHERE customer_id = ? ORDER BY seq", (whose,))  # noqa: S608
        found[whose] = [Entry(ledger.terminal_id, *row) for row in rows]
        if any(entry.kind == "merge" for entry in found[whose]):
            merged = ledger.rows(
                "SELECT payload ->> 'from' FROM journal WHERE customer_id = ? AND kind = 'merge'"
                " AND payload ->> 'from' IS NOT NULL",
                (whose,),
            )
            waiting += [row[0] for row in merged if row[0] not in found]
    entries = [entry for one in found.values() for entry in one]
    return sorted(entries, key=lambda entry: entry.seq) if len(found) > 1 else entries
