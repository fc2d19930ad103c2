"""The sums behind the owner's figures: sales, lots and journal, each read once."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

from terminal.ledger.ledger import Ledger
from terminal.rules.reporting import Bought, OfferGroup, OpenPoints, PointsMoved

_VISIT = """
CREATE TEMP TABLE visit (
    customer_id TEXT NOT NULL, month INTEGER NOT NULL, sales INTEGER NOT NULL, total INTEGER NOT NULL,
    paid INTEGER NOT NULL, earlier INTEGER NOT NULL, lately INTEGER NOT NULL, PRIMARY KEY (customer_id, month)
) STRICT, WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Buyers:
    """Everybody who bought: in the period, more than once in it, and what churn is counted from."""

    bought: Bought
    repeated: int
    earlier: int
    lost: int


@dataclass(frozen=True, slots=True)
class Expiring:
    """A customer's points (units) that will expire, the first day on which some do, and a name if there is one."""

    customer_id: str
    name: str | None
    points: int
    first_on: date


def gather_visits(ledger: Ledger, month_starts: tuple[int, ...], churn_starts: tuple[int, int]) -> None:
    """Sum the sales by customer and month, once; what is asked next reads that. Only inside a snapshot.

    `month_starts` are the starts of the period's months and its end, `churn_starts` those of the days before the
    last days and of the last days, which end with the period; all in UTC ms.
    """
    assert ledger.connection.in_transaction, "the sums live as long as the snapshot"
    earlier, lately = churn_starts
    month = _month_in_sql(month_starts, 0, len(month_starts) - 1)
    ledger.connection.execute(_VISIT)
    ledger.connection.execute(
        f"INSERT INTO visit SELECT customer_id, CASE WHEN at_ms < ?1 THEN -1 ELSE {month} END AS month, count(*),"  # noqa: S608
        " sum(total_minor), sum(total_minor - taken_off_minor), max(at_ms >= ?2 AND at_ms < ?3), max(at_ms >= ?3)"
        " FROM sale WHERE voided = 0 AND at_ms < ?4 GROUP BY customer_id, month",
        (month_starts[0], earlier, lately, month_starts[-1]),
    )


def _month_in_sql(starts: tuple[int, ...], first: int, end: int) -> str:
    """Return SQL for the place of `at_ms` among the starts: halves of halves, so a year takes four comparisons."""
    if end - first == 1:
        return str(first)
    middle = (first + end) // 2
    below, above = _month_in_sql(starts, first, middle), _month_in_sql(starts, middle, end)
    return f"CASE WHEN at_ms < {starts[middle]:d} THEN {below} ELSE {above} END"


def buyers(ledger: Ledger) -> Buyers:
    """Count everybody who bought."""
    found = ledger.row(
        "SELECT coalesce(sum(sales), 0), count(*) FILTER (WHERE sales > 0), coalesce(sum(total), 0),"
        " coalesce(sum(paid), 0), count(*) FILTER (WHERE sales > 1), count(*) FILTER (WHERE earlier),"
        " count(*) FILTER (WHERE earlier AND NOT lately)"
        " FROM (SELECT sum(sales) FILTER (WHERE month >= 0) AS sales,"
        "  sum(total) FILTER (WHERE month >= 0) AS total,"
        "  sum(paid) FILTER (WHERE month >= 0) AS paid, max(earlier) AS earlier, max(lately) AS lately"
        "  FROM visit GROUP BY customer_id)"
    )
    assert found is not None
    return Buyers(Bought(*found[:4]), *found[4:])


def bought_by_month(ledger: Ledger) -> dict[int, Bought]:
    """Sum the sales of each month, by its place in the period; months without a sale are left out."""
    rows = ledger.rows(
        "SELECT month, sum(sales), count(*), sum(total), sum(paid) FROM visit WHERE month >= 0 GROUP BY month"
    )
    return {row[0]: Bought(*row[1:]) for row in rows}


def cohort_counts(ledger: Ledger) -> dict[tuple[int, int], int]:
    """Count customers by (month of the first purchase, months after it in which they bought)."""
    rows = ledger.rows(
        "SELECT first, month - first, count(*) FROM"
        " (SELECT month, min(month) OVER (PARTITION BY customer_id) AS first FROM visit)"
        " WHERE first >= 0 GROUP BY 1, 2"
    )
    return {(row[0], row[1]): row[2] for row in rows}


def active_customers(ledger: Ledger) -> set[str]:
    """Return the customers who bought in the period."""
    return {
        row[0]
        for row in ledger.rows(
            "SELECT DISTINCT customer_id FROM visit WHERE month >= 0 AND customer_id IN (SELECT id FROM customer)"
        )
    }


def seq_from(ledger: Ledger, at_ms: int) -> int:
    """Return the seq of the first entry at a time (UTC ms) or after it, or the next one's when there is none."""

    def time_of(seq: int) -> int:
        found = ledger.row("SELECT at_ms FROM journal WHERE seq = ?", (seq,))
        assert found is not None
        return int(found[0])

    return bisect_left(range(1, ledger.last_seq() + 1), at_ms, key=time_of) + 1


def points_moved(ledger: Ledger, from_ms: int, to_ms: int) -> PointsMoved:
    """Sum the points that own entries moved from one time (UTC ms) to before another."""
    found = ledger.row(
        "SELECT coalesce(sum(points) FILTER"
        "   (WHERE points > 0 AND kind NOT IN ('restore', 'merge') OR kind = 'clawback'), 0),"
        " coalesce(-sum(points) FILTER (WHERE kind IN ('redeem', 'restore')), 0),"
        " coalesce(-sum(points) FILTER (WHERE kind = 'expire'), 0)"
        " FROM journal WHERE seq >= ? AND seq < ? AND points <> 0",
        (seq_from(ledger, from_ms), seq_from(ledger, to_ms)),
    )
    assert found is not None
    return PointsMoved(*found)


def open_points(ledger: Ledger, on: date) -> list[OpenPoints]:
    """Sum the points left by the days of their lots; those whose last day is over count for nothing."""
    rows = ledger.rows(
        "SELECT available_from, expires_on, sum(points_left) FROM lot"
        " WHERE points_left > 0 AND (expires_on IS NULL OR expires_on >= ?) GROUP BY 1, 2",
        (on.isoformat(),),
    )
    return [
        OpenPoints(date.fromisoformat(row[0]), date.fromisoformat(row[1]) if row[1] else None, row[2])
        for row in rows
    ]


def expiring_between(ledger: Ledger, first: date, last: date, limit: int) -> tuple[int, int, list[Expiring]]:
    """Return (customers, points) that expire in these days, and the customers with the most of them."""
    rows = ledger.rows(
        "WITH due AS MATERIALIZED (SELECT customer_id, sum(points_left) AS points, min(expires_on) AS first_on"
        "  FROM lot WHERE expires_on BETWEEN ? AND ? AND expires_on IS NOT NULL AND points_left > 0"
        "  GROUP BY customer_id)"
        " SELECT customer_id, name, points, first_on, (SELECT count(*) FROM due), (SELECT sum(points) FROM due)"
        " FROM (SELECT * FROM due ORDER BY points DESC, customer_id LIMIT ?)"
        " LEFT JOIN person USING (customer_id) ORDER BY points DESC, customer_id",
        (first.isoformat(), last.isoformat(), limit),
    )
    listed = [Expiring(row[0], row[1], row[2], date.fromisoformat(row[3])) for row in rows]
    return (rows[0][4], rows[0][5], listed) if rows else (0, 0, [])


def offers_between(
    ledger: Ledger, first: date, last: date, offer_id: str, limit: int
) -> list[tuple[str, str, date, date]]:
    """Return (id, title, first day, last day) of the personal offers that hold on these days, newest first.

    An `offer_id` asks for that one alone.
    """
    rows = ledger.rows(
        "SELECT id, max(title), min(valid_from), max(valid_until) FROM offer"
        " WHERE valid_from <= ?1 AND valid_until >= ?2 AND (?3 = '' OR id = ?3)"
        " GROUP BY id ORDER BY 3 DESC, 1 LIMIT ?4",
        (last.isoformat(), first.isoformat(), offer_id, limit),
    )
    return [(row[0], row[1], date.fromisoformat(row[2]), date.fromisoformat(row[3])) for row in rows]


def offer_groups(ledger: Ledger, offer_id: str, starts: tuple[int, int, int]) -> tuple[OfferGroup, OfferGroup]:
    """Sum what customers with an offer bought, and those without it; `starts` (UTC ms) are those of the days
    before, of the offer's own days, and of what comes after.
    """
    groups = {True: OfferGroup(0, 0, 0, 0, 0), False: OfferGroup(0, 0, 0, 0, 0)}
    for row in ledger.rows(
        "WITH holder AS MATERIALIZED (SELECT customer_id FROM offer WHERE id = ?1),"
        " bought AS MATERIALIZED (SELECT customer_id, count(*) FILTER (WHERE at_ms >= ?3) AS sales,"
        "   sum(total_minor - taken_off_minor) FILTER (WHERE at_ms >= ?3) AS paid,"
        "   sum(total_minor - taken_off_minor) FILTER (WHERE at_ms < ?3) AS before"
        "   FROM sale WHERE voided = 0 AND at_ms >= ?2 AND at_ms < ?4 GROUP BY customer_id)"
        " SELECT customer.id IN (SELECT customer_id FROM holder), count(*), count(*) FILTER (WHERE sales > 0),"
        " coalesce(sum(sales), 0), coalesce(sum(paid), 0), coalesce(sum(before), 0)"
        " FROM customer LEFT JOIN bought ON bought.customer_id = customer.id"
        " WHERE registered_ms < ?2 GROUP BY 1",
        (offer_id, *starts),
    ):
        groups[bool(row[0])] = OfferGroup(*row[1:])
    return groups[True], groups[False]
