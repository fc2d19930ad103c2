"""All that the journals say of one order, whoever booked it: the settlement of orders is worked out from it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Connection, select

from sync.site.books import SITE
from sync.site.facts import Facts, read_facts
from sync.site.order_record import Record
from sync.site.store import AnyRow, among
from sync.site.tables import customer, journal, referral, sale, terminal
from terminal.rules.order import OrderState
from terminal.rules.order_conflicts import Marks, OrderHistory, ReturnBooked
from terminal.rules.order_rewards import RewardBooked

_KINDS = ("order", "sale", "earn", "refund", "restore", "referral", "order_settled")
_OF_REFERRERS = ("gift", "clawback", "order_settled")


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
    referrer_id: str = ""
    friend_points: Counter[str] = field(default_factory=Counter)
    unrewarded: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Brought:
    """What whoever brought the customer was given for the order, less what was taken back, by side."""

    referrer_id: str = ""
    points: Counter[str] = field(default_factory=Counter)
    settled_points: int = 0


@dataclass(frozen=True, slots=True)
class OrderEntries:
    """What the entries of an order come to, the lots that its payment made: (lot, points), and the id of whoever
    was rewarded for having brought the customer, "" when nobody was.
    """

    history: OrderHistory
    earned: tuple[tuple[str, int], ...]
    referrer_id: str = ""


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
        if facts is not None and row.kind == "referral":
            _gather_reward(found, row, facts)
        elif facts is not None:
            _gather(found, row, facts, len(record.lines))
    first = connection.execute(
        select(sale.c.terminal_id).where(among(connection, sale.c.customer_id, ids), sale.c.id == record.sale_id)
    ).scalar()
    found.paid_at.sort(key=lambda side: side != first)
    brought = _read_brought(connection, customer_id, found.referrer_id, record.sale_id)
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
        rewards=tuple(_rewards(found, brought)),
        settled_referrer_points=brought.settled_points,
    )
    earned = tuple((lot_id, points) for side, lot_id, points in found.earned if side == first)
    return OrderEntries(history, earned, brought.referrer_id)


def referrer_of(connection: Connection, customer_id: str) -> str | None:
    """Return who brought a customer, as they are now; None when nobody did, or both became one."""
    found = connection.execute(
        select(referral.c.referrer_id).where(
            among(connection, referral.c.customer_id, ids_of(connection, customer_id))
        )
    ).scalar()
    now = who_now(connection, found) if found else customer_id
    return None if now == customer_id else now


def _read_brought(connection: Connection, customer_id: str, referrer_id: str, sale_id: str) -> _Brought:
    """Read what was booked for the order on the account of whoever brought its customer."""
    if not referrer_id:
        return _Brought()
    now = who_now(connection, referrer_id)
    if now == customer_id:  # they became one: nothing of it can be told from what is the order's own
        return _Brought()
    rows = connection.execute(
        select(journal.c.terminal_id, journal.c.kind, journal.c.points)
        .join(terminal, (terminal.c.id == journal.c.terminal_id) & (journal.c.seq <= terminal.c.applied_seq))
        .where(among(connection, journal.c.customer_id, ids_of(connection, now)), journal.c.sale_id == sale_id)
        .where(journal.c.kind.in_(_OF_REFERRERS))
    ).all()
    points: Counter[str] = Counter()
    for row in rows:
        points[row.terminal_id] += row.points if row.kind != "order_settled" else 0
    return _Brought(now, points, sum(row.points for row in rows if row.kind == "order_settled"))


def _rewards(found: _Gathered, brought: _Brought) -> Iterator[RewardBooked]:
    """The rewards of the sides that were paid, the one that counts first."""
    for side in dict.fromkeys(found.paid_at):
        if side in found.friend_points:
            yield RewardBooked(found.friend_points[side], brought.points[side], side in found.unrewarded)


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


def _gather_reward(found: _Gathered, row: AnyRow, facts: Facts) -> None:
    found.referrer_id = facts.referrer or ""
    found.friend_points[row.terminal_id] += row.points
    if not facts.rewarded:
        found.unrewarded.add(row.terminal_id)
