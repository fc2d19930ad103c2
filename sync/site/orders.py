"""Orders of the shop's own site: points taken when placed, and given when paid."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from functools import partial

import msgspec

from sync.protocol import Code, Fault
from sync.site.books import SITE
from sync.site.code_leases import hold_for_order
from sync.site.events import said
from sync.site.order_books import (
    NO_ORDER,
    NO_PROGRAMME,
    Site,
    find_customer,
    find_order,
    keep_order,
    ordered,
)
from sync.site.order_history import is_paid_at
from sync.site.order_record import Record, kept_record
from sync.site.order_settling import bring_up
from sync.site.reckoning import account_of, coupons_named
from sync.site.shop_messages import AskQuote, Ordered, OrderLine, OrderNumber, PlaceOrder, Quoted
from sync.site.store import Store
from terminal.rules.bill import Bill, Line
from terminal.rules.entry import uuid7
from terminal.rules.expiry import lot_to_be
from terminal.rules.lots import spendable
from terminal.rules.order import LIFE, record_of
from terminal.rules.phrase import Money, Phrase, Points, Refused
from terminal.rules.quote import Quote
from terminal.rules.quoting import quote_bill
from terminal.rules.wish import ALL, Wish

_NO_NUMBER = 0  # of a register: the shop's own site has none
NO_CUSTOMER = Fault(code=Code.UNKNOWN, text="there is no such customer")


def quote(store: Store, asked: AskQuote) -> Quoted | Fault:
    """Quote an order with what is free, and say where the rest of the points is."""
    with store.writing() as connection:  # it locks the customer, so that the figures are of one moment
        site = Site(connection, store, asked.customer_id)
        quoted = _quoted(site, asked.lines, Wish(asked.redeem, asked.codes))
        if isinstance(quoted, Fault):
            return quoted
        assert site.programme is not None
        free = account_of(connection, site.books, asked.customer_id, site.programme, site.moment.on).lots
        return Quoted(
            total_minor=quoted.bill.total_minor,
            taken_off_minor=quoted.taken_off_minor,
            pay_minor=quoted.pay_minor,
            redeemed=quoted.spent_points,
            earns=quoted.earned_points,
            available=spendable(free, site.moment.on),
            elsewhere=site.elsewhere(),
            steps=tuple((_plain(step.words), step.money_minor, step.points) for step in quoted.adjustments),
        )


def _plain(words: Phrase) -> str:
    values = {
        name: value.minor if isinstance(value, Money) else value.units if isinstance(value, Points) else value
        for name, value in words.values
    }
    return words.text.format_map(values)


def _quoted(site: Site, lines: tuple[OrderLine, ...], wish: Wish, *, all_lots: bool = False) -> Quote | Fault:
    if site.customer_id not in site.books.customers:
        return NO_CUSTOMER
    if site.programme is None:
        return NO_PROGRAMME
    bill = Bill(
        tuple(
            Line(one.name, one.total_minor, one.quantity_milli, one.sku, one.category, one.brand) for one in lines
        )
    )
    account = account_of(
        site.connection, site.books, site.customer_id, site.programme, site.moment.on, all_lots=all_lots
    )
    account = replace(account, coupons=coupons_named(site.connection, wish.codes))
    quoted = quote_bill(site.programme, account, bill, wish, site.moment)
    if isinstance(quoted, Refused):
        return Fault(code=Code.REFUSED, text=said(quoted.reason))
    return quoted


def place(store: Store, asked: PlaceOrder, who: str) -> Ordered | Fault:
    """Place an order; one that wants more points than are free is answered as `short`, and nothing is done."""
    with store.writing() as connection:
        site = Site(connection, store, asked.customer_id)
        told_hash = hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(asked, wait_s=0))).hexdigest()
        known = find_order(connection, asked.number)
        if known is not None:
            if known[1].told_hash != told_hash:
                return Fault(code=Code.CONFLICT, text="this number was used for another order")
            return ordered(site, asked.number, known[0], known[1])
        wish = Wish(asked.redeem, asked.codes)
        whole = _quoted(site, asked.lines, wish, all_lots=True)
        if isinstance(whole, Fault):
            return whole
        quoted = _quoted(site, asked.lines, wish)
        assert site.programme is not None
        if isinstance(quoted, Fault) or (asked.redeem == ALL and quoted.spent_points < whole.spent_points):
            free = account_of(connection, site.books, asked.customer_id, site.programme, site.moment.on).lots
            short = whole.spent_points - spendable(free, site.moment.on)
            if short <= 0 or not site.elsewhere():
                if isinstance(quoted, Fault):
                    return quoted
            else:
                return _short(site, asked.number, whole, short)
        if -sum(move.points for move in quoted.moves) != quoted.spent_points:
            text = "what an order earns can be spent once it is paid, not on the order itself"
            return Fault(code=Code.REFUSED, text=text)
        return _place(site, asked, quoted, told_hash, who)


def _short(site: Site, number: str, whole: Quote, short: int) -> Ordered:
    return Ordered(
        number=number,
        state="short",
        total_minor=whole.bill.total_minor,
        taken_off_minor=whole.taken_off_minor,
        pay_minor=whole.pay_minor,
        redeemed=whole.spent_points,
        earns=whole.earned_points,
        balance=site.balance,
        short=short,
        elsewhere=site.elsewhere(),
    )


def _place(site: Site, asked: PlaceOrder, quoted: Quote, told_hash: str, who: str) -> Ordered | Fault:
    sale_id = uuid7(site.store.clock(), site.store.chance.getrandbits(74))
    record = kept_record(record_of(quoted, sale_id), told_hash)
    gone = hold_for_order(site.connection, asked.customer_id, record.marks, site.moment.on)
    if gone is not None:
        return Fault(code=Code.CONFLICT, text=f"{gone} was taken elsewhere just now: ask for a quote again")
    if record.redeemed:
        payload = {"moves": [list(move) for move in record.spent], "order": asked.number}
        site.own.append(
            "redeem",
            payload,
            points=-record.redeemed,
            customer_id=asked.customer_id,
            sale_id=sale_id,
            operator=who,
        )
    site.own.save(site.connection)
    keep_order(site, asked.number, "placed", record)
    return ordered(site, asked.number, "placed", record)


def pay(store: Store, asked: OrderNumber, who: str) -> Ordered | Fault:
    """Book a placed order as a sale, and give what it earns.

    One that was paid at a till already is paid twice then: the money is booked, and told as `over_minor`.
    """
    customer_id = find_customer(store, asked.number)
    if customer_id is None:
        return NO_ORDER
    with store.writing() as connection:
        site = Site(connection, store, customer_id)
        found = find_order(connection, asked.number)
        assert found is not None
        state, record, _ = found
        if site.programme is None:
            return NO_PROGRAMME
        if state == "placed":
            _book_paid(site, asked.number, record, who)
            site.own.save(connection)
            state = "paid"
            keep_order(site, asked.number, state, record)
        elif LIFE.index(state) >= LIFE.index("paid") and not is_paid_at(
            site.connection, SITE, site.customer_id, record
        ):
            _book_paid(site, asked.number, record, who)
            state, record = bring_up(site, asked.number, state, record)
        elif state in ("held", "cancelled", "returned"):
            return Fault(code=Code.CONFLICT, text=f"the order is {state}")
        return ordered(site, asked.number, state, record)


def _book_paid(site: Site, number: str, record: Record, who: str) -> None:
    site.books.load_sales([(site.customer_id, record.sale_id)])
    append = partial(site.own.append, customer_id=site.customer_id, sale_id=record.sale_id, operator=who)
    append("sale", record.sale_facts(number, _NO_NUMBER, "site"))
    assert site.programme is not None
    for points, days in record.earns:
        lot = lot_to_be(site.programme, points, site.moment.on + timedelta(days=days))
        append("earn", {"lot": lot.lot_facts()}, points=points)
