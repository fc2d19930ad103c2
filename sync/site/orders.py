"""Orders of the shop's own site: points taken when placed, and given when paid."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import msgspec

from sync.protocol import Code, Fault
from sync.site.books import SITE
from sync.site.code_leases import hold_for_order, recall_from_others
from sync.site.leases import recall_for
from sync.site.order_books import (
    NO_ORDER,
    NO_PROGRAMME,
    Site,
    find_order,
    keep_order,
    order_to_change,
    ordered,
)
from sync.site.order_history import is_paid_at
from sync.site.order_quoting import Held, held_of, left_out_of, quote_order
from sync.site.order_record import Record, kept_record
from sync.site.order_settling import bring_up
from sync.site.reckoning import account_of
from sync.site.shop import today
from sync.site.shop_messages import LeftOut, Ordered, OrderNumber, PlaceOrder
from sync.site.store import Store
from terminal.rules.entry import uuid7
from terminal.rules.expiry import lot_to_be
from terminal.rules.lots import spendable
from terminal.rules.order import LIFE, record_of
from terminal.rules.quote import Quote
from terminal.rules.wish import ALL, Wish

_NO_NUMBER = 0  # of a register: the shop's own site has none


@dataclass(frozen=True, slots=True)
class Wanting:
    """What an order waits for that tills have: points (units), and codes."""

    points: int
    codes: Held


def place(store: Store, asked: PlaceOrder, who: str) -> Ordered | Fault:
    """Place an order; one that wants more points than are free is answered as `short`, and nothing is done.

    What tills have leased of limited offers and codes is left out.
    """
    placed = place_patiently(store, asked, who, patient=False)
    assert not isinstance(placed, Wanting)
    return placed


def place_patiently(
    store: Store, asked: PlaceOrder, who: str, *, patient: bool = True
) -> Ordered | Wanting | Fault:
    """Place an order that lacks nothing which tills have; otherwise do nothing, and say what is to be recalled."""
    with store.writing() as connection:
        site = Site(connection, store, asked.customer_id)
        told_hash = hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(asked, wait_s=0))).hexdigest()
        known = find_order(connection, asked.number)
        if known is not None:
            if known[1].told_hash != told_hash:
                return Fault(code=Code.CONFLICT, text="this number was used for another order")
            return ordered(site, asked.number, known[0], known[1])
        wish = Wish(asked.redeem, asked.codes)
        held = held_of(site, quote_order(site, asked.lines, wish, all_lots=True, all_codes=True))
        whole = quote_order(site, asked.lines, wish, all_lots=True)
        quoted = quote_order(site, asked.lines, wish)
        short = 0 if isinstance(whole, Fault) else _missing(site, whole, quoted, asked.redeem)
        if patient and (short or held):
            return Wanting(short, held)
        if isinstance(whole, Fault):
            return whole
        if short:
            return _short(site, asked.number, whole, short)
        if isinstance(quoted, Fault):
            return quoted
        if -sum(move.points for move in quoted.moves) != quoted.spent_points:
            text = "what an order earns can be spent once it is paid, not on the order itself"
            return Fault(code=Code.REFUSED, text=text)
        return _place(site, asked, quoted, told_hash, who, left_out_of(site, quoted, held))


def recall(store: Store, asked: PlaceOrder, wanting: Wanting) -> None:
    """Ask the tills for what an order waits for."""
    with store.reading() as connection:
        on = today(connection, store)
    if wanting.points:
        recall_for(store, asked.customer_id, SITE, wanting.points, on)
    recall_from_others(store, dict.fromkeys(one for whose in wanting.codes.values() for one in whose))


def _missing(site: Site, whole: Quote, quoted: Quote | Fault, redeem: int) -> int:
    """Return how many points an order lacks that tills have; 0 when it can be placed, or no till could help."""
    if isinstance(quoted, Quote) and (redeem != ALL or quoted.spent_points >= whole.spent_points):
        return 0
    assert site.programme is not None
    free = account_of(site.connection, site.books, site.customer_id, site.programme, site.moment.on).lots
    missing = whole.spent_points - spendable(free, site.moment.on)
    return missing if missing > 0 and site.elsewhere() else 0


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


def _place(
    site: Site, asked: PlaceOrder, quoted: Quote, told_hash: str, who: str, left_out: tuple[LeftOut, ...]
) -> Ordered | Fault:
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
    return msgspec.structs.replace(ordered(site, asked.number, "placed", record), left_out=left_out)


def pay(store: Store, asked: OrderNumber, who: str) -> Ordered | Fault:
    """Book a placed order as a sale, and give what it earns.

    One that was paid at a till already is paid twice then: the money is booked, and told as `over_minor`.
    """
    with order_to_change(store, asked.number) as found:
        if found is None:
            return NO_ORDER
        site, state, record = found
        if site.programme is None:
            return NO_PROGRAMME
        if state == "placed":
            _book_paid(site, asked.number, record, who)
            site.own.save(site.connection)
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
