"""Orders: bonuses held at once, paid later, freed when nobody pays; every state's way on, and drafts."""

import msgspec
import pytest

from terminal import desk
from terminal.desk import Till, order_drafts, orders
from terminal.desk.order_drafts import OrderDraft
from terminal.ledger import orders as ledger_orders
from terminal.ledger.orders import Order
from terminal.ledger.replica_shop import put_orders
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import Bill, bill_of_total
from terminal.rules.phrase import Money, Refused, phrase
from terminal.rules.quote import ALL
from terminal.rules.slip_code import slip_code
from tests.shop import MANAGER, Clock, again, balance, journal_kinds, new_till, register, said, sell

HOURS = 48


def hold(till: Till, customer: str, total_minor: int = 10_000, redeem: int = ALL) -> Order:
    bill = bill_of_total(total_minor)
    shown = desk.quote(till, customer, bill, redeem, channel="manager")
    assert not isinstance(shown, Refused), shown
    held = orders.hold_order(till, shown, bill, MANAGER, HOURS)
    assert not isinstance(held, Refused), held
    return held


def place(till: Till, customer: str, total_minor: int = 10_000, redeem: int = ALL) -> Order:
    placed = orders.place_order(till, hold(till, customer, total_minor, redeem).number, MANAGER, HOURS)
    assert not isinstance(placed, Refused), placed
    return placed.order


@pytest.fixture
def customer(till: Till) -> str:
    """A customer with 60 points."""
    customer_id = register(till)
    sell(till, customer_id, 60_000)
    return customer_id


def test_an_order_holds_bonuses_at_once_and_earns_when_it_is_paid(till: Till, customer: str) -> None:
    held = hold(till, customer)
    assert (held.state, held.record.redeemed, held.record.pay_minor) == ("held", 60, 4_000)
    assert balance(till, customer) == 0, "nobody else can spend them"
    placed = orders.place_order(till, held.number, MANAGER, HOURS)
    assert isinstance(placed, orders.Placed)
    paid = orders.pay_order(till, held.number, MANAGER)
    assert isinstance(paid, desk.Completed)
    assert (paid.sale.total_minor, paid.sale.taken_off_minor, paid.sale.channel) == (10_000, 6_000, "manager")
    assert (paid.sale.redeemed, paid.sale.earned, paid.balance) == (60, 4, 4)
    for step in (orders.hand_over_order, orders.close_order):
        assert isinstance(step(till, held.number, MANAGER), Order)
    assert verify_ledger(till.ledger).ok
    assert journal_kinds(till.ledger)[-8:] == [
        "order",
        "redeem",
        "order",
        "sale",
        "earn",
        "order",
        "order",
        "order",
    ]


def test_a_cancelled_order_gives_back_what_it_held(till: Till, customer: str) -> None:
    placed = place(till, customer)
    cancelled = orders.cancel_order(till, placed.number, MANAGER, "changed their mind")
    assert isinstance(cancelled, Order)
    assert (cancelled.state, balance(till, customer)) == ("cancelled", 60)
    assert verify_ledger(till.ledger).ok


def test_an_order_that_nobody_pays_frees_its_bonuses(till: Till, customer: str, clock: Clock) -> None:
    placed, paid = place(till, customer, redeem=20), place(till, customer, redeem=10)
    assert isinstance(orders.pay_order(till, paid.number, MANAGER), desk.Completed)
    clock.advance(hours=HOURS)
    assert orders.free_unpaid_orders(till, MANAGER) == 0
    clock.advance(seconds=1)
    assert orders.free_unpaid_orders(till, MANAGER) == 1
    assert orders.free_unpaid_orders(till, MANAGER) == 0
    found = orders.find_order(till, placed.number)
    assert isinstance(found, Order)
    assert (found.state, balance(till, customer)) == ("cancelled", 60 - 10 + 9)


def test_a_returned_order_pays_back_what_was_paid_and_returns_what_was_spent(till: Till, customer: str) -> None:
    placed = place(till, customer)
    orders.pay_order(till, placed.number, MANAGER)
    shown = orders.show_return(till, placed.number)
    assert isinstance(shown, desk.RefundShown)
    assert (shown.refund.back_minor, shown.refund.returned_points) == (4_000, 60)
    assert isinstance(orders.return_order(till, placed.number, shown, MANAGER), desk.RefundDone)
    assert balance(till, customer) == 60
    found = orders.find_order(till, placed.number)
    assert isinstance(found, Order)
    assert found.state == "returned"
    assert verify_ledger(till.ledger).ok


@pytest.mark.parametrize(
    ("way", "wrong"),
    [
        ("held", "pay"),
        ("placed", "issue"),
        ("placed", "return"),
        ("paid", "pay"),
        ("paid", "cancel"),
        ("cancelled", "pay"),
        ("cancelled", "cancel"),
        ("closed", "pay"),
        ("closed", "cancel"),
        ("closed", "issue"),
        ("returned", "pay"),
        ("returned", "return"),
    ],
)
def test_a_step_that_may_not_follow_is_refused_and_books_nothing(
    till: Till, customer: str, way: str, wrong: str
) -> None:
    number = hold(till, customer).number
    if way != "held":
        orders.place_order(till, number, MANAGER, HOURS)
    if way in ("paid", "closed", "returned"):
        orders.pay_order(till, number, MANAGER)
    if way == "closed":
        orders.close_order(till, number, MANAGER)
    if way == "cancelled":
        orders.cancel_order(till, number, MANAGER)
    if way == "returned":
        shown = orders.show_return(till, number)
        assert isinstance(shown, desk.RefundShown)
        orders.return_order(till, number, shown, MANAGER)
    before = till.ledger.last_seq()
    tried: dict[str, object] = {
        "pay": orders.pay_order(till, number, MANAGER) if wrong == "pay" else None,
        "cancel": orders.cancel_order(till, number, MANAGER) if wrong == "cancel" else None,
        "issue": orders.hand_over_order(till, number, MANAGER) if wrong == "issue" else None,
        "return": orders.show_return(till, number) if wrong == "return" else None,
    }
    assert number in said(tried[wrong])
    assert till.ledger.last_seq() == before


def test_what_paid_an_order_is_not_voided_but_returned(till: Till, customer: str) -> None:
    placed = place(till, customer)
    paid = orders.pay_order(till, placed.number, MANAGER)
    assert isinstance(paid, desk.Completed)
    assert said(desk.void(till, paid.sale.id, MANAGER)) == "This sale paid an order. Take the order back instead."


def test_an_order_is_found_by_its_slip_and_by_its_customer(till: Till, customer: str) -> None:
    placed = place(till, customer)
    code = slip_code("order", till.ledger.terminal_id, 1, placed.sale_id)
    assert orders.find_order(till, code) == placed
    assert orders.find_order(till, f" {placed.number} ") == placed
    assert orders.open_orders(till) == orders.open_orders(till, customer) == [placed]
    assert orders.open_orders(till, "somebody") == []
    assert isinstance(orders.find_order(till, "no-1"), Refused)


def test_a_refund_by_the_sales_slip_returns_the_order_too(till: Till, customer: str) -> None:
    """A part is seen, the rest ends it; the entries are the same as when the order itself is taken back."""
    placed = place(till, customer)
    paid = orders.pay_order(till, placed.number, MANAGER)
    assert isinstance(paid, desk.Completed)
    for part, state in ((3_000, "paid"), (7_000, "returned")):
        shown = desk.show_refund(till, paid.sale.id, (part,))
        assert isinstance(shown, desk.RefundShown)
        assert isinstance(desk.refund(till, shown, MANAGER), desk.RefundDone)
        assert find(till, placed.number).state == state
    assert orders.refunded_minor(till, find(till, placed.number)) == 10_000
    assert balance(till, customer) == 60
    assert "was returned" in said(orders.show_return(till, placed.number))
    facts = [msgspec.json.decode(entry.payload) for entry in till.ledger.entries() if entry.kind == "refund"]
    assert [one["order"] for one in facts] == [placed.number, placed.number]
    assert [state for (state,) in _states(till)][-2:] == ["paid", "returned"], "one state, once"


def find(till: Till, number: str) -> Order:
    found = orders.find_order(till, number)
    assert isinstance(found, Order)
    return found


def _states(till: Till) -> list[tuple[str]]:
    return till.ledger.rows("SELECT payload ->> 'state' FROM journal WHERE kind = 'order' ORDER BY seq")


def test_what_the_site_says_is_owed_is_given_back_once(till: Till, customer: str) -> None:
    placed = place(till, customer)
    orders.pay_order(till, placed.number, MANAGER)
    orders.close_order(till, placed.number, MANAGER)
    assert orders.open_orders(till) == []
    assert isinstance(orders.give_money_back(till, placed.number, MANAGER), Refused)
    document = msgspec.json.decode(_document(till, placed))
    for given, owed in (([], 4_000), ([["till-1", 4_000]], 0)):
        told = {
            **document,
            "conflicts": ["paid-twice"],
            "paid_at": ["till-1", "site"],
            "over_minor": owed,
            "given": given,
        }
        row = (placed.number, customer, "manager", "paid", 10_000, 1, msgspec.json.encode(told).decode())
        with till.ledger.atomic():
            put_orders(till.ledger, [row])
        found = orders.find_order(till, placed.number)
        assert isinstance(found, Order)
        assert (found.state, found.own, orders.owed_minor(till, found)) == ("closed", True, owed)
        if owed:
            assert [one.number for one in orders.open_orders(till)] == [placed.number], "money waits"
            back = orders.give_money_back(till, placed.number, MANAGER)
            assert isinstance(back, Order)
            assert (back.state, orders.owed_minor(till, back)) == ("closed", 0)
            (newest,) = desk.history(till, customer, 1)
            assert newest.words == phrase("Order: {sum} given back, paid twice", sum=Money(4_000))
            (line,) = desk.audit(till)
            assert (line.code, line.back_minor, line.operator) == ("order:given-back", 4_000, MANAGER.id)
            assert line.details == (
                phrase("Order {number}", number=placed.number),
                phrase("paid back {sum}", sum=Money(4_000)),
            )
        assert isinstance(orders.give_money_back(till, placed.number, MANAGER), Refused)
    assert orders.open_orders(till) == []


def test_an_order_of_another_till_goes_on_here_before_the_site_knows(till: Till, customer: str) -> None:
    placed = place(till, customer)
    document = msgspec.json.decode(_document(till, placed)) | {"sale_id": "018f0000-0000-7000-8000-000000000002"}
    with till.ledger.atomic():
        row = ("till-9-1", customer, "manager", "placed", 10_000, 1, msgspec.json.encode(document).decode())
        put_orders(till.ledger, [row])
    assert isinstance(orders.pay_order(till, "till-9-1", MANAGER), desk.Completed)
    assert isinstance(orders.hand_over_order(till, "till-9-1", MANAGER), Order)
    assert {one.number: one.state for one in orders.open_orders(till)}["till-9-1"] == "issued"


def test_a_bill_that_changed_after_the_quote_holds_nothing(till: Till, customer: str) -> None:
    shown = desk.quote(till, customer, bill_of_total(10_000), ALL, channel="manager")
    assert not isinstance(shown, Refused)
    sell(till, customer, 5_000, 10)
    assert isinstance(orders.hold_order(till, shown, bill_of_total(10_000), MANAGER, HOURS), Refused)
    assert isinstance(desk.quote(till, "", Bill(()), 0), object)
    assert orders.open_orders(till) == []


def test_an_order_of_the_site_is_paid_here_once(till: Till, customer: str) -> None:
    document = (
        '{"sale_id":"018f0000-0000-7000-8000-000000000001","programme":1,"taken_off_minor":1000,"redeemed":10,'
        '"lines":[{"name":"Bread","total_minor":5000,"off_minor":1000}],"spent":[["lot",-10]],"earns":[[4,0]],'
        '"told_hash":"x"}'
    )
    with till.ledger.atomic():
        put_orders(till.ledger, [("W-1", customer, "site", "placed", 5000, 1, document)])
    assert [one.number for one in orders.open_orders(till, customer)] == ["W-1"]
    assert isinstance(orders.cancel_order(till, "W-1", MANAGER), Refused), "it is cancelled where it was made"
    paid = orders.pay_order(till, "W-1", MANAGER)
    assert isinstance(paid, desk.Completed)
    assert (paid.sale.taken_off_minor, paid.sale.earned, paid.sale.channel) == (1_000, 4, "site")
    assert isinstance(orders.pay_order(till, "W-1", MANAGER), Refused)


def test_an_own_order_that_was_paid_elsewhere_is_neither_paid_nor_freed_here(
    till: Till, customer: str, clock: Clock
) -> None:
    placed = place(till, customer)
    with till.ledger.atomic():
        put_orders(till.ledger, [(placed.number, customer, "manager", "paid", 10_000, 1, _document(till, placed))])
    assert isinstance(orders.pay_order(till, placed.number, MANAGER), Refused)
    clock.advance(hours=HOURS + 1)
    assert orders.free_unpaid_orders(till, MANAGER) == 0
    assert balance(till, customer) == 0


def _document(till: Till, order: Order) -> str:
    found = till.ledger.row("SELECT document FROM own_order WHERE number = ?", (order.number,))
    assert found is not None
    return str(found[0])


def test_an_unfinished_order_survives_a_power_cut(till: Till, customer: str, clock: Clock) -> None:
    draft = order_drafts.begin_draft(till)
    half = OrderDraft(draft.id, "goods", customer, bill_of_total(500), ("MAY",), (), 3)
    order_drafts.keep_draft(till, half, MANAGER)
    revived = new_till(again(till.ledger), clock)
    assert [one.draft for one in order_drafts.unfinished_orders(revived)] == [half]
    order_drafts.drop_draft(revived, draft.id)
    assert order_drafts.unfinished_orders(revived) == []
    assert ledger_orders.orders(revived.ledger, None, 10) == []
