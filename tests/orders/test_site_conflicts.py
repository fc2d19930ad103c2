"""Orders that two sides moved while they did not hear of each other: nobody's money and no bonus is lost."""

from datetime import date
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from sync.protocol import Account, Pushed
from sync.site import order_returns, orders
from sync.site.order_check import check_days
from sync.site.order_list import listed
from sync.site.order_record import Record
from sync.site.order_settling import settle_orders
from sync.site.shop_messages import Ordered, OrderLine, OrderNumber, PlaceOrder, ReturnOrder
from sync.site.tables import journal
from sync.site.verify import verify
from terminal.rules.order import OrderRecord
from tests.site.stand import Journal, Site

LINES = (OrderLine(name="Sofa", total_minor=80_00), OrderLine(name="Lamp", total_minor=20_00))


def ordered(answer: Any) -> Ordered:
    assert isinstance(answer, Ordered), answer
    return answer


class Case:
    """A customer with 100 points, an order of the site that takes 20 of them, and two tills that know of it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.tills = [site.till("till-1"), site.till("till-2")]
        self.customer = self.tills[0].register()
        self.lot = self.tills[0].earn(self.customer, 100)
        self.tills[0].give_back(self.customer, {self.lot: 100})
        self.sync()
        asked = PlaceOrder(number="W-1", customer_id=self.customer, lines=LINES, redeem=20)
        placed = ordered(orders.place(site.store, asked, "web"))
        assert (placed.state, placed.pay_minor, placed.earns, placed.balance) == ("placed", 80_00, 8, 80)

    def sync(self) -> None:
        """Bring what the tills wrote in; nothing of it may be held."""
        for till in self.tills:
            assert self.site.push(till).held is None
        assert verify(self.site.store).ok

    def state(self) -> tuple[str, Record]:
        """How the tills are told of the order."""
        told = {one.number: one for one in self.site.page(self.tills[0]).orders}["W-1"]
        return told.state, msgspec.json.decode(told.document, type=Record)

    def account(self) -> Account:
        return self.site.account(self.tills[0], self.customer)

    def settled(self) -> list[tuple[int, dict[str, Any]]]:
        """The site's own entries that put orders right: points, and why."""
        with self.site.store.reading() as connection:
            rows = connection.execute(
                select(journal.c.points, journal.c.payload)
                .where(journal.c.kind == "order_settled")
                .order_by(journal.c.seq)
            )
            return [(row[0], msgspec.json.decode(row[1])) for row in rows]

    def append(self, till: Journal, kind: str, payload: dict[str, Any], points: int = 0) -> str:
        sale = self.state()[1].sale_id
        return till.append(kind, {"order": "W-1", **payload}, points, customer=self.customer, sale=sale).id

    def move(self, till: Journal, state: str, **more: Any) -> None:
        self.append(till, "order", {"number": "W-1", "state": state, **more})

    def pay(self, till: Journal) -> str:
        """What a till books when it takes the payment; returns the lot it made."""
        record = msgspec.convert(msgspec.to_builtins(self.state()[1]), OrderRecord)
        self.append(till, "sale", record.sale_facts("W-1", 7, "site"))
        lot = self.append(till, "earn", {"lot": {"points": 8, "available_from": "2026-05-04"}}, 8)
        self.move(till, "paid")
        return lot

    def refund(self, till: Journal, lot: str) -> None:
        """What a till books when the whole order comes back."""
        facts = {"line_minor": [80_00, 20_00], "back_minor": 80_00, "cut_minor": 0}
        self.append(till, "refund", {**facts, "clawed_points": 8, "returned_points": 20})
        till.append(
            "restore", {"moves": [[self.lot, 20]]}, 20, customer=self.customer, sale=self.state()[1].sale_id
        )
        till.append("clawback", {"moves": [[lot, -8]]}, -8, customer=self.customer, sale=self.state()[1].sale_id)
        self.move(till, "returned")


@pytest.fixture
def case(site: Site) -> Case:
    return Case(site)


def test_an_order_paid_at_two_tills_is_one_sale_and_one_earning(case: Case) -> None:
    for till in case.tills:
        case.pay(till)
    case.sync()
    state, told = case.state()
    assert (state, told.conflicts, told.over_minor, told.paid_at) == (
        "paid",
        ("paid-twice",),
        80_00,
        ("till-1", "till-2"),
    )
    account = case.account()
    assert (account.points, account.spend_minor, account.visits) == (88, 80_00, 1)
    assert [(points, entry["order"], entry["why"]) for points, entry in case.settled()] == [
        (-8, "W-1", ["paid-twice"])
    ]
    wrong = [one.wrong for one in listed(case.site.store, None, None, 10, owed=True)]
    assert wrong == ["paid-twice (till-1, till-2); give 80.00 back"]
    case.move(case.tills[0], "paid", given_minor=80_00)
    case.sync()
    state, told = case.state()
    assert (state, told.over_minor, told.given) == ("paid", 0, (("till-1", 80_00),)), "a manager gave it back"
    assert len(case.settled()) == 1
    assert listed(case.site.store, None, None, 10, owed=True) == []
    assert [one.wrong for one in listed(case.site.store, None, None, 10)] == ["paid-twice (till-1, till-2)"]


@pytest.mark.parametrize("first", ["till", "site"])
def test_an_order_paid_at_a_till_and_on_the_site(case: Case, first: str) -> None:
    if first == "site":
        ordered(orders.pay(case.site.store, OrderNumber(number="W-1"), "web"))
    case.pay(case.tills[0])
    case.sync()
    told = ordered(orders.pay(case.site.store, OrderNumber(number="W-1"), "web"))
    assert (told.state, told.over_minor, told.balance) == ("paid", 80_00, 88)
    assert ordered(orders.pay(case.site.store, OrderNumber(number="W-1"), "web")) == told, "told again is done once"
    assert case.account().visits == 1
    assert sorted(case.state()[1].paid_at) == ["site", "till-1"]
    case.sync()


@pytest.mark.parametrize("spent_since", [False, True])
def test_an_order_cancelled_on_the_site_and_paid_at_a_till_is_paid(case: Case, spent_since: bool) -> None:
    """Its points went back and are taken again: from what is free, else they are owed."""
    case.pay(case.tills[0])
    cancelled = ordered(order_returns.cancel(case.site.store, OrderNumber(number="W-1"), "web"))
    assert (cancelled.state, cancelled.balance) == ("cancelled", 100)
    if spent_since:
        other = PlaceOrder(number="W-2", customer_id=case.customer, lines=LINES, redeem=100)
        ordered(orders.place(case.site.store, other, "web"))
    case.sync()
    state, told = case.state()
    assert (state, told.conflicts, told.over_minor) == ("paid", ("paid-though-cancelled",), 0)
    account = case.account()
    assert (account.points, account.spend_minor) == (88 - (100 if spent_since else 0), 80_00)
    assert [points for points, _ in case.settled()] == [-20]
    assert verify(case.site.store).overspent == 0


def test_an_order_cancelled_on_both_sides_gives_its_points_back_once(case: Case) -> None:
    ordered(order_returns.cancel(case.site.store, OrderNumber(number="W-1"), "web"))
    case.move(case.tills[1], "cancelled")
    case.append(case.tills[1], "restore", {"moves": [[case.lot, 20]]}, 20)
    case.sync()
    state, told = case.state()
    assert (state, told.conflicts, case.account().points) == ("cancelled", ("cancelled-twice",), 100)
    case.sync()
    assert [points for points, _ in case.settled()] == [-20]


def test_an_order_returned_at_a_till_and_on_the_site(case: Case) -> None:
    lot = case.pay(case.tills[0])
    case.sync()
    case.refund(case.tills[0], lot)
    back = ordered(order_returns.give_back(case.site.store, ReturnOrder(number="W-1", return_id="r"), "web"))
    assert (back.state, back.back_minor, back.balance) == ("returned", 80_00, 100)
    case.sync()
    state, told = case.state()
    assert (state, told.conflicts, told.over_minor) == ("returned", ("returned-twice",), -80_00)
    account = case.account()
    assert (account.points, account.spend_minor) == (100, 0)
    assert [(points, entry["spend_minor"]) for points, entry in case.settled()] == [(-12, 80_00)]


def test_two_payments_that_both_went_back_are_owed_by_nobody(case: Case) -> None:
    lots = [case.pay(till) for till in case.tills]
    for till, lot in zip(case.tills, lots, strict=True):
        case.refund(till, lot)
    case.sync()
    state, told = case.state()
    assert (state, told.over_minor, case.account().points) == ("returned", 0, 100)
    assert set(told.conflicts) == {"paid-twice", "returned-twice"}


def test_goods_that_two_tills_gave_out(case: Case) -> None:
    for till in case.tills:
        case.pay(till)
        case.move(till, "issued")
    case.sync()
    state, told = case.state()
    assert (state, told.conflicts, told.over_minor) == ("issued", ("paid-twice", "issued-twice"), 80_00)


def test_a_refund_by_the_sales_slip_returns_the_order(case: Case) -> None:
    """The till names the order in its refund: a part is told, the whole ends the order, and the site may go on."""
    lot = case.pay(case.tills[0])
    part = {"line_minor": [0, 20_00], "back_minor": 16_00, "cut_minor": 0, "clawed_points": 1, "returned_points": 4}
    case.append(case.tills[0], "refund", part)
    case.tills[0].append("restore", {"moves": [[case.lot, 4]]}, 4, customer=case.customer)
    case.tills[0].append("clawback", {"moves": [[lot, -1]]}, -1, customer=case.customer)
    case.sync()
    state, told = case.state()
    assert (state, told.refunded_minor, told.conflicts) == ("paid", 20_00, ())
    back = ordered(order_returns.give_back(case.site.store, ReturnOrder(number="W-1", return_id="r"), "web"))
    assert (back.state, back.back_minor, back.balance) == ("returned", 64_00, 100)
    assert case.state()[1].refunded_minor == 100_00
    assert case.settled() == []
    case.sync()


def test_entries_that_come_in_small_batches_come_to_the_same(case: Case) -> None:
    lots = [case.pay(till) for till in case.tills]
    ordered(order_returns.cancel(case.site.store, OrderNumber(number="W-1"), "web"))
    case.refund(case.tills[1], lots[1])
    for till in reversed(case.tills):
        seq = case.site.send(till, till.push_after(0, 0))
        assert isinstance(seq, Pushed)
        for after in range(seq.received_seq, len(till.entries)):
            case.site.send(till, till.push_after(after, 1))
    case.sync()
    state, told = case.state()
    assert (state, told.over_minor, case.account().points) == ("returned", 80_00, 100)
    assert set(told.conflicts) == {"paid-twice", "paid-though-cancelled"}


@pytest.mark.parametrize("at_once", [True, False])
def test_whoever_brought_the_customer_is_rewarded_once(case: Case, *, at_once: bool) -> None:
    """However the entries are cut into pushes; what comes after the settlement waits for the night."""
    referrer = case.tills[0].register()
    case.sync()
    for till in case.tills:
        case.pay(till)
        lot = {"points": 25, "available_from": "2026-05-04"}
        case.append(till, "referral", {"referrer": referrer, "rewarded": True, "lot": lot}, 25)
        gift = {"reason": "referral", "order": "W-1", "lot": lot | {"points": 40}}
        till.append("gift", gift, 40, customer=referrer, sale=case.state()[1].sale_id)
    for till in case.tills if not at_once else ():
        seq = case.site.send(till, till.push_after(0, 0))
        assert isinstance(seq, Pushed)
        for after in range(seq.received_seq, len(till.entries)):
            case.site.send(till, till.push_after(after, 1))
    case.sync()
    for _ in range(2):
        settle_orders(case.site.store)
        assert case.account().points == 80 + 8 + 25
        assert case.site.account(case.tills[0], referrer).points == 40
    assert verify(case.site.store).ok


def verdicts(case: Case) -> dict[str, str]:
    """What the check of the site's days says of the site's orders."""
    day = date(2026, 5, 4)
    return {one.order.number: one.verdict.value for one in check_days(case.site.store, day, day)}


def test_the_check_of_the_sites_days(case: Case) -> None:
    """An order waits, is paid, is paid twice; another is cancelled."""
    other = PlaceOrder(number="W-2", customer_id=case.customer, lines=LINES, redeem=30)
    ordered(orders.place(case.site.store, other, "web"))
    assert verdicts(case) == {"W-1": "works", "W-2": "works"}
    ordered(order_returns.cancel(case.site.store, OrderNumber(number="W-2"), "web"))
    case.pay(case.tills[0])
    case.sync()
    assert verdicts(case) == {"W-1": "works", "W-2": "outside"}
    case.pay(case.tills[1])
    case.sync()
    assert verdicts(case) == {"W-1": "money-owed", "W-2": "outside"}
