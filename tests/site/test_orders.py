"""Orders of the shop's own site: bonuses used, earned, given back, and brought from the tills that hold them."""

import threading
from typing import Any

import pytest

from sync.protocol import PULL, PUSH, Code, Fault, Page, Pull, decode
from sync.site import events, order_quoting, order_returns, orders
from sync.site.setting_up import new_key
from sync.site.shop import publish
from sync.site.shop_messages import (
    AskQuote,
    Event,
    FindCustomer,
    Found,
    Ordered,
    OrderLine,
    OrderNumber,
    PlaceOrder,
    Quoted,
    RegisterCustomer,
    ReturnOrder,
    Rewarded,
)
from sync.site.verify import verify
from tests.site.stand import PLAIN, Served, Site

SHIRT = OrderLine(name="Shirt", total_minor=100_00)
SOCKS = OrderLine(name="Socks", total_minor=20_00)

ACTIONS = (
    PLAIN.replace("number = 1", "number = 2")
    + """
[[actions]]
code = "registration"
name = "Welcome"
points = 50
[[actions]]
code = "newsletter"
name = "Newsletter"
points = 10
[[actions]]
code = "review"
name = "Review"
points = 5
how_often = "each"
"""
)


def customer_of(site: Site, name: str = "Олена", phone: str = "067 123-45-67") -> str:
    found = events.register(site.store, RegisterCustomer(name=name, phone=phone), "web")
    assert isinstance(found, Found), found
    return found.accounts[0].customer_id


def ordered(answer: Any) -> Ordered:
    assert isinstance(answer, Ordered), answer
    return answer


@pytest.fixture
def customer(site: Site) -> str:
    """Olena, to whom the site has given 50 points for registering."""
    assert not isinstance(publish(site.store, ACTIONS), str)
    return customer_of(site)


def test_an_order_uses_points_at_once_and_earns_when_paid(site: Site, customer: str) -> None:
    asked = PlaceOrder(number="W-1", customer_id=customer, lines=(SHIRT,), redeem=30)
    placed = ordered(orders.place(site.store, asked, "web"))
    assert (placed.state, placed.redeemed, placed.taken_off_minor, placed.pay_minor) == ("placed", 30, 30_00, 70_00)
    assert (placed.balance, placed.earns) == (20, 7)
    paid = ordered(orders.pay(site.store, OrderNumber(number="W-1"), "web"))
    assert (paid.state, paid.balance) == ("paid", 27)
    account = events.find(site.store, FindCustomer(by="phone", value="0671234567")).accounts[0]
    assert (account.points, account.spend_minor, account.visits) == (27, 70_00, 1)
    assert verify(site.store).ok


def test_what_is_told_twice_is_done_once(site: Site, customer: str) -> None:
    asked = PlaceOrder(number="W-1", customer_id=customer, lines=(SHIRT,), redeem=30)
    first = orders.place(site.store, asked, "web")
    assert orders.place(site.store, asked, "web") == first
    paid = orders.pay(site.store, OrderNumber(number="W-1"), "web")
    assert orders.pay(site.store, OrderNumber(number="W-1"), "web") == paid
    back = ReturnOrder(number="W-1", return_id="r-1")
    returned = order_returns.give_back(site.store, back, "web")
    assert order_returns.give_back(site.store, back, "web") == returned
    other = PlaceOrder(number="W-1", customer_id=customer, lines=(SOCKS,))
    answer = orders.place(site.store, other, "web")
    assert isinstance(answer, Fault)
    assert answer.code is Code.CONFLICT


def test_a_cancelled_order_gives_its_points_back(site: Site, customer: str) -> None:
    orders.place(site.store, PlaceOrder(number="W-1", customer_id=customer, lines=(SHIRT,), redeem=50), "web")
    cancelled = ordered(order_returns.cancel(site.store, OrderNumber(number="W-1"), "web"))
    assert (cancelled.state, cancelled.balance) == ("cancelled", 50)
    answer = orders.pay(site.store, OrderNumber(number="W-1"), "web")
    assert isinstance(answer, Fault)
    found = verify(site.store)
    assert (found.ok, found.spent) == (True, 0)


def test_goods_that_come_back_in_parts_add_up(site: Site, customer: str) -> None:
    asked = PlaceOrder(number="W-1", customer_id=customer, lines=(SHIRT, SOCKS), redeem=30)
    orders.place(site.store, asked, "web")
    orders.pay(site.store, OrderNumber(number="W-1"), "web")
    part = ReturnOrder(number="W-1", return_id="r-1", line_minor=(0, 20_00))
    first = ordered(order_returns.give_back(site.store, part, "web"))
    assert first.state == "paid"
    rest = ordered(order_returns.give_back(site.store, ReturnOrder(number="W-1", return_id="r-2"), "web"))
    assert rest.state == "returned"
    assert first.back_minor + rest.back_minor == 90_00
    assert rest.balance == 50
    account = events.find(site.store, FindCustomer(by="id", value=customer)).accounts[0]
    assert account.spend_minor == 0
    assert verify(site.store).ok


def test_a_quote_says_what_can_be_used_here_and_where_the_rest_is(site: Site, customer: str) -> None:
    till = site.till("till-1")
    till.earn(customer, 70)
    site.push(till)
    quoted = order_quoting.quote(site.store, AskQuote(customer_id=customer, lines=(SHIRT,), redeem=-1))
    assert isinstance(quoted, Quoted)
    assert (quoted.available, quoted.redeemed, quoted.pay_minor) == (50, 50, 50_00)
    assert [tuple(one) for one in map(_where, quoted.elsewhere)] == [("till-1", 70)]


def _where(one: Any) -> tuple[str, int]:
    return one.name, one.points


def test_an_order_that_tills_could_pay_for_is_short_and_nothing_is_done(site: Site, customer: str) -> None:
    till = site.till("till-1")
    till.earn(customer, 70)
    site.push(till)
    asked = PlaceOrder(number="W-1", customer_id=customer, lines=(SHIRT,), redeem=90)
    short = ordered(orders.place(site.store, asked, "web"))
    assert (short.state, short.short, [_where(one) for one in short.elsewhere]) == ("short", 40, [("till-1", 70)])
    assert site.account(till, customer).points == 120
    never = PlaceOrder(number="W-2", customer_id=customer, lines=(SHIRT,), redeem=121)
    assert isinstance(orders.place(site.store, never, "web"), Fault)


def test_events_reward_once(site: Site, customer: str) -> None:
    def tell(event_id: str, kind: str, about: str = "") -> Rewarded:
        told = events.happened(
            site.store, Event(event_id=event_id, kind=kind, customer_id=customer, about=about), "web"
        )
        assert isinstance(told, Rewarded), told
        return told

    assert (tell("e-1", "newsletter").points, tell("e-1", "newsletter").balance) == (10, 60)
    assert (tell("e-2", "newsletter").points, tell("e-3", "levitation").points) == (0, 0)
    assert [tell("e-4", "review", "r-1").points, tell("e-5", "review", "r-1").points] == [5, 0]
    assert tell("e-6", "review", "r-2").balance == 70
    conflict = events.happened(site.store, Event(event_id="e-1", kind="review", customer_id=customer), "web")
    assert isinstance(conflict, Fault)
    assert conflict.code is Code.CONFLICT


def test_who_is_known_is_not_registered_again(site: Site, customer: str) -> None:
    again = events.register(site.store, RegisterCustomer(name="Somebody", phone="+380671234567"), "web")
    assert isinstance(again, Found)
    assert (again.registered, again.accounts[0].customer_id) == (False, customer)
    bad = events.register(site.store, RegisterCustomer(name="4111 1111 1111 1111", phone="0671234568"), "web")
    assert isinstance(bad, Fault)
    assert bad.code is Code.REFUSED


def test_an_order_made_at_a_till_reaches_all_tills_and_only_goes_forward(site: Site) -> None:
    maker, payer = site.till("till-1"), site.till("till-2")
    customer = maker.register()
    site.push(maker)
    document = {
        "sale_id": "s-1",
        "programme": 1,
        "lines": [{"name": "Sofa", "total_minor": 900_00}],
        "taken_off_minor": 0,
        "redeemed": 0,
        "spent": [],
        "earns": [[90, 0]],
    }
    facts = {"number": "till-1-1", "state": "held", "channel": "manager", "document": document}
    maker.append("order", facts, customer=customer, sale="s-1")
    maker.append("order", {"number": "till-1-1", "state": "placed"}, customer=customer, sale="s-1")
    payer.append("order", {"number": "till-1-1", "state": "paid"}, customer=customer, sale="s-1")
    site.push(maker)
    site.push(payer)
    maker.append("order", {"number": "till-1-1", "state": "held"}, customer=customer, sale="s-1")
    site.push(maker)
    told = site.page(payer).orders
    assert [(one.number, one.state, one.total_minor, one.channel) for one in told] == [
        ("till-1-1", "paid", 900_00, "manager")
    ]
    assert '"sale_id":"s-1"' in told[0].document


def test_an_order_brings_points_from_a_till_over_http(served: Served) -> None:
    site = served.site
    token = new_key(site.store, "web", "shop")
    till = site.till("till-1")
    customer = till.register("Олена", "380671234567")
    lot = till.earn(customer, 70)
    served.post(PUSH, till.push_after(0), site.tokens["till-1"])
    answers: list[Ordered] = []

    def shop() -> None:
        asked = PlaceOrder(number="W-1", customer_id=customer, lines=(SHIRT,), redeem=60, wait_s=20)
        answers.append(decode(served.post("/v1/shop/orders", asked, token).content, Ordered))

    ordering = threading.Thread(target=shop)
    ordering.start()
    page = Page(phase="bulk", cursor="", more=True, site_ms=0, applied=(), granted=0, recalled=0)
    while not page.recalls:
        asked = Pull(terminal_id="till-1", cursor=page.cursor, wait_s=20)
        page = decode(served.post(PULL, asked, site.tokens["till-1"]).content, Page)
    till.give_back(customer, {lot: 60})
    till.recalled = 1
    served.post(PUSH, till.push_after(2), site.tokens["till-1"])
    ordering.join(30)
    assert (answers[0].state, answers[0].redeemed, answers[0].balance) == ("placed", 60, 10)
    assert verify(site.store).ok
    assert served.post("/v1/shop/orders/paid", OrderNumber(number="W-9"), token).status_code == 404
    assert served.post("/v1/shop/orders/paid", OrderNumber(number="W-1"), site.tokens["till-1"]).status_code == 403
