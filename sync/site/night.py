"""The site's night: what is held is tried again, what is free and past its day expires, homes move, free points are
leased to them again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select

from sync.protocol import WhyHeld
from sync.site.books import SITE, Books
from sync.site.journal import OwnJournal, lock_progress
from sync.site.leases import lot_of, plan
from sync.site.notices import queue_days
from sync.site.order_settling import settle_orders
from sync.site.pushing import apply_kept
from sync.site.settling import settle
from sync.site.shop import policy, programme_on, shop_facts
from sync.site.store import Store, day_of, start_ms
from sync.site.tables import customer, enrolment, holder, lot, sale, terminal
from sync.site.tiers import move_tiers
from terminal.rules.lots import expired

_PAGE = 500
_HOME_DAYS = 90
_KEEP_CODES_DAYS = 30
_DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Night:
    """What a night did: points (units) that expired, customers with another home, points leased to homes."""

    expired: int
    moved: int
    leased: int


def nightly(store: Store, say: Callable[[str], None] = lambda step: None) -> Night:
    """Do a night's work. Every step works in pages and is safe to run again."""
    with store.reading() as connection:
        facts, by = shop_facts(connection), policy(connection)
    on = day_of(store.clock(), facts.timezone)
    say("held journals")
    apply_held(store)
    say("expiring")
    gone = expire(store, on) + expire_idle(store, on)
    say("tiers")
    move_tiers(store, on)
    say("homes")
    moved = move_homes(store)
    say("debts")
    settle_orders(store)
    settle(store)
    say("leases")
    leased = plan(store, on, facts.offline_days) if by == "home" else 0
    say("notices")
    queue_days(store, on)
    say("tidying")
    _tidy(store)
    return Night(gone, moved, leased)


def apply_held(store: Store) -> int:
    """Apply what fits by now of held journals, also of those that no till pushes any more; return entries applied.

    A lost till's waits until the till is found: what it held is not its own any more.
    """
    waiting = (
        select(terminal.c.id)
        .join(holder, holder.c.id == terminal.c.holder_id)
        .where(terminal.c.applied_seq < terminal.c.received_seq, holder.c.state.in_(("active", "revoked")))
        .where(terminal.c.held_why.not_in((WhyHeld.LEDGER_BEHIND, WhyHeld.LEDGER_FORKED)))
        .order_by(terminal.c.id)
    )
    with store.reading() as connection:
        ids = [row[0] for row in connection.execute(waiting)]
    applied = 0
    for terminal_id in ids:
        while some := apply_kept(store, terminal_id):
            applied += some
    return applied


def expire(store: Store, on: date) -> int:
    """Write an entry for every lot whose last day is over and of which something is free; return the points.

    Leased points are not touched: a till may have spent them in time. They expire once they are returned.
    """
    gone = 0
    after = ""
    while True:
        with store.writing() as connection:
            progress = lock_progress(connection, [SITE])[SITE]
            rows = connection.execute(
                select(lot.c.customer_id)
                .where(lot.c.expires_on < on.isoformat(), lot.c.free > 0, lot.c.customer_id > after)
                .distinct()
                .order_by(lot.c.customer_id)
                .limit(_PAGE)
            ).all()
            ids = [row[0] for row in rows]
            books = Books(connection, SITE)
            books.load(ids)
            own = OwnJournal(store, books, progress)
            for book in list(books.lots.values()):
                if book.free > 0 and expired(lot_of(book, 0), on):
                    gone += book.free
                    payload = {"moves": [[book.id, -book.free]]}
                    own.append("expire", payload, points=-book.free, customer_id=book.customer_id, operator="night")
            own.save(connection)
        if len(ids) < _PAGE:
            return gone
        after = ids[-1]


def expire_idle(store: Store, on: date) -> int:
    """End what is free of customers who stay away for longer than the programme lets them; return the points."""
    with store.reading() as connection:
        programme, timezone = programme_on(connection, on), shop_facts(connection).timezone
    if programme is None or programme.expiry.inactive_days is None:
        return 0
    day = on - timedelta(days=programme.expiry.inactive_days)
    idle = lot.c.free > 0, lot.c.points_left > 0, lot.c.available_from < day.isoformat()
    away = func.coalesce(customer.c.last_sale_ms, 0) < start_ms(day, timezone)
    gone, after = 0, ""
    while True:
        with store.writing() as connection:
            progress = lock_progress(connection, [SITE])[SITE]
            query = select(customer.c.id).join(lot, lot.c.customer_id == customer.c.id).where(*idle, away)
            query = query.where(customer.c.id > after).distinct().order_by(customer.c.id).limit(_PAGE)
            ids = [row[0] for row in connection.execute(query)]
            books = Books(connection, SITE)
            books.load(ids)
            own = OwnJournal(store, books, progress)
            for book in list(books.lots.values()):
                points = min(book.free, book.left)
                if points > 0 and book.available_from < day.isoformat():
                    gone += points
                    payload = {"moves": [[book.id, -points]]}
                    own.append("expire", payload, points=-points, customer_id=book.customer_id, operator="night")
            own.save(connection)
        if len(ids) < _PAGE:
            return gone
        after = ids[-1]


def move_homes(store: Store) -> int:
    """Give each customer the home where most of the last ninety days' sales were; return how many moved.

    A home is a holder: a till, or the relay of a store with all its tills.
    """
    since = store.clock() - _HOME_DAYS * _DAY_MS
    with store.reading() as connection:
        counted = connection.execute(
            select(sale.c.customer_id, terminal.c.holder_id, func.count(), func.max(sale.c.at_ms))
            .join(terminal, terminal.c.id == sale.c.terminal_id)
            .where(sale.c.at_ms >= since, terminal.c.holder_id != SITE)
            .group_by(sale.c.customer_id, terminal.c.holder_id)
        ).all()
        homes = dict(connection.execute(select(customer.c.id, customer.c.home)).all())
    best: dict[str, tuple[int, int, str]] = {}
    for customer_id, holder_id, count, last_ms in counted:
        best[customer_id] = max(best.get(customer_id, (0, 0, "")), (count, last_ms, holder_id))
    moving = {one: home for one, (_, _, home) in best.items() if homes.get(one) != home}
    for page in _pages(sorted(moving)):
        with store.writing() as connection:
            books = Books(connection, SITE)
            books.load(page, lots_too=[])
            for book in books.customers.values():
                book.home, book.changed = moving[book.id], True
            books.save()
    return len(moving)


def _pages(ids: list[str]) -> Iterable[list[str]]:
    return (ids[place : place + _PAGE] for place in range(0, len(ids), _PAGE))


def _tidy(store: Store) -> None:
    old = store.clock() - timedelta(days=_KEEP_CODES_DAYS) // timedelta(milliseconds=1)
    with store.writing() as connection:
        connection.execute(delete(enrolment).where(enrolment.c.expires_ms < old))
