"""Do write-offs work? Each verdict, on a ledger where exactly that has happened."""

from datetime import date

import pytest

from terminal import desk
from terminal.desk import Till, orders
from terminal.desk.write_offs import check_orders
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL
from terminal.rules.verdict import FAILED, Checked, ListedOrder, Verdict
from tests.shop import MANAGER, Clock, register, sell

DAY = date(2026, 5, 5)
PHONE = "067 123-45-67"


@pytest.fixture
def customer(till: Till, clock: Clock) -> str:
    """A customer who has 60 points since yesterday."""
    customer_id = register(till)
    sell(till, customer_id, 60_000)
    clock.advance(days=1)
    return customer_id


def listed(number: str = "", total_minor: int = 10_000, who: str = PHONE, on: date = DAY,
           expected: int | None = None) -> ListedOrder:  # fmt: skip
    return ListedOrder(2, number, "store", who, total_minor, on, expected)


def check(till: Till, order: ListedOrder) -> Checked:
    (found,) = check_orders(till, [order])
    return found


def test_a_write_off_that_was_asked_for_and_done_works(till: Till, customer: str) -> None:
    sell(till, customer, 10_000, 60)
    found = check(till, listed("2", expected=60))
    assert (found.verdict, found.balance, found.possible, found.done) == (Verdict.WORKS, 60, 60, 60)
    assert check(till, listed("", expected=60)).verdict is Verdict.WORKS, "found by its day and its total"
    assert check(till, listed(f"{till.ledger.terminal_id}-2")).verdict is Verdict.WORKS
    assert Verdict.WORKS not in FAILED


def test_nobody_asked_for_it(till: Till, customer: str) -> None:
    sell(till, customer, 10_000)
    found = check(till, listed("2"))
    assert (found.verdict, found.possible, found.done) == (Verdict.NOT_APPLIED, 60, 0)
    assert check(till, listed("2", expected=20)).verdict is Verdict.NOT_APPLIED
    assert check(till, listed("2", expected=0)).verdict is Verdict.WORKS


def test_a_sale_that_went_past_the_till(till: Till, customer: str) -> None:
    assert check(till, listed("777")).verdict is Verdict.NOT_APPLIED


def test_a_wrong_amount(till: Till, customer: str) -> None:
    sell(till, customer, 10_000, 50)
    found = check(till, listed("2", expected=60))
    assert (found.verdict, found.done) == (Verdict.WRONG_AMOUNT, 50)


def test_an_order_booked_twice(till: Till, customer: str) -> None:
    for _ in range(2):
        sell(till, customer, 10_000, 20)
    once = listed("2", expected=20)
    assert check(till, once).verdict is Verdict.WORKS, "two sales of one day are two sales"
    bill = bill_of_total(10_000)
    shown = desk.quote(till, customer, bill, 5, channel="manager")
    assert not isinstance(shown, Refused)
    held = orders.hold_order(till, shown, bill, MANAGER, 1)
    assert not isinstance(held, Refused)
    orders.place_order(till, held.number, MANAGER, 1)
    orders.pay_order(till, held.number, MANAGER)
    assert check(till, listed(held.number, expected=5)).verdict is Verdict.WORKS
    with till.ledger.atomic():  # what a broken integration would do: the same order, sold once more
        for kind, points, payload in (("sale", 0, held.record.sale_facts(held.number, 99, "manager")),
                                      ("redeem", -5, {"moves": [[held.record.spent[0][0], -5]]})):  # fmt: skip
            payload.pop("spent", None)
            till.ledger.append(
                till.draft(kind, "m", till.now_ms(), payload, points=points, customer_id=customer, sale_id="again")
            )
    found = check(till, listed(held.number, expected=5))
    assert (found.verdict, found.done) == (Verdict.APPLIED_TWICE, 10)


def test_bonuses_held_and_never_released(till: Till, customer: str, clock: Clock) -> None:
    bill = bill_of_total(10_000)
    shown = desk.quote(till, customer, bill, ALL, channel="manager")
    assert not isinstance(shown, Refused)
    held = orders.hold_order(till, shown, bill, MANAGER, 24)
    assert not isinstance(held, Refused)
    assert check(till, listed(held.number)).verdict is not Verdict.NEVER_RELEASED, "it may still be paid"
    clock.advance(hours=25)
    assert check(till, listed(held.number)).verdict is Verdict.NEVER_RELEASED
    orders.free_unpaid_orders(till, MANAGER)
    assert check(till, listed(held.number)).verdict is not Verdict.NEVER_RELEASED


@pytest.mark.parametrize(
    ("order", "verdict"),
    [
        (listed(who="050 000-00-00"), Verdict.NOT_FOUND),
        (listed(who="not a phone"), Verdict.NOT_FOUND),
        (listed(on=date(2026, 5, 3)), Verdict.OUTSIDE),
        (listed(total_minor=50), Verdict.OUTSIDE),
    ],
)
def test_what_is_outside_the_check(till: Till, customer: str, order: ListedOrder, verdict: Verdict) -> None:
    assert check(till, order).verdict is verdict


def test_a_customer_without_bonuses_is_outside(till: Till) -> None:
    register(till)
    assert check(till, listed(on=date(2026, 5, 4))).verdict is Verdict.OUTSIDE


def test_a_voided_sale_is_none(till: Till, customer: str) -> None:
    sale = sell(till, customer, 10_000, 60).sale
    desk.void(till, sale.id, MANAGER)
    assert check(till, listed("2", expected=60)).verdict is Verdict.NOT_APPLIED
