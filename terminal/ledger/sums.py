"""What a whole ledger adds up to: the figures of a day's end, a demo or a replay."""

from dataclasses import dataclass

from terminal.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over all customers: money in minor units, points in units; `points` is what they have now.

    Sales are those that stand; `voided` are those that were taken back.
    """

    customers: int
    sales: int
    voided: int
    total_minor: int
    taken_off_minor: int
    earned: int
    redeemed: int
    expired: int
    points: int


def sums(ledger: Ledger) -> Sums:
    """Add up the journal and the accounts."""
    accounts = ledger.row("SELECT count(*), coalesce(sum(points), 0) FROM customer")
    sales = ledger.row(
        "SELECT count(*) FILTER (WHERE voided = 0), count(*) FILTER (WHERE voided = 1),"
        " coalesce(sum(total_minor) FILTER (WHERE voided = 0), 0),"
        " coalesce(sum(taken_off_minor) FILTER (WHERE voided = 0), 0) FROM sale"
    )
    by_kind = dict(ledger.rows("SELECT kind, sum(points) FROM journal GROUP BY kind"))
    assert accounts is not None
    assert sales is not None
    return Sums(
        customers=accounts[0],
        sales=sales[0],
        voided=sales[1],
        total_minor=sales[2],
        taken_off_minor=sales[3],
        earned=by_kind.get("earn", 0),
        redeemed=-by_kind.get("redeem", 0),
        expired=-by_kind.get("expire", 0),
        points=accounts[1],
    )
