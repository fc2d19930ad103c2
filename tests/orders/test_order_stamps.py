"""Stamps of an order: counted when it is paid, and taken back with the pieces that they were given for."""

from dataclasses import replace

import pytest

from sync.site import order_returns, orders
from sync.site.marks import marks_of
from sync.site.shop import publish
from sync.site.shop_messages import Ordered, OrderLine, OrderNumber, PlaceOrder, ReturnOrder
from sync.site.verify import verify
from terminal.rules.order import OrderLine as AgreedLine
from terminal.rules.order import OrderRecord
from terminal.rules.order_conflicts import OrderHistory, ReturnBooked, settle_order
from tests.site.stand import PLAIN, Site
from tests.site.test_orders import customer_of

STAMPED = (
    PLAIN.replace("number = 1", "number = 2")
    + """
[[stamps]]
code = "coffee"
name = "Coffee"
needed = 9
only = { categories = ["coffee"] }
[[stamps]]
code = "visit"
name = "Visit"
needed = 9
stamp_per = "visit"
"""
)
COFFEE = OrderLine(name="Coffee", total_minor=120_00, quantity_milli=3000, category="coffee")
CAKE = OrderLine(name="Cake", total_minor=60_00)


def stamps(site: Site, customer: str) -> dict[str, int]:
    with site.store.reading() as connection:
        return {one.code: one.count for one in marks_of(connection, [customer]).get(customer, ())}


def test_an_orders_stamps_go_with_the_goods_that_come_back(site: Site) -> None:
    assert not isinstance(publish(site.store, STAMPED), str)
    customer = customer_of(site)
    asked = PlaceOrder(number="W-1", customer_id=customer, lines=(COFFEE, CAKE))
    assert isinstance(orders.place(site.store, asked, "web"), Ordered)
    assert stamps(site, customer) == {}
    assert isinstance(orders.pay(site.store, OrderNumber(number="W-1"), "web"), Ordered)
    assert stamps(site, customer) == {"coffee": 3, "visit": 1}
    for number, (line_minor, left) in enumerate(
        (
            ((0, 60_00), {"coffee": 3, "visit": 1}),
            ((50_00, 0), {"coffee": 2, "visit": 1}),
            (None, {}),
        )
    ):
        back = ReturnOrder(number="W-1", return_id=f"r-{number}", line_minor=line_minor)
        for _ in range(2):
            assert isinstance(order_returns.give_back(site.store, back, "web"), Ordered)
        assert stamps(site, customer) == left
    assert verify(site.store).ok


AGREED = OrderRecord(
    sale_id="s-1",
    programme=1,
    lines=(AgreedLine("Coffee", 120_00, 3000), AgreedLine("Cake", 60_00)),
    taken_off_minor=0,
    redeemed=0,
    spent=(),
    earns=(),
    marks=(("use", "may", 1), ("stamp", "coffee", 3)),
    stamped=(("coffee", ((0, 3),)),),
)
PAID = OrderHistory(AGREED, frozenset({"placed", "paid"}), paid_at=("till-1",))
ONE_COFFEE = ReturnBooked((40_00, 0), 40_00, 0, 0, (("stamp", "coffee", -1),))
REST = ReturnBooked((80_00, 60_00), 140_00, 0, 0, (("use", "may", -1), ("stamp", "coffee", -2)))


@pytest.mark.parametrize(
    ("history", "marks"),
    [
        (PAID, ()),
        (replace(PAID, returns=(ONE_COFFEE,)), ()),
        (replace(PAID, returns=(ONE_COFFEE, REST)), ()),
        (replace(PAID, returns=(replace(ONE_COFFEE, marks=()),)), (("stamp", "coffee", -1),)),
        (replace(PAID, paid_at=("till-1", "site")), (("stamp", "coffee", -3), ("use", "may", -1))),
        (
            replace(PAID, paid_at=("till-1", "site"), returns=(ONE_COFFEE,)),
            (("stamp", "coffee", -3), ("use", "may", -1)),
        ),
        (replace(PAID, returns=(ONE_COFFEE, ONE_COFFEE, REST)), (("stamp", "coffee", 1),)),
    ],
)
def test_what_is_counted_is_what_did_not_come_back(
    history: OrderHistory, marks: tuple[tuple[str, str, int], ...]
) -> None:
    settled = settle_order(history)
    assert settled.marks == marks
    again = replace(
        history, settled_marks=marks, settled_points=settled.points, settled_spend_minor=settled.spend_minor
    )
    assert settle_order(again).books_nothing
