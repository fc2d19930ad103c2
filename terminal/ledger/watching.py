"""What the watch asks of the ledger: how often, how long ago. Each answer reads a bounded number of rows."""

from terminal.ledger.audit import Audited, audited
from terminal.ledger.ledger import Ledger

_NEWEST = 200


def sales_since(ledger: Ledger, customer_id: str, from_ms: int) -> int:
    """Return how many bills that stand a customer has had since a time, here and at other tills."""
    found = ledger.row(
        "SELECT count(*) FROM (SELECT at_ms, voided FROM sale WHERE customer_id = ?1 ORDER BY number DESC LIMIT ?3)"
        " WHERE at_ms >= ?2 AND NOT voided",
        (customer_id, from_ms, _NEWEST),
    )
    elsewhere = ledger.row(
        "SELECT count(*) FROM site_sale WHERE customer_id = ? AND at_ms >= ? AND terminal_id <> ? AND NOT voided",
        (customer_id, from_ms, ledger.terminal_id),
    )
    assert found is not None
    assert elsewhere is not None
    return int(found[0]) + int(elsewhere[0])


def switched_at_ms(ledger: Ledger, customer_id: str, total_minor: int, from_ms: int) -> int | None:
    """Return when, since a time, a bill of this sum and another customer was booked that was voided after."""
    found = ledger.row(
        "SELECT max(at_ms) FROM (SELECT * FROM sale ORDER BY number DESC LIMIT ?4)"
        " WHERE voided AND total_minor = ?2 AND customer_id <> ?1 AND at_ms >= ?3",
        (customer_id, total_minor, from_ms, _NEWEST),
    )
    return found[0] if found else None


def corrected_at_ms(ledger: Ledger, customer_id: str) -> int | None:
    """Return when points were last given to a customer by hand; what an import or a friend brought is none."""
    found = ledger.row(
        "SELECT max(at_ms) FROM (SELECT kind, points, at_ms, payload FROM journal WHERE customer_id = ?"
        " ORDER BY seq DESC LIMIT ?) WHERE points > 0"
        " AND (kind = 'adjust' OR kind = 'gift' AND json_extract(payload, '$.reason') = 'gift')",
        (customer_id, _NEWEST),
    )
    return found[0] if found else None


def bills_refunded_since(ledger: Ledger, customer_id: str, from_ms: int, beside_sale: str) -> int:
    """Return how many other bills of a customer were brought back, in whole or part, since a time."""
    entries = audited(ledger, Audited(from_ms=from_ms, customer_id=customer_id), _NEWEST)
    return len({entry.sale_id for entry in entries if entry.kind == "refund" and entry.sale_id != beside_sale})


def copies(ledger: Ledger, sale_id: str, from_ms: int) -> tuple[int, int]:
    """Return how many copies were printed of a sale's slip, and of any slip since a time."""
    found = ledger.row(
        "SELECT coalesce(sum(sale_id = ?1), 0), coalesce(sum(created_ms >= ?2), 0) FROM"
        " (SELECT sale_id, created_ms, is_copy FROM print_job ORDER BY id DESC LIMIT ?3) WHERE is_copy",
        (sale_id, from_ms, _NEWEST),
    )
    assert found is not None
    return int(found[0]), int(found[1])


def flagged_at_ms(ledger: Ledger, rule: str) -> int | None:
    """Return when a manager last let something pass that a rule had struck."""
    found = ledger.row(
        "SELECT max(at_ms) FROM (SELECT at_ms, kind, payload FROM journal"
        " ORDER BY seq DESC LIMIT ?) WHERE kind = 'flag' AND json_extract(payload, '$.rule') = ?",
        (_NEWEST, rule),
    )
    return found[0] if found else None
