"""All that the journals say of one order, whoever booked it: the settlement of orders is worked out from it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Connection, select

from sync.site.books import SITE
from sync.site.facts import Facts, read_facts
from sync.site.order_record import Record
from sync.site.store import AnyRow, among
from sync.site.tables import customer, journal, sale, terminal
from terminal.rules.order import OrderState
from terminal.rules.order_conflicts import Marks, OrderHistory, ReturnBooked

_KINDS = ("order", "sale", "earn", "refund", "restore", "order_settled")


@dataclass(slots=True)
class _Gathered:
    states: set[str]
    paid_at: list[str] = field(default_factory=list)
    issued_at: set[str] = field(default_factory=set)
    cancels: int = 0
    returns: list[ReturnBooked] = field(default_factory=list)
    given: Counter[str] = field(default_factory=Counter)
    points: int = 0
    spend_minor: int = 0
    marks: list[tuple[str, str, int]] = field(default_factory=list)
    earned: list[tuple[str, str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OrderEntries:
    """What the entries of an order come to, and the lots that its payment made: (lot, points)."""

    history: OrderHistory
    earned: tuple[tuple[str, int], ...]


def who_now(connection: Connection, customer_id: str) -> str:
    """Return the customer that somebody is now, after merges."""
    while into := connection.execute(
        select(customer.c.merged_into).where(customer.c.id == customer_id)
    ).scalar_one_or_none():
        customer_id = str(into)
    return customer_id


def read_order(connection: Connection, customer_id: str, state: str, record: Record) -> OrderEntries:
    """Read the entries of an order of a customer, under whatever id they were written before a merge."""
    ids = ids_of(connection, customer_id)
    rows = connection.execute(
        select(journal.c.terminal_id, journal.c.kind, journal.c.id, journal.c.points, journal.c.payload)
        .join(terminal, (terminal.c.id == journal.c.terminal_id) & (journal.c.seq <= terminal.c.applied_seq))
        .where(among(connection, journal.c.customer_id, ids), journal.c.sale_id == record.sale_id)
        .where(journal.c.kind.in_(_KINDS))
        .order_by(journal.c.at_ms, journal.c.terminal_id, journal.c.seq)
    )
    found = _Gathered({state})
    for row in rows:
        facts = read_facts(row.payload)
        if facts is not None:
            _gather(found, row, facts, len(record.lines))
    first = connection.execute(
        select(sale.c.terminal_id).where(among(connection, sale.c.customer_id, ids), sale.c.id == record.sale_id)
    ).scalar()
    found.paid_at.sort(key=lambda side: side != first)
    history = OrderHistory(
        agreed=record,
        states=frozenset(cast("set[OrderState]", found.states)),
        paid_at=tuple(found.paid_at),
        issued_at=frozenset(found.issued_at),
        cancels=found.cancels,
        returns=tuple(found.returns),
        given=tuple(sorted(found.given.items())),
        settled_points=found.points,
        settled_spend_minor=found.spend_minor,
        settled_marks=tuple(found.marks),
    )
    return OrderEntries(history, tuple((lot_id, points) for side, lot_id, points in found.earned if side == first))


def is_paid_at(connection: Connection, side: str, customer_id: str, record: Record) -> bool:
    """Tell whether a side has booked the payment of a customer's order."""
    found = connection.execute(
        select(journal.c.seq)
        .where(among(connection, journal.c.customer_id, ids_of(connection, customer_id)))
        .where(journal.c.terminal_id == side, journal.c.kind == "sale", journal.c.sale_id == record.sale_id)
    )
    return found.first() is not None


def ids_of(connection: Connection, customer_id: str) -> list[str]:
    """Return the ids that a customer had and has, after merges."""
    ids = [customer_id]
    for whose in ids:
        merged = connection.execute(select(customer.c.id).where(customer.c.merged_into == whose))
        ids += [row[0] for row in merged]
    return ids


def _gather(found: _Gathered, row: AnyRow, facts: Facts, lines: int) -> None:
    side = row.terminal_id
    match row.kind:
        case "order":
            found.states.add(facts.state or "")
            found.cancels += facts.state == "cancelled"
            if facts.state == "issued" and not facts.given_minor:
                found.issued_at.add(side)
            if facts.given_minor:
                found.given[side] += facts.given_minor
        case "sale":
            found.paid_at.append(side)
        case "earn":
            found.earned.append((side, row.id, row.points))
        case "refund" if len(facts.line_minor) == lines and min(facts.line_minor, default=0) >= 0:
            marks: Marks = facts.marks
            money_minor = facts.back_minor + facts.cut_minor
            found.returns.append(
                ReturnBooked(facts.line_minor, money_minor, facts.clawed_points, facts.returned_points, marks)
            )
        case "restore":  # a till's cancel says so in its order; what a refund gives back names no order
            found.cancels += side == SITE and facts.order is not None
        case "order_settled":
            found.points += row.points
            found.spend_minor += facts.spend_minor
            found.marks += facts.marks
        case _:
            pass
