"""Orders that two sides moved, put right: one entry of the site's own that says why, and what a manager is told."""

from datetime import timedelta
from typing import Any

from msgspec import structs
from sqlalchemy import delete, select

from sync.site.order_books import Site, find_customer, find_order, keep_order
from sync.site.order_history import OrderEntries, read_order, referrer_of
from sync.site.order_record import Record
from sync.site.order_table import order_doubt
from sync.site.reckoning import free_lots
from sync.site.store import Store, upsert
from terminal.rules.lots import expired, spending_order
from terminal.rules.order_conflicts import Due, Settlement, settle_order


def settle_orders(store: Store) -> int:
    """Put right what two sides did to the orders in doubt; return how many were looked at. Safe to run again."""
    with store.reading() as connection:
        numbers = sorted(connection.execute(select(order_doubt.c.number)).scalars())
    for number in numbers:
        _settle(store, number)
    return len(numbers)


def _settle(store: Store, number: str) -> None:
    customer_id = find_customer(store, number)
    with store.reading() as connection:
        referrer_id = referrer_of(connection, customer_id) if customer_id else None
    with store.writing() as connection:
        if customer_id is not None:
            site = Site(connection, store, customer_id, *([referrer_id] if referrer_id else []))
            found = find_order(connection, number)
            assert found is not None
            bring_up(site, number, found[0], found[1])
        connection.execute(delete(order_doubt).where(order_doubt.c.number == number))


def bring_up(site: Site, number: str, state: str, record: Record) -> tuple[str, Record]:
    """Bring an order up to all that was booked of it, in the caller's transaction; return state and document."""
    site.own.save(site.connection)
    entries = read_order(site.connection, site.customer_id, state, record)
    settled = settle_order(entries.history)
    _correct_sale(site, record, settled.due)
    if not settled.books_nothing:
        site.own.append(
            "order_settled",
            _payload(site, number, entries, settled),
            points=settled.points,
            customer_id=site.customer_id,
            sale_id=record.sale_id,
        )
    if settled.referrer_points:
        _settle_referrer(site, number, record, entries, settled)
    site.own.save(site.connection)
    now = structs.replace(
        record,
        refunded_minor=sum(settled.due.line_minor),
        over_minor=settled.over_minor,
        conflicts=settled.conflicts,
        paid_at=entries.history.paid_at,
        given=entries.history.given,
    )
    keep_order(site, number, settled.state, now)
    return settled.state, now


def _settle_referrer(site: Site, number: str, record: Record, entries: OrderEntries, settled: Settlement) -> None:
    """Put right what whoever brought the customer was given; where their books are not at hand, it is done next."""
    referrer_id, points = entries.referrer_id, settled.referrer_points
    if referrer_id not in site.books.customers:
        upsert(site.connection, order_doubt, [{"number": number}])
        return
    payload = _taken(site, referrer_id, -points) if points < 0 else _new_lot(site, points)
    payload |= {"order": number, "why": list(settled.conflicts)}
    site.own.append("order_settled", payload, points=points, customer_id=referrer_id, sale_id=record.sale_id)


def _correct_sale(site: Site, record: Record, due: Due) -> None:
    """Let the sale say what came back of it once no line counts twice: the next refund is reckoned from there."""
    key = (site.customer_id, record.sale_id)
    site.books.load_sales([key])
    sold = site.books.sales.get(key)
    if sold is None or len(sold.record.refunded) != len(due.line_minor):
        return
    kept = sold.record
    if (kept.refunded, kept.clawed_points, kept.returned_points) != (
        list(due.line_minor),
        due.clawed_points,
        due.returned_points,
    ):
        kept.refunded, kept.clawed_points = list(due.line_minor), due.clawed_points
        kept.returned_points = due.returned_points
        sold.changed = True


def _payload(site: Site, number: str, entries: OrderEntries, settled: Settlement) -> dict[str, Any]:
    payload: dict[str, Any] = {"order": number, "why": list(settled.conflicts)}
    if settled.points:
        payload |= (
            _given(site, entries, settled.points)
            if settled.points > 0
            else _taken(site, site.customer_id, -settled.points)
        )
    if settled.spend_minor:
        payload["spend_minor"] = settled.spend_minor
    if settled.marks:
        payload["marks"] = [list(mark) for mark in settled.marks]
    return payload


def _taken(site: Site, customer_id: str, points: int) -> dict[str, Any]:
    """Take points from what is free; the rest is owed, and set off against the next that become free."""
    on = site.moment.on
    moves: list[list[object]] = []
    for lot in sorted(free_lots(site.books, customer_id), key=spending_order):
        part = 0 if expired(lot, on) else min(points, lot.left, lot.held)
        if part > 0:
            moves.append([lot.id, -part])
            points -= part
    owed = {"lot": {"points": -points, "available_from": on.isoformat()}} if points else {}
    return {"moves": moves, **owed}


def _given(site: Site, entries: OrderEntries, points: int) -> dict[str, Any]:
    """Give points back into what the order earned, or, where that has expired, into a lot of the days of grace."""
    on = site.moment.on
    alive = {lot.id for lot in free_lots(site.books, site.customer_id) if not expired(lot, on)}
    for lot_id, _ in entries.earned:
        if lot_id in alive:
            return {"moves": [[lot_id, points]]}
    return _new_lot(site, points)


def _new_lot(site: Site, points: int) -> dict[str, Any]:
    on = site.moment.on
    lot: dict[str, object] = {"points": points, "available_from": on.isoformat()}
    if site.programme is not None:
        lot["expires_on"] = (on + timedelta(days=site.programme.refund.grace_days)).isoformat()
    return {"moves": [], "lot": lot}
