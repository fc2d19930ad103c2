"""Orders of the shop's own site: points taken when placed, and given when paid."""

import hashlib
from datetime import timedelta
from functools import partial

import msgspec
from sqlalchemy import Connection, select

from sync.protocol import Code, Fault
from sync.site.books import SITE, Books
from sync.site.events import said
from sync.site.feed import next_changes
from sync.site.holders import holders
from sync.site.journal import OwnJournal, lock_progress
from sync.site.leases import held_elsewhere
from sync.site.notices import queue_notices
from sync.site.order_record import Record, kept_record
from sync.site.reckoning import account_of, moment_now
from sync.site.shop import programme_on
from sync.site.shop_messages import AskQuote, Ordered, OrderLine, OrderNumber, PlaceOrder, Quoted, Where
from sync.site.store import Store, upsert
from sync.site.tables import shop_order
from terminal.rules.bill import Bill, Line
from terminal.rules.entry import uuid7
from terminal.rules.expiry import lot_to_be
from terminal.rules.lots import spendable
from terminal.rules.notices import order_changes
from terminal.rules.order import record_of
from terminal.rules.phrase import Money, Phrase, Points, Refused
from terminal.rules.programme import Programme
from terminal.rules.quote import Quote
from terminal.rules.quoting import quote_bill
from terminal.rules.wish import ALL, Moment, Wish

_NO_NUMBER = 0  # of a register: the shop's own site has none
NO_CUSTOMER = Fault(code=Code.UNKNOWN, text="there is no such customer")
NO_ORDER = Fault(code=Code.UNKNOWN, text="there is no such order")
NO_PROGRAMME = Fault(code=Code.CONFLICT, text="no programme is in force")


class Site:
    """A transaction of the site's own, with one customer's books and the programme of the day."""

    def __init__(self, connection: Connection, store: Store, customer_id: str) -> None:
        self.connection = connection
        self.store = store
        self.customer_id = customer_id
        progress = lock_progress(connection, [SITE])[SITE]
        self.books = Books(connection, SITE)
        self.books.load([customer_id])
        self.own = OwnJournal(store, self.books, progress)
        self.moment: Moment = moment_now(connection, store)
        self.programme: Programme | None = programme_on(connection, self.moment.on)

    @property
    def balance(self) -> int:
        """All points of the customer."""
        return self.books.customers[self.customer_id].points

    def elsewhere(self) -> tuple[Where, ...]:
        """Where the points are that the site can't spend now."""
        held = held_elsewhere(self.connection, self.customer_id, SITE, self.moment.on)
        names = {one.id: one.name for one in holders(self.connection)}
        return tuple(Where(names.get(holder_id, holder_id), points) for holder_id, points in sorted(held.items()))


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


def _place(site: Site, asked: PlaceOrder, quoted: Quote, told_hash: str, who: str) -> Ordered:
    sale_id = uuid7(site.store.clock(), site.store.chance.getrandbits(74))
    record = kept_record(record_of(quoted, sale_id), told_hash)
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


def find_order(connection: Connection, number: str) -> tuple[str, Record, str] | None:
    """Return an order's state, document and customer."""
    row = connection.execute(
        select(shop_order.c.state, shop_order.c.document, shop_order.c.customer_id).where(
            shop_order.c.number == number
        )
    ).first()
    return (row.state, msgspec.json.decode(row.document, type=Record), row.customer_id) if row else None


def keep_order(site: Site, number: str, state: str, record: Record) -> None:
    """Store an order, and tell the tills."""
    row = {
        "number": number,
        "customer_id": site.customer_id,
        "channel": "site",
        "state": state,
        "total_minor": record.total_minor,
        "at_ms": site.store.clock(),
        "document": msgspec.json.encode(record).decode(),
        "change": next_changes(site.connection, 1),
    }
    upsert(site.connection, shop_order, [row])
    queue_notices(site.connection, site.store, order_changes(site.customer_id, number, state))


def ordered(site: Site, number: str, state: str, record: Record, back_minor: int = 0) -> Ordered:
    """Return how an order stands."""
    return Ordered(
        number=number,
        state=state,
        total_minor=record.total_minor,
        taken_off_minor=record.taken_off_minor,
        pay_minor=record.total_minor - record.taken_off_minor,
        redeemed=record.redeemed,
        earns=sum(points for points, _ in record.earns),
        balance=site.balance,
        back_minor=back_minor,
        elsewhere=site.elsewhere(),
    )


def find_customer(store: Store, number: str) -> str | None:
    """Return whose order this is."""
    with store.reading() as connection:
        found = find_order(connection, number)
        return found[2] if found else None


def pay(store: Store, asked: OrderNumber, who: str) -> Ordered | Fault:
    """Book a placed order as a sale, and give what it earns."""
    customer_id = find_customer(store, asked.number)
    if customer_id is None:
        return NO_ORDER
    with store.writing() as connection:
        site = Site(connection, store, customer_id)
        found = find_order(connection, asked.number)
        assert found is not None
        state, record, _ = found
        if state == "placed":
            if site.programme is None:
                return NO_PROGRAMME
            record = _paid(site, asked.number, record, who)
            site.own.save(connection)
            keep_order(site, asked.number, "paid", record)
        elif state != "paid":
            return Fault(code=Code.CONFLICT, text=f"the order is {state}")
        return ordered(site, asked.number, "paid", record)


def _paid(site: Site, number: str, record: Record, who: str) -> Record:
    append = partial(site.own.append, customer_id=site.customer_id, sale_id=record.sale_id, operator=who)
    append("sale", record.sale_facts(number, _NO_NUMBER, "site"))
    earned: list[tuple[str, int]] = []
    assert site.programme is not None
    for points, days in record.earns:
        lot = lot_to_be(site.programme, points, site.moment.on + timedelta(days=days))
        entry = append("earn", {"lot": lot.lot_facts()}, points=points)
        earned.append((entry.id, points))
    return msgspec.structs.replace(record, earned=tuple(earned))
