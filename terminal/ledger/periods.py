"""What a customer bought and earned within some time, from this till's sales and those the site told of."""

from dataclasses import dataclass

from terminal.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Bought:
    """Money paid (minor units) and points earned (units), what came back taken off."""

    spend_minor: int
    points: int


def bought_between(ledger: Ledger, customer_id: str, from_ms: int, before_ms: int) -> Bought:
    """Sum up a customer's sales from a time and before another (UTC ms). A refund counts on its own day."""
    span = (customer_id, from_ms, before_ms)
    spend, points = _row(
        ledger,
        "SELECT coalesce(sum(total_minor - taken_off_minor), 0), coalesce(sum(earned), 0) FROM sale"
        " WHERE customer_id = ? AND at_ms >= ? AND at_ms < ? AND voided = 0",
        span,
    )
    elsewhere = _row(
        ledger,
        "SELECT coalesce(sum(total_minor - taken_off_minor), 0), coalesce(sum(earned), 0) FROM site_sale"
        " WHERE customer_id = ? AND at_ms >= ? AND at_ms < ? AND voided = 0 AND terminal_id <> ?",
        (*span, ledger.terminal_id),
    )
    back = _row(
        ledger,
        "SELECT coalesce(sum(payload ->> 'back_minor' + payload ->> 'cut_minor'), 0),"
        " coalesce(sum(payload ->> 'clawed_points'), 0) FROM journal"
        " WHERE customer_id = ? AND at_ms >= ? AND at_ms < ? AND kind = 'refund'",
        span,
    )
    return Bought(spend + elsewhere[0] - back[0], points + elsewhere[1] - back[1])


def earned_to_date(ledger: Ledger, customer_id: str) -> int:
    """Return all points (units) a customer has earned by buying."""
    return bought_between(ledger, customer_id, 0, 1 << 62).points


def _row(ledger: Ledger, sql: str, values: tuple[object, ...]) -> tuple[int, int]:
    found = ledger.row(sql, values)
    assert found is not None
    return found[0], found[1]
