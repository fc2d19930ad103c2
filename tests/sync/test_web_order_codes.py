"""Orders of the shop's own site that could use what a till has leased: it is recalled, or named as held there."""

from datetime import date

import pytest

from sync.faults import Unreachable
from sync.protocol import Fault, decode
from sync.site.promo_codes import Asked, make_named
from sync.site.setting_up import new_key
from sync.site.shop import publish
from sync.site.shop_messages import AskQuote, LeftOut, Ordered, OrderLine, OrderNumber, PlaceOrder, Quoted
from sync.site.verify import verify
from tests.shop import PROGRAMME, register
from tests.site.stand import Served
from tests.sync.stand import Joined, site_accounts
from tests.sync.test_code_leases import CAKE, COFFEE, LIMITED, TODAY, ask, begin, book, online, taken_off

LONGEST_S = 30
CAKE_LINE = OrderLine(name="Cake", total_minor=60_00, sku="cake")
COFFEE_LINE = OrderLine(name="Coffee", total_minor=40_00, sku="coffee")


class Web:
    """The shop's own site, with its key."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.key = new_key(served.site.store, "web", "shop")

    def quote(self, customer: str, line: OrderLine, *codes: str) -> Quoted:
        asked = AskQuote(customer_id=customer, lines=(line,), codes=codes)
        return decode(self.served.post("/v1/shop/quotes", asked, self.key).content, Quoted)

    def place(self, number: str, customer: str, line: OrderLine, *codes: str, wait_s: float) -> Ordered:
        asked = PlaceOrder(number=number, customer_id=customer, lines=(line,), codes=codes, wait_s=wait_s)
        answer = self.served.post("/v1/shop/orders", asked, self.key)
        assert answer.status_code == 200, decode(answer.content, Fault)
        return decode(answer.content, Ordered)

    def pay(self, number: str) -> Ordered:
        asked = OrderNumber(number=number)
        return decode(self.served.post("/v1/shop/orders/paid", asked, self.key).content, Ordered)


@pytest.fixture
def web(served: Served) -> Web:
    assert not isinstance(publish(served.site.store, PROGRAMME.replace("number = 1", "number = 2") + LIMITED), str)
    assert make_named(served.site.store, Asked("ten", None, TODAY, TODAY), "ONCE", "test") is None
    return Web(served)


@pytest.fixture
def customer(web: Web, one: Joined, two: Joined) -> str:
    """Somebody with a birthday today, whom both tills know."""
    customer = register(one.till, birthday=date(1990, 5, 4))
    one.sync()
    two.sync()
    return customer


def test_what_a_till_that_is_online_has_comes_to_the_order(
    web: Web, one: Joined, two: Joined, customer: str, served: Served
) -> None:
    here = begin(one, customer, CAKE)
    assert ask(one, here)
    assert taken_off(here) == 60_00
    with online(one):
        placed = web.place("W-1", customer, CAKE_LINE, wait_s=LONGEST_S)
    assert (placed.state, placed.taken_off_minor, placed.left_out) == ("placed", 60_00, ())
    assert taken_off(here) == 0
    there = begin(two, customer, CAKE)
    assert ask(two, there)
    assert taken_off(there) == 0, "the order has it"
    assert web.pay("W-1").taken_off_minor == 60_00
    for joined in (one, two):
        joined.sync()
        joined.assert_whole()
    assert ("cake", 1) in {(mark.code, mark.count) for mark in site_accounts(served, one)[customer].marks}
    assert verify(served.site.store).ok


def test_what_a_till_that_is_offline_has_is_named_as_held_there(
    web: Web, one: Joined, two: Joined, customer: str, served: Served
) -> None:
    here = begin(one, customer, CAKE)
    assert ask(one, here)
    one.link.note_fault(Unreachable("the cable is out"))
    held = (LeftOut("cake", "held at till-1"),)
    assert (web.quote(customer, CAKE_LINE).taken_off_minor, web.quote(customer, CAKE_LINE).left_out) == (0, held)
    placed = web.place("W-1", customer, CAKE_LINE, wait_s=0.2)
    assert (placed.state, placed.taken_off_minor, placed.left_out) == ("placed", 0, held)
    assert taken_off(here) == 60_00
    book(here)
    assert web.pay("W-1").pay_minor == 60_00
    for joined in (one, two):
        joined.sync()
        joined.assert_whole()
    assert {(mark.code, mark.count) for mark in site_accounts(served, two)[customer].marks} == {
        ("cake", 1),
        ("cake/2026", 1),
    }
    assert verify(served.site.store).ok


def test_a_code_that_a_till_has_for_another_customer_is_recalled(
    web: Web, one: Joined, two: Joined, customer: str
) -> None:
    other = register(two.till, "Іван", "067 000 11 22")
    two.sync()
    there = begin(two, other, COFFEE, "once")
    assert ask(two, there)
    quoted = web.quote(customer, COFFEE_LINE, "once")
    assert (quoted.taken_off_minor, quoted.left_out) == (0, (LeftOut("ONCE", "held at till-2"),))
    with online(two):
        placed = web.place("W-1", customer, COFFEE_LINE, "once", wait_s=LONGEST_S)
    assert (placed.taken_off_minor, placed.left_out) == (4_00, ())
    assert taken_off(there) == 0
    for joined in (one, two):
        joined.sync()
        joined.assert_whole()


def test_a_full_stamp_card_is_recalled(web: Web, one: Joined, customer: str) -> None:
    for _ in range(3):
        book(begin(one, customer, COFFEE))
    one.sync()
    here = begin(one, customer, COFFEE)
    assert ask(one, here)
    assert taken_off(here) == 40_00
    with online(one):
        placed = web.place("W-1", customer, COFFEE_LINE, wait_s=LONGEST_S)
    assert (placed.taken_off_minor, placed.left_out) == (40_00, ())
    assert taken_off(here) == 0
    one.assert_whole()


def test_a_code_that_opens_nothing_is_told_with_its_reason(web: Web, customer: str) -> None:
    placed = web.place("W-1", customer, COFFEE_LINE, "MISTYPED", wait_s=LONGEST_S)
    assert placed.state == "placed"
    assert placed.left_out == (LeftOut("MISTYPED", "There is no code “MISTYPED”."),)
