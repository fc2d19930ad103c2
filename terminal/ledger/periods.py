"""What a customer bought and earned within some time, from this till's sales and those the site told of."""

from collections.abc import Sequence
from dataclasses import dataclass

from terminal.ledger.ledger import Ledger

SITE_REFUNDS = """
CREATE TABLE site_refund (
    sale_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    customer_id TEXT NOT NULL,
    terminal_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    money_minor INTEGER NOT NULL,
    clawed_points INTEGER NOT NULL,
    PRIMARY KEY (sale_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX site_refund_customer ON site_refund (customer_id, at_ms);
"""


@dataclass(frozen=True, slots=True)
class SiteRefund:
    """A refund as the site told of it: money in minor units, before anything was cut from it; points in units."""

    terminal_id: str
    at_ms: int
    money_minor: int
    clawed_points: int


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
    back_elsewhere = _row(
        ledger,
        "SELECT coalesce(sum(money_minor), 0), coalesce(sum(clawed_points), 0) FROM site_refund"
        " WHERE customer_id = ? AND at_ms >= ? AND at_ms < ? AND terminal_id <> ?",
        (*span, ledger.terminal_id),
    )
    back = _row(
        ledger,
        "SELECT coalesce(sum(payload ->> 'back_minor' + payload ->> 'cut_minor'), 0),"
        " coalesce(sum(payload ->> 'clawed_points'), 0) FROM journal"
        " WHERE customer_id = ? AND at_ms >= ? AND at_ms < ? AND kind = 'refund'",
        span,
    )
    return Bought(
        spend + elsewhere[0] - back[0] - back_elsewhere[0], points + elsewhere[1] - back[1] - back_elsewhere[1]
    )


def put_site_refunds(ledger: Ledger, sale_id: str, customer_id: str, refunds: Sequence[SiteRefund]) -> None:
    """Put the refunds of a sale as the site tells them now, in the caller's transaction; pull alone does."""
    if not refunds:
        return
    ledger.write("DELETE FROM site_refund WHERE sale_id = ?", (sale_id,))
    ledger.write_many(
        "INSERT INTO site_refund (sale_id, place, customer_id, terminal_id, at_ms, money_minor, clawed_points)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (sale_id, place, customer_id, one.terminal_id, one.at_ms, one.money_minor, one.clawed_points)
            for place, one in enumerate(refunds)
        ],
    )


def earned_to_date(ledger: Ledger, customer_id: str) -> int:
    """Return all points (units) a customer has earned by buying."""
    return bought_between(ledger, customer_id, 0, 1 << 62).points


def _row(ledger: Ledger, sql: str, values: tuple[object, ...]) -> tuple[int, int]:
    found = ledger.row(sql, values)
    assert found is not None
    return found[0], found[1]
