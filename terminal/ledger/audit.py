"""The journal's entries that an owner looks at twice: corrections, refunds, cards, money, and what was let pass."""

from dataclasses import dataclass

from terminal.ledger.ledger import Ledger
from terminal.rules.entry import Entry

AUDITED = ("adjust", "gift", "merge", "refund", "void", "flag", "card_blocked", "card_replaced")
"""The kinds of entries that are listed."""

AUDITED_KINDS = ", ".join(f"'{kind}'" for kind in AUDITED)
"""The same in SQL: a query that names them all is answered by their index."""

AUDIT_INDEX = f"CREATE INDEX journal_audited ON journal (at_ms) WHERE kind IN ({AUDITED_KINDS});\n"
"""A journal of a million sales has few such entries: they are found without reading the rest."""

_MONEY_MOVED = "kind = 'order' AND payload ->> 'given_minor' <> 0"

MONEY_INDEX = f"CREATE INDEX journal_money_moved ON journal (at_ms) WHERE {_MONEY_MOVED};\n"
"""Orders that were paid, or paid back, twice: when money of theirs changed hands past a sale or refund."""

_COLUMNS = "seq, id, kind, at_ms, operator, points, customer_id, sale_id, payload, prev_hash, hash"


@dataclass(frozen=True, slots=True)
class Audited:
    """Which entries are asked for: from and before a time (UTC ms), of one customer or all, below a seq."""

    from_ms: int = 0
    before_ms: int = 1 << 62
    customer_id: str | None = None
    below_seq: int = 1 << 62


def audited(ledger: Ledger, asked: Audited, limit: int) -> list[Entry]:
    """Return the entries asked for, newest first."""
    # A customer's own index is shorter than the one of all that is audited.
    whose = "AND customer_id = ?4" if asked.customer_id else "AND ?4 IS NULL"
    found = " UNION ALL ".join(
        f"SELECT {_COLUMNS} FROM journal WHERE {what} AND at_ms >= ?1 AND at_ms < ?2 AND seq < ?3 {whose}"  # noqa: S608
        for what in (f"kind IN ({AUDITED_KINDS})", _MONEY_MOVED)
    )
    rows = ledger.rows(
        f"{found} ORDER BY at_ms DESC, seq DESC LIMIT ?5",
        (asked.from_ms, asked.before_ms, asked.below_seq, asked.customer_id, limit),
    )
    return [Entry(ledger.terminal_id, *row) for row in rows]


def refunds_since(ledger: Ledger, from_ms: int) -> list[tuple[str, str]]:
    """Return (sale, payload) of this till's refunds since a time (UTC ms)."""
    return [
        (row[0], row[1])
        for row in ledger.rows(
            f"SELECT sale_id, payload FROM journal WHERE kind IN ({AUDITED_KINDS})"  # noqa: S608
            " AND kind = 'refund' AND at_ms >= ?",
            (from_ms,),
        )
    ]


def merged_into(ledger: Ledger, customer_id: str) -> str:
    """Return whom a customer's bonuses belong to now: the one they were merged into, however often."""
    seen = {customer_id}
    while True:
        found = ledger.row(
            "SELECT json_extract(payload, '$.into') FROM journal"
            " WHERE customer_id = ? AND kind = 'merge' AND json_extract(payload, '$.into') IS NOT NULL"
            " ORDER BY seq DESC LIMIT 1",
            (customer_id,),
        )
        if found is None or found[0] in seen:
            return customer_id
        customer_id = found[0]
        seen.add(customer_id)
