"""Bills: lines from the catalogue, and bills put aside and taken back once."""

import pytest

from terminal import desk
from terminal.desk import Till
from terminal.ledger import open_ledger
from terminal.ledger.shop import Product, add_product
from terminal.rules.bill import Bill, Line
from terminal.rules.phrase import Refused
from tests.shop import CASHIER, KEY, MANAGER, Clock, again, new_till, said

NO_BILL = Bill(())
BREAD = "4820000000017"


@pytest.fixture
def stocked(till: Till) -> Till:
    """A till whose catalogue has bread (by barcode) and cheese (by its own number)."""
    with till.ledger.atomic():
        add_product(till.ledger, Product("1", "Хліб [b]білий[/b]", 32_50, "food", ""), (BREAD, "12345670"))
        add_product(till.ledger, Product("CHEESE", "Сир", 199_00, "food", "Комо"), ())
    return till


def test_scanned_goods_make_lines_and_the_same_again_raises_the_quantity(stocked: Till) -> None:
    bill = NO_BILL
    for barcode in (BREAD, "CHEESE", "12345670"):
        answer = desk.add_product(stocked, bill, barcode)
        assert isinstance(answer, Bill)
        bill = answer
    assert bill.lines == (
        Line("Хліб [b]білий[/b]", 65_00, 2000, "1", "food"),
        Line("Сир", 199_00, 1000, "CHEESE", "food", "Комо"),
    )
    assert bill.total_minor == 264_00
    assert desk.remove_line(bill, 0).lines == bill.lines[1:]
    assert desk.remove_line(bill, 1).lines == bill.lines[:1]


@pytest.mark.parametrize("barcode", ["4820000000024", "", "0" * 200])
def test_unknown_goods_are_said(stocked: Till, barcode: str) -> None:
    refused = desk.add_product(stocked, NO_BILL, barcode)
    assert "No product has the barcode" in said(refused)
    assert len(said(refused)) < 100


def test_a_price_brought_up_to_date(stocked: Till) -> None:
    with stocked.ledger.atomic():
        add_product(stocked.ledger, Product("1", "Хліб", 40_00, "food", ""), (BREAD,))
    bill = desk.add_product(stocked, NO_BILL, BREAD)
    assert isinstance(bill, Bill)
    assert bill.total_minor == 40_00


BILL = Bill((Line("Хліб", 65_00, 2000, "1", "food"), Line("", 10_00)))


def test_a_bill_is_held_and_taken_back_once(till: Till, customer: str, clock: Clock) -> None:
    first = desk.hold(till, BILL, customer, CASHIER)
    clock.advance(minutes=1)
    second = desk.hold(till, Bill((Line("", 5_00),)), None, MANAGER)
    assert isinstance(first, str)
    assert isinstance(second, str)
    till.ledger = again(till.ledger)
    held = desk.held(till)
    assert [(one.id, one.operator, one.customer_id, one.customer_name) for one in held] == [
        (first, CASHIER.id, customer, "Олена Коваленко"),
        (second, MANAGER.id, None, ""),
    ]
    taken = desk.resume(till, first)
    assert taken == held[0]
    assert isinstance(taken, desk.Held)
    assert taken.bill == BILL
    assert "taken already" in said(desk.resume(till, first))
    assert [one.id for one in desk.held(till)] == [second]
    till.ledger.close()


def test_of_two_who_take_a_bill_one_gets_it(till: Till) -> None:
    held = desk.hold(till, BILL, None, CASHIER)
    assert isinstance(held, str)
    with open_ledger(till.ledger.path, KEY) as other:
        answers = [desk.resume(new_till(other, till.clock), held), desk.resume(till, held)]
    assert [isinstance(answer, Refused) for answer in answers] == [False, True]


def test_an_empty_bill_is_not_held(till: Till) -> None:
    assert "no bill to put aside" in said(desk.hold(till, NO_BILL, None, CASHIER))
    assert desk.held(till) == []
