"""Proof that the site's books agree: chains, balances, lots and leases, and that nothing was spent twice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, or_, select, text

from sync.site.journal import kept_entries
from sync.site.store import Store
from sync.site.tables import customer, journal, lease, lot, terminal
from terminal.rules.entry import GENESIS, chain, draft_of

_PAGE = 5000
_SHOWN = 10
_SPENDING = ("redeem", "restore")

_MOVED = {
    "sqlite": """
        SELECT journal.customer_id AS customer_id, m.value ->> 0 AS lot_id, sum(m.value ->> 1) AS moved
        FROM journal JOIN terminal ON terminal.id = journal.terminal_id AND journal.seq <= terminal.applied_seq,
             json_each(journal.payload, '$.moves') AS m
        WHERE kind <> 'clawback' GROUP BY 1, 2""",
    "postgresql": """
        SELECT journal.customer_id AS customer_id, m ->> 0 AS lot_id, sum((m ->> 1)::bigint) AS moved
        FROM journal JOIN terminal ON terminal.id = journal.terminal_id AND journal.seq <= terminal.applied_seq,
             jsonb_array_elements(journal.payload::jsonb -> 'moves') AS m
        WHERE kind <> 'clawback' GROUP BY 1, 2""",
}
"""What entries moved in each lot, but for what was clawed back: that may leave a lot owing, spending may not."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was counted, in points (units), and each fault that was found.

    issued = spent + expired + balances. `loss` is the part of `issued` that the loss account gave, `leased` the
    part of `balances` that holders have, `waiting` the number of entries that are held.
    """

    entries: int
    waiting: int
    customers: int
    issued: int
    spent: int
    expired: int
    balances: int
    leased: int
    loss: int
    overspent: int
    faults: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Tell whether nothing was wrong."""
        return not self.faults and self.overspent == 0 and self.issued == self.spent + self.expired + self.balances


def verify(store: Store, progress: Callable[[int, int], None] = lambda done, whole: None) -> Verified:
    """Check everything in one look at the database, while others go on. `progress` gets entries done and in all."""
    with store.reading() as connection:
        entries = _count(connection, select(func.count()).select_from(journal))
        faults = [*_check_chains(connection, entries, progress), *_check_sums(connection), *_check_lots(connection)]
        by_kind = _by_kind(connection)
        whole = sum(by_kind.values())
        spent = -sum(by_kind.get(kind, 0) for kind in _SPENDING)
        expired = -by_kind.get("expire", 0)
        balances = _count(connection, select(func.coalesce(func.sum(customer.c.points), 0)))
        return Verified(
            entries=entries,
            waiting=_count(
                connection,
                select(func.coalesce(func.sum(terminal.c.received_seq - terminal.c.applied_seq), 0)),
            ),
            customers=_count(connection, select(func.count()).select_from(customer)),
            issued=whole + spent + expired,
            spent=spent,
            expired=expired,
            balances=balances,
            leased=_count(connection, select(func.coalesce(func.sum(lease.c.points), 0))),
            loss=by_kind.get("loss_cover", 0),
            overspent=_overspent(connection),
            faults=tuple(faults),
        )


def _count(connection: Connection, query: object) -> int:
    return int(connection.execute(query).scalar_one())  # type: ignore[call-overload]


def _by_kind(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        select(journal.c.kind, func.sum(journal.c.points))
        .join(terminal, (terminal.c.id == journal.c.terminal_id) & (journal.c.seq <= terminal.c.applied_seq))
        .group_by(journal.c.kind)
    )
    return {kind: int(points) for kind, points in rows}


def _check_chains(connection: Connection, whole: int, progress: Callable[[int, int], None]) -> Iterator[str]:
    done = 0
    for one in connection.execute(select(terminal).order_by(terminal.c.id)).all():
        seq, prev_hash, points_known = 0, GENESIS, {0: GENESIS}
        broken = False
        while not broken and (page := kept_entries(connection, one.id, seq, _PAGE, prev_hash)):
            for entry in page:
                seq += 1
                if entry.seq != seq or chain(one.id, seq, draft_of(entry), prev_hash).hash != entry.hash:
                    yield f"{one.id}: the chain breaks at entry {entry.seq}"
                    broken = True
                    break
                prev_hash = entry.hash
                if seq in (one.applied_seq, one.received_seq):
                    points_known[seq] = prev_hash
            done += len(page)
            progress(done, whole)
        for what, at, digest in (
            ("received", one.received_seq, one.received_hash),
            ("applied", one.applied_seq, one.applied_hash),
        ):
            if not broken and points_known.get(at) != bytes(digest):
                yield f"{one.id}: {what} up to {at}, where another hash is"


def _check_sums(connection: Connection) -> Iterator[str]:
    """For every customer: sum of entries = balance = sum of lots."""
    by_entries = (
        select(journal.c.customer_id, func.sum(journal.c.points).label("points"))
        .join(terminal, (terminal.c.id == journal.c.terminal_id) & (journal.c.seq <= terminal.c.applied_seq))
        .where(journal.c.customer_id.is_not(None))
        .group_by(journal.c.customer_id)
        .subquery()
    )
    by_lots = select(lot.c.customer_id, func.sum(lot.c.points_left).label("points")).group_by(lot.c.customer_id)
    lots = by_lots.subquery()
    entries_sum, lots_sum = func.coalesce(by_entries.c.points, 0), func.coalesce(lots.c.points, 0)
    rows = connection.execute(
        select(customer.c.id, customer.c.points, entries_sum, lots_sum)
        .join(by_entries, by_entries.c.customer_id == customer.c.id, isouter=True)
        .join(lots, lots.c.customer_id == customer.c.id, isouter=True)
        .where(or_(customer.c.points != entries_sum, customer.c.points != lots_sum))
        .limit(_SHOWN)
    )
    for customer_id, points, in_entries, in_lots in rows:
        yield f"customer {customer_id}: balance {points}, entries {in_entries}, lots {in_lots}"


def _check_lots(connection: Connection) -> Iterator[str]:
    """For every lot: left = free + leased; and no lease is of nobody's lot."""
    leased = (
        select(lease.c.customer_id, lease.c.lot_id, func.sum(lease.c.points).label("points"))
        .group_by(lease.c.customer_id, lease.c.lot_id)
        .subquery()
    )
    held = func.coalesce(leased.c.points, 0)
    rows = connection.execute(
        select(lot.c.customer_id, lot.c.id, lot.c.points_left, lot.c.free, held)
        .join(leased, (leased.c.customer_id == lot.c.customer_id) & (leased.c.lot_id == lot.c.id), isouter=True)
        .where(lot.c.points_left != lot.c.free + held)
        .limit(_SHOWN)
    )
    for customer_id, lot_id, left, free, points in rows:
        yield f"customer {customer_id}, lot {lot_id}: {left} left, {free} free, {points} leased"
    stray = connection.execute(
        select(leased.c.customer_id, leased.c.lot_id)
        .join(lot, (leased.c.customer_id == lot.c.customer_id) & (leased.c.lot_id == lot.c.id), isouter=True)
        .where(lot.c.id.is_(None))
        .limit(_SHOWN)
    )
    for customer_id, lot_id in stray:
        yield f"customer {customer_id}: leased of lot {lot_id}, which is not there"


def _overspent(connection: Connection) -> int:
    """Points spent of a lot beyond what was ever in it; 0, always."""
    moved = _MOVED[connection.dialect.name]
    sql = (
        f"SELECT coalesce(sum(-moved - lot.points), 0) FROM ({moved}) AS spent"  # noqa: S608
        " JOIN lot ON lot.customer_id = spent.customer_id AND lot.id = spent.lot_id"
        " WHERE -moved > lot.points AND lot.points >= 0"
    )
    return int(connection.execute(text(sql)).scalar_one())
