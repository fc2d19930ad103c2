"""Orders that are taken back: cancelled before they were paid, or returned afterwards, whole or in parts."""

from functools import partial

from msgspec import structs

from sync.protocol import Code, Fault
from sync.site.code_leases import free_of_order
from sync.site.events import said
from sync.site.order_books import NO_ORDER, NO_PROGRAMME, Site, keep_order, order_to_change, ordered
from sync.site.order_history import read_order
from sync.site.order_record import Record
from sync.site.order_settling import bring_up
from sync.site.reckoning import free_lots
from sync.site.shop_messages import Ordered, OrderNumber, ReturnOrder
from sync.site.store import Store
from terminal.rules.order import NEXT
from terminal.rules.order_conflicts import Due, settle_order, sold_of
from terminal.rules.phrase import Refused
from terminal.rules.refunding import EarnedLot, Refund, RefundedBefore, Sold, refund_sale


def cancel(store: Store, asked: OrderNumber, who: str) -> Ordered | Fault:
    """Cancel an order that was not paid: the points it took return to their lots."""
    with order_to_change(store, asked.number) as found:
        if found is None:
            return NO_ORDER
        site, state, record = found
        if state == "placed":
            if record.spent:
                site.books.load_named(site.customer_id, [lot_id for lot_id, _ in record.spent])
                payload = {"moves": [[lot_id, -points] for lot_id, points in record.spent], "order": asked.number}
                site.own.append(
                    "restore",
                    payload,
                    points=record.redeemed,
                    customer_id=site.customer_id,
                    sale_id=record.sale_id,
                    operator=who,
                )
            free_of_order(site.connection, site.customer_id, record.marks)
            site.own.save(site.connection)
            keep_order(site, asked.number, "cancelled", record)
        elif state != "cancelled":
            return Fault(code=Code.CONFLICT, text=f"the order is {state}: return its goods instead")
        return ordered(site, asked.number, "cancelled", record)


def give_back(store: Store, asked: ReturnOrder, who: str) -> Ordered | Fault:
    """Take goods of a paid order back: what was earned goes pro rata, what was spent returns."""
    with order_to_change(store, asked.number) as found:
        if found is None:
            return NO_ORDER
        site, state, record = found
        done = dict(record.returns)
        if asked.return_id in done:
            return ordered(site, asked.number, state, record, done[asked.return_id])
        if state not in NEXT or "returned" not in NEXT[state]:
            return Fault(code=Code.CONFLICT, text=f"the order is {state}")
        entries = read_order(site.connection, site.customer_id, state, record)
        due = settle_order(entries.history).due
        sold = sold_of(record, (EarnedLot(lot_id, points, 0) for lot_id, points in entries.earned))
        refund = _refund(site, sold, due, asked.line_minor)
        if isinstance(refund, Fault):
            return refund
        _book(site, asked, record, refund, who)
        record = structs.replace(record, returns=(*record.returns, (asked.return_id, refund.back_minor)))
        state, record = bring_up(site, asked.number, state, record)
        return ordered(site, asked.number, state, record, refund.back_minor)


def _refund(site: Site, sold: Sold, due: Due, line_minor: tuple[int, ...] | None) -> Refund | Fault:
    if site.programme is None:
        return NO_PROGRAMME
    before = RefundedBefore(due.line_minor, due.clawed_points, due.returned_points)
    if line_minor is None:
        line_minor = tuple(
            line.total_minor - done for line, done in zip(sold.lines, before.line_minor, strict=True)
        )
    if len(line_minor) != len(sold.lines):
        return Fault(code=Code.REFUSED, text=f"the order has {len(sold.lines)} lines")
    site.books.load_named(
        site.customer_id, [*(move.lot_id for move in sold.spent), *(lot.lot_id for lot in sold.earned)]
    )
    refund = refund_sale(
        site.programme, sold, before, line_minor, free_lots(site.books, site.customer_id), site.moment.on
    )
    return Fault(code=Code.REFUSED, text=said(refund.reason)) if isinstance(refund, Refused) else refund


def _book(site: Site, asked: ReturnOrder, record: Record, refund: Refund, who: str) -> None:
    append = partial(site.own.append, customer_id=site.customer_id, sale_id=record.sale_id, operator=who)
    site.books.load_sales([(site.customer_id, record.sale_id)])
    facts: dict[str, object] = {
        "order": asked.number,
        "line_minor": list(refund.line_minor),
        "back_minor": refund.back_minor,
        "cut_minor": refund.cut_minor,
        "clawed_points": refund.clawed_points,
        "returned_points": refund.returned_points,
    }
    if refund.marks:
        facts["marks"] = [list(mark) for mark in refund.marks]
    append("refund", facts)
    if refund.returned_points:
        payload: dict[str, object] = {"moves": [[move.lot_id, move.points] for move in refund.returned]}
        if refund.revived_points:
            payload["lot"] = {
                "points": refund.revived_points,
                "available_from": site.moment.on.isoformat(),
                "expires_on": refund.revived_until.isoformat(),
            }
        append("restore", payload, points=refund.returned_points)
    if refund.taken_points:
        payload = {"moves": [[move.lot_id, move.points] for move in refund.clawed]}
        if refund.debt_points:
            payload["lot"] = {"points": -refund.debt_points, "available_from": site.moment.on.isoformat()}
        append("clawback", payload, points=-refund.taken_points)
