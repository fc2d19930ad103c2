"""Leases: the site grants from what is free, numbered and durable before it is sent, and recalls by hints.

Locks are taken in one order everywhere: journals, holders, customers, people, the feed's counter. A recall locks
only its holder, so it is a transaction of its own.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
from sqlalchemy import Connection, select, update

from sync.protocol import Asset, Grant, GrantedLot, Recall
from sync.site.books import SITE, Books, LotBook
from sync.site.code_lease_table import code_lease
from sync.site.feed import next_changes
from sync.site.holders import Holder, lock_holder, lock_holders
from sync.site.recovering import missing_holders
from sync.site.rounds import Cells, Statement
from sync.site.store import Store, among, insert
from sync.site.tables import customer, grant, holder, lease, lot, recall, terminal
from terminal.rules.lots import Lot, expired, spendable, spending_order, usable

_GRANTS = """
SELECT number, customer_id, lots, at_ms, asset FROM lease_grant WHERE holder_id = ? AND number > ?
ORDER BY number LIMIT ?
"""
_RECALLS = """
SELECT number, customer_id, points, at_ms, asset FROM lease_recall WHERE holder_id = ? AND number > ?
ORDER BY number LIMIT ?
"""

_PAGE = 500
_DAY_MS = 24 * 60 * 60 * 1000


def lot_of(book: LotBook, held: int) -> Lot:
    """Return a lot as the rules know it, held by somebody with so many points."""
    last = date.fromisoformat(book.expires_on) if book.expires_on else None
    return Lot(book.id, book.left, held, date.fromisoformat(book.available_from), last)


def grant_points(
    connection: Connection, books: Books, to: Holder, customer_id: str, parts: Sequence[tuple[str, int]], at_ms: int
) -> Grant:
    """Lease parts of a customer's free lots to a holder, under the holder's next number."""
    for lot_id, points in parts:
        book = books.lots[customer_id, lot_id]
        assert 0 < points <= book.free, f"{points} of lot {lot_id}, {book.free} free"
        book.free -= points
        book.changed = True
        books.hold((customer_id, lot_id), points)
    to.granted += 1
    keep_grant(connection, to, customer_id, parts, at_ms)
    lots = tuple(GrantedLot(lot_id, points) for lot_id, points in parts)
    return Grant(number=to.granted, customer_id=customer_id, lots=lots, at_ms=at_ms)


def keep_grant(
    connection: Connection,
    to: Holder,
    customer_id: str,
    parts: Sequence[tuple[str, int]],
    at_ms: int,
    asset: Asset = "points",
) -> None:
    """Store a grant under the holder's last number."""
    row = {
        "holder_id": to.id,
        "number": to.granted,
        "customer_id": customer_id,
        "lots": msgspec.json.encode(parts).decode(),
        "at_ms": at_ms,
        "asset": asset,
    }
    insert(connection, grant, [row])
    connection.execute(update(holder).where(holder.c.id == to.id).values(granted=to.granted))


def grant_up_to(store: Store, holder_id: str, customer_id: str, points: int, on: date) -> tuple[list[Grant], int]:
    """Bring what a holder may spend of a customer up to a level; return grants, and what is short."""
    with store.writing() as connection:
        to = lock_holder(connection, holder_id)
        books = Books(connection, holder_id)
        books.load([customer_id])
        lots = [lot_of(book, books.held((customer_id, book.id))) for book in books.lots_of(customer_id)]
        missing = points - spendable(lots, on)
        parts: list[tuple[str, int]] = []
        for one in sorted((one for one in lots if usable(one, on)), key=spending_order):
            taken = min(missing, books.lots[customer_id, one.id].free, one.left - one.held)
            if taken > 0:
                parts.append((one.id, taken))
                missing -= taken
        if not parts:
            return [], max(0, missing)
        granted = grant_points(connection, books, to, customer_id, parts, store.clock())
        books.save()
        return [granted], max(0, missing)


def held_elsewhere(connection: Connection, customer_id: str, but: str, on: date) -> dict[str, int]:
    """Return what other holders may spend of a customer on a day."""
    rows = connection.execute(
        select(lease.c.holder_id, lease.c.points, lot.c.available_from, lot.c.expires_on)
        .join(lot, (lot.c.customer_id == lease.c.customer_id) & (lot.c.id == lease.c.lot_id))
        .where(lease.c.customer_id == customer_id, lease.c.holder_id != but, lease.c.points > 0)
    )
    today = on.isoformat()
    elsewhere: dict[str, int] = {}
    for holder_id, points, available_from, expires_on in rows:
        if available_from <= today and (expires_on is None or expires_on >= today):
            elsewhere[holder_id] = elsewhere.get(holder_id, 0) + points
    return elsewhere


def recall_for(store: Store, customer_id: str, but: str, missing: int, on: date) -> dict[str, int]:
    """Ask other holders to return what is missing, those with most first; return what each is asked for."""
    with store.reading() as connection:
        elsewhere = held_elsewhere(connection, customer_id, but, on)
    asked: dict[str, int] = {}
    for holder_id, points in sorted(elsewhere.items(), key=lambda one: (-one[1], one[0])):
        if missing > 0:
            asked[holder_id] = min(missing, points)
            missing -= points
    recall_from(store, customer_id, asked)
    return asked


def recall_all(store: Store, customer_id: str) -> None:
    """Ask every holder to return all that it has of a customer."""
    with store.reading() as connection:
        rows = connection.execute(
            select(lease.c.holder_id).where(lease.c.customer_id == customer_id, lease.c.points > 0).distinct()
        ).all()
        others = connection.execute(
            select(code_lease.c.holder_id)
            .where(code_lease.c.customer_id == customer_id, code_lease.c.holder_id != SITE)
            .distinct()
        ).all()
    recall_from(store, customer_id, dict.fromkeys((row[0] for row in rows), None))
    for row in others:
        recall_codes(store, row[0], customer_id)


def recall_from(store: Store, customer_id: str, asked: dict[str, int | None] | dict[str, int]) -> None:
    """Number a recall for each of these holders, unless the same one still waits."""
    for holder_id, points in sorted(asked.items()):
        with store.writing() as connection:
            one = lock_holder(connection, holder_id)
            waiting = _waiting(connection, one, customer_id, "points")
            if not any(known is None or (points is not None and known >= points) for known in waiting):
                _number_recall(connection, store, one, customer_id, points, "points")


def recall_codes(store: Store, holder_id: str, customer_id: str) -> None:
    """Number a recall of the codes that a holder has of a customer, unless one still waits."""
    with store.writing() as connection:
        one = lock_holder(connection, holder_id)
        if not _waiting(connection, one, customer_id, "codes"):
            _number_recall(connection, store, one, customer_id, None, "codes")


def _waiting(connection: Connection, one: Holder, customer_id: str, asset: Asset) -> list[int | None]:
    """Return the points (None: all) of a holder's recalls that it has not dealt with."""
    rows = connection.execute(
        select(recall.c.points).where(
            recall.c.holder_id == one.id,
            recall.c.number > one.recalled_done,
            recall.c.customer_id == customer_id,
            recall.c.asset == asset,
        )
    )
    return [row[0] for row in rows]


def _number_recall(
    connection: Connection, store: Store, one: Holder, customer_id: str, points: int | None, asset: Asset
) -> None:
    row = {
        "holder_id": one.id,
        "number": one.recalled + 1,
        "customer_id": customer_id,
        "points": points,
        "at_ms": store.clock(),
        "asset": asset,
    }
    insert(connection, recall, [row])
    connection.execute(update(holder).where(holder.c.id == one.id).values(recalled=one.recalled + 1))
    next_changes(connection, 1)


def asking_grants(holder_id: str, number: int, limit: int) -> Statement:
    """Return what brings a holder's grants after a number."""
    return Statement(_GRANTS, (holder_id, number, limit))


def grants_of(rows: Iterable[Cells]) -> tuple[Grant, ...]:
    """Return the grants that were asked for."""
    return tuple(
        Grant(
            number=number,
            customer_id=customer_id,
            lots=msgspec.json.decode(lots, type=tuple[GrantedLot, ...]),
            at_ms=at_ms,
            asset=asset,
        )
        for number, customer_id, lots, at_ms, asset in rows
    )


def asking_recalls(holder_id: str, number: int, limit: int) -> Statement:
    """Return what brings a holder's recalls after a number."""
    return Statement(_RECALLS, (holder_id, number, limit))


def recalls_of(rows: Iterable[Cells]) -> tuple[Recall, ...]:
    """Return the recalls that were asked for."""
    return tuple(
        Recall(number=number, customer_id=customer_id, points=points, at_ms=at_ms, asset=asset)
        for number, customer_id, points, at_ms, asset in rows
    )


def reclaim(store: Store, holder_id: str, grants: Iterable[Grant]) -> int:
    """Book grants again that a restored database has forgotten; return the last number that is known now.

    What was granted meanwhile to others makes `free` fall below 0, which `verify` tells.
    """
    with store.writing() as connection:
        to = lock_holder(connection, holder_id)
        books = Books(connection, holder_id)
        new = sorted((one for one in grants if one.number > to.granted), key=lambda one: one.number)
        books.load({one.customer_id for one in new})
        for one in new:
            if one.number != to.granted + 1:
                break
            to.granted += 1
            parts = _book_again(connection, books, one)
            keep_grant(connection, to, one.customer_id, parts, one.at_ms, one.asset)
        books.save()
        return to.granted


def _book_again(connection: Connection, books: Books, one: Grant) -> list[tuple[str, int]]:
    """Book a grant that was forgotten; a code that somebody else got meanwhile stays theirs."""
    if one.asset == "codes":
        if one.customer_id in books.customers:
            books.customers[one.customer_id].changed = True
            rows = [
                {"customer_id": one.customer_id, "code": part.lot_id, "holder_id": books.holder_id}
                for part in one.lots
            ]
            known = among(connection, code_lease.c.code, [part.lot_id for part in one.lots])
            leased = connection.execute(
                select(code_lease.c.code).where(code_lease.c.customer_id == one.customer_id, known)
            )
            taken = {row[0] for row in leased}
            insert(connection, code_lease, [row for row in rows if row["code"] not in taken])
        return [(part.lot_id, part.points) for part in one.lots]
    parts = [(part.lot_id, part.points) for part in one.lots if (one.customer_id, part.lot_id) in books.lots]
    for lot_id, points in parts:
        books.lots[one.customer_id, lot_id].free -= points
        books.lots[one.customer_id, lot_id].changed = True
        books.hold((one.customer_id, lot_id), points)
    return parts


def plan(store: Store, on: date, offline_days: int, customer_ids: Sequence[str] | None = None) -> int:
    """Lease whole free balances to the customers' home holders; return the points (units). Safe to run again.

    A holder that is not active, is held, claims grants that the site does not know, or was not heard of for
    `offline_days` gets nothing; nobody does while a restored site waits for its holders.
    """
    granted = 0
    for home in _reachable(store, offline_days):
        after = ""
        while True:
            with store.writing() as connection:
                to = lock_holders(connection, [home])[home]
                ids = _with_free(connection, home, after, customer_ids)
                books = Books(connection, home)
                books.load(ids)
                for customer_id in ids:
                    granted += _grant_free(connection, store, books, to, customer_id, on)
                books.save()
            if len(ids) < _PAGE:
                break
            after = ids[-1]
    return granted


def _reachable(store: Store, offline_days: int) -> list[str]:
    with store.reading() as connection:
        if missing_holders(connection):
            return []
        heard = store.clock() - offline_days * _DAY_MS
        held = select(terminal.c.holder_id).where(terminal.c.held_why.is_not(None))
        rows = connection.execute(
            select(holder.c.id)
            .where(
                holder.c.state == "active",
                holder.c.role != SITE,
                holder.c.contact_ms >= heard,
                holder.c.id.not_in(held),
                holder.c.granted_seen <= holder.c.granted,
            )
            .order_by(holder.c.id)
        )
        return [row[0] for row in rows]


def _with_free(connection: Connection, home: str, after: str, customer_ids: Sequence[str] | None) -> list[str]:
    free = select(lot.c.id).where(lot.c.customer_id == customer.c.id, lot.c.free > 0).exists()
    query = select(customer.c.id).where(
        customer.c.home == home, customer.c.id > after, customer.c.merged_into.is_(None), free
    )
    if customer_ids is not None:
        query = query.where(customer.c.id.in_(customer_ids))
    return [row[0] for row in connection.execute(query.order_by(customer.c.id).limit(_PAGE))]


def _grant_free(connection: Connection, store: Store, books: Books, to: Holder, customer_id: str, on: date) -> int:
    parts = [
        (book.id, book.free)
        for book in books.lots_of(customer_id)
        if book.free > 0 and not expired(lot_of(book, 0), on)
    ]
    if parts:
        grant_points(connection, books, to, customer_id, parts, store.clock())
    return sum(points for _, points in parts)
