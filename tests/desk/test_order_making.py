"""The making of an order: every step is kept, a step back frees what was held, and a power cut loses nothing."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from terminal import desk
from terminal.desk import Till, order_drafts, orders
from terminal.desk.night import expire
from terminal.desk.order_making import OrderMaking
from terminal.ledger.orders import Order
from terminal.ledger.replica_shop import put_orders
from terminal.ledger.shop import Product, add_product
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import Bill
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL
from terminal.rules.wish import Claim
from tests.shop import MANAGER, Clock, again, balance, journal_kinds, new_ledger, new_till, register, said, sell

HOURS = 48
PHONE = "380671112233"


@pytest.fixture
def customer(till: Till) -> str:
    """A customer with 60 points; the catalogue has tea and coffee."""
    with till.ledger.atomic():
        add_product(till.ledger, Product("t1", "Чай Карпатський", 5_000, "", ""), ("4820000010016",))
        add_product(till.ledger, Product("c1", "Кава", 8_000, "", ""), ())
    customer_id = register(till)
    sell(till, customer_id, 60_000)
    return customer_id


def making(till: Till, unfinished: bool = False) -> OrderMaking:
    draft = order_drafts.unfinished_orders(till)[0].draft if unfinished else None
    return OrderMaking(till, lambda: MANAGER, HOURS, draft)


def held(till: Till, customer: str, redeem: int = ALL) -> OrderMaking:
    made = making(till)
    assert made.serve(customer) is None
    assert made.scan("4820000010016") == "Чай Карпатський"
    assert made.add_line("Доставка", "50") == Bill(made.serving.bill.lines)
    assert made.go_on() is None
    assert made.go_on() is None
    assert isinstance(made.hold(redeem), Order)
    return made


def test_the_steps_follow_each_other_and_end_with_an_order(till: Till, customer: str) -> None:
    made = making(till)
    assert [str(made.step)] == ["customer"]
    assert made.serve(customer) is None
    assert [str(made.step)] == ["goods"]
    assert "goods" in said(made.go_on()), "nothing is ordered yet"
    made.scan("4820000010016")
    assert made.go_on() is None
    assert [str(made.step)] == ["offers"]
    assert made.go_on() is None
    assert [str(made.step)] == ["bonuses"]
    assert made.held() is None
    order = made.hold(20)
    assert isinstance(order, Order)
    assert (made.step, order.state, order.channel, order.record.redeemed) == ("payment", "held", "manager", 20)
    assert balance(till, customer) == 40
    placed = made.place()
    assert isinstance(placed, orders.Placed)
    assert order_drafts.unfinished_orders(till) == []
    assert journal_kinds(till.ledger)[-3:] == ["order", "redeem", "order"]
    assert verify_ledger(till.ledger).ok


@pytest.mark.parametrize("steps", range(6))
def test_a_power_cut_after_any_step_resumes_there(till: Till, customer: str, clock: Clock, steps: int) -> None:
    made = making(till)
    ways: list[Callable[[], object]] = [
        lambda: made.serve(customer),
        lambda: made.scan("4820000010016"),
        made.go_on,
        made.go_on,
        lambda: made.hold(ALL),
        lambda: None,
    ]
    for way in ways[: steps + 1]:
        assert not isinstance(way(), Refused)
    revived = making(new_till(again(till.ledger), clock), unfinished=True)
    assert revived.draft == made.draft
    assert revived.step == ("goods", "goods", "offers", "bonuses", "payment", "payment")[steps]
    assert revived.held() == made_order(revived)
    assert verify_ledger(revived.till.ledger).ok


def made_order(made: OrderMaking) -> Order | None:
    """The one order of the ledger, if there is one."""
    found = orders.open_orders(made.till)
    return found[0] if found else None


def test_a_step_back_frees_and_the_next_choice_holds_anew(till: Till, customer: str) -> None:
    made = held(till, customer)
    first = made.draft.number
    assert balance(till, customer) == 0
    made.go_back()
    assert (made.step, made.draft.number, balance(till, customer)) == ("bonuses", "", 60)
    assert isinstance(made.hold(10), Order)
    assert balance(till, customer) == 50
    assert made.draft.number != first, "a number stands for one holding"
    made.go_back()
    made.go_back()
    made.go_back()
    assert (made.step, balance(till, customer)) == ("goods", 60)
    assert verify_ledger(till.ledger).ok


def test_lines_change_by_pieces_and_go(till: Till, customer: str) -> None:
    made = making(till)
    made.serve(customer)
    made.add_line("Пакет", "3,50")
    made.scan("4820000010016")
    made.more_pieces(1, 2)
    assert [(one.name, one.total_minor, one.quantity_milli) for one in made.draft.bill.lines] == [
        ("Пакет", 350, 1000),
        ("Чай Карпатський", 15_000, 3000),
    ]
    made.more_pieces(1, -1)
    assert made.draft.bill.total_minor == 10_350
    made.more_pieces(0, -1)
    made.drop_line(0)
    assert made.draft.bill.lines == ()
    assert isinstance(made.add_line(" ", "3"), Refused)
    assert isinstance(made.add_line("Пакет", "багато"), Refused)
    assert isinstance(made.scan("4820000099999"), Refused)
    assert order_drafts.unfinished_orders(till)[0].draft == made.draft


def test_goods_are_found_by_a_part_of_their_name(till: Till, customer: str) -> None:
    made = making(till)
    made.serve(customer)
    for part, wanted in (("карпат", ["t1"]), ("КА", ["t1", "c1"]), ("c1", ["c1"])):
        found = made.find_goods(part)
        assert not isinstance(found, Refused)
        assert {one.sku for one in found} == set(wanted)
    assert isinstance(made.find_goods("сир"), Refused)


def test_another_customer_does_not_inherit_codes_and_rewards(till: Till, customer: str) -> None:
    made = making(till)
    made.serve(customer)
    made.serving.codes, made.serving.claims = ("MAY",), (Claim("cup"),)
    made.keep_advantages()
    made.serve(customer)
    assert (made.draft.codes, made.serving.claims) == (("MAY",), (Claim("cup"),))
    made.serve(register(till, "Інша", PHONE))
    assert not made.draft.codes
    assert not made.draft.claims
    assert not made.serving.codes


def test_an_order_that_is_given_up_holds_nothing(till: Till, customer: str) -> None:
    made = held(till, customer)
    made.give_up()
    assert (balance(till, customer), order_drafts.unfinished_orders(till), orders.open_orders(till)) == (60, [], [])


def test_the_night_frees_what_was_left_half_way_and_the_order_says_so(
    till: Till, customer: str, clock: Clock
) -> None:
    held(till, customer)
    clock.advance(hours=HOURS, seconds=1)
    expire(till)
    assert balance(till, customer) == 60
    revived = making(till, unfinished=True)
    assert (revived.step, revived.freed, revived.draft.number) == ("bonuses", True, "")
    assert isinstance(revived.hold(ALL), Order)


def test_bonuses_spent_meanwhile_are_refused_and_nothing_is_held(till: Till, customer: str) -> None:
    made = making(till)
    made.serve(customer)
    made.add_line("Плед", "400")
    made.go_on()
    made.go_on()
    sell(till, customer, 10_000, 50)
    seq = till.ledger.last_seq()
    assert isinstance(made.hold(60), Refused)
    assert (made.step, till.ledger.last_seq()) == ("bonuses", seq)


def told(till: Till, order: Order, state: str) -> None:
    """Let the site tell a till of an order."""
    found = orders_document(order)
    with till.ledger.atomic():
        put_orders(till.ledger, [(order.number, order.customer_id, "manager", state, 10_000, order.at_ms, found)])


def orders_document(order: Order) -> str:
    """What the site tells of an order: its record."""
    return msgspec.json.encode(order.record).decode()


def other_till(till: Till, clock: Clock) -> tuple[Till, str]:
    """A second till of the shop, that knows the same customer under an id of its own."""
    other = new_till(new_ledger(till.ledger.path.parent / "other.ledger"), clock)
    return other, register(other)


def test_paid_at_two_tills_that_do_not_hear_of_each_other_is_one_sale_twice(
    till: Till, customer: str, clock: Clock
) -> None:
    """Both say what they know; the sale's id is the same at both, by which the site finds the second payment."""
    made = held(till, customer)
    placed = made.place()
    assert isinstance(placed, orders.Placed)
    other, theirs = other_till(till, clock)
    told(other, orders_with_customer(placed.order, theirs), "placed")
    here = orders.pay_order(till, placed.order.number, MANAGER)
    there = orders.pay_order(other, placed.order.number, MANAGER)
    assert isinstance(here, desk.Completed)
    assert isinstance(there, desk.Completed)
    assert here.sale.id == there.sale.id == placed.order.sale_id
    for one in (till, other):
        assert "is paid already" in said(orders.pay_order(one, placed.order.number, MANAGER))
        assert verify_ledger(one.ledger).ok


def orders_with_customer(order: Order, customer_id: str) -> Order:
    """The order as another till knows its customer."""
    return replace(order, customer_id=customer_id)


def test_cancelled_here_while_paid_elsewhere_is_paid(till: Till, customer: str, clock: Clock) -> None:
    """The till that made it has freed the bonuses; the other has a sale that spent them: the site settles it."""
    placed = held(till, customer).place()
    assert isinstance(placed, orders.Placed)
    number = placed.order.number
    other, theirs = other_till(till, clock)
    told(other, orders_with_customer(placed.order, theirs), "placed")
    assert isinstance(orders.cancel_order(till, number, MANAGER, "changed-mind"), Order)
    assert isinstance(orders.pay_order(other, number, MANAGER), desk.Completed)
    told(till, placed.order, "paid")
    assert "is paid already" in said(orders.pay_order(till, number, MANAGER))
    told(other, orders_with_customer(placed.order, theirs), "cancelled")
    assert isinstance(orders.show_return(other, number), desk.RefundShown), "what is paid here was not cancelled"
    assert balance(till, customer) == 60
    assert verify_ledger(till.ledger).ok


def test_paid_elsewhere_is_neither_cancelled_nor_freed_once_it_is_heard(
    till: Till, customer: str, clock: Clock
) -> None:
    placed = held(till, customer).place()
    assert isinstance(placed, orders.Placed)
    told(till, placed.order, "paid")
    assert "is paid already" in said(orders.cancel_order(till, placed.order.number, MANAGER))
    clock.advance(hours=HOURS)
    clock.advance(seconds=1)
    expire(till)
    assert balance(till, customer) == 0
