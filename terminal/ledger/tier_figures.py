"""What all tiers are counted by: what customers paid and earned by period, and memberships, each read once."""

from datetime import date

from terminal.ledger.audit import AUDITED_KINDS
from terminal.ledger.ledger import Ledger

_MOVED = f"""
SELECT customer_id, at_ms, total_minor - taken_off_minor AS spend, earned AS points FROM sale
WHERE voided = 0 AND at_ms >= ?1 AND at_ms < ?2
UNION ALL
SELECT customer_id, at_ms, total_minor - taken_off_minor, earned FROM site_sale
WHERE voided = 0 AND at_ms >= ?1 AND at_ms < ?2 AND terminal_id <> ?3
UNION ALL
SELECT customer_id, at_ms, -(payload ->> 'back_minor' + payload ->> 'cut_minor'), -(payload ->> 'clawed_points')
FROM journal WHERE kind IN ({AUDITED_KINDS}) AND kind = 'refund' AND at_ms >= ?1 AND at_ms < ?2
UNION ALL
SELECT customer_id, at_ms, -money_minor, -clawed_points FROM site_refund
WHERE at_ms >= ?1 AND at_ms < ?2 AND terminal_id <> ?3
"""  # noqa: S608
"""For everybody what `periods.bought_between` reads of one customer."""

Counted = tuple[int, int]
"""Money paid (minor units) and points earned (units)."""


def counted_by_period(ledger: Ledger, starts: tuple[int, ...], end_ms: int) -> dict[str, list[Counted]]:
    """Sum by customer and period; the periods, newest first, begin at `starts` and follow each other (UTC ms)."""
    place = " ".join(f"WHEN at_ms >= {start:d} THEN {number}" for number, start in enumerate(starts))
    sums: dict[str, list[Counted]] = {}
    for customer_id, period, spend, points in ledger.rows(
        f"SELECT customer_id, CASE {place} END AS period, sum(spend), sum(points) FROM ({_MOVED})"  # noqa: S608
        " WHERE customer_id IN (SELECT id FROM customer) GROUP BY customer_id, period",
        (starts[-1], end_ms, ledger.terminal_id),
    ):
        sums.setdefault(customer_id, [(0, 0)] * len(starts))[period] = (spend, points)
    return sums


def spent_to_date(ledger: Ledger) -> dict[str, int]:
    """Return what each customer has paid to date (minor units), but for those who have paid nothing."""
    return dict(ledger.rows("SELECT id, spend_minor FROM customer WHERE spend_minor <> 0"))


def memberships_on(ledger: Ledger, day: date) -> dict[str, list[tuple[str, date]]]:
    """Return code and last day of each membership that holds on a day, by customer."""
    found: dict[str, list[tuple[str, date]]] = {}
    for customer_id, code, until in ledger.rows(
        "SELECT customer_id, code, until FROM membership WHERE until >= ?"
        " AND customer_id IN (SELECT id FROM customer)",
        (day.isoformat(),),
    ):
        found.setdefault(customer_id, []).append((code, date.fromisoformat(until)))
    return found


def everybody(ledger: Ledger) -> int:
    """Return how many customers there are."""
    found = ledger.row("SELECT count(*) FROM customer")
    assert found is not None
    return int(found[0])
