"""An order on the screen that two sides moved: what to do about its money; and its payment is watched."""

import msgspec

from terminal import desk
from terminal.desk import orders
from terminal.ledger.orders import Order
from terminal.ledger.replica_shop import put_orders
from terminal.ledger.verify import verify_ledger
from terminal.rules.order import OrderTold
from terminal.rules.phrase import Money, phrase
from terminal.rules.watch import WatchLimits
from terminal.screens.order_view import OrderView
from terminal.screens.pin_question import PinQuestion
from terminal.screens.touch import Touch
from tests.screens.stand import PINS, ShopFloor, Stand, at_the_counter
from tests.screens.test_order_flow import order_in, qr, state
from tests.screens.test_targets import cut_labels


async def test_the_payment_of_an_order_for_the_staffs_card_needs_a_manager(shop: ShopFloor) -> None:
    order = order_in(shop)
    shop.till.watch = WatchLimits(staff_cards=frozenset({shop.customers[5].card}))
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(qr(shop, order))
        await stand.press("f10")
        assert isinstance(stand.screen, PinQuestion)
        assert "The card belongs to somebody who works" in stand.text()
        await stand.press("escape")
        assert isinstance(stand.screen, OrderView)
        assert shop.kinds(seq) == [], "without the manager nothing is booked"
        await stand.press("f10")
        for digit in PINS["manager"]:
            await stand.click(f"#pad-{digit}")
        await stand.click("#pass")
        assert isinstance(stand.screen, OrderView)
        assert shop.kinds(seq) == ["sale", "earn", "order", "flag"]
        assert "Now issue the goods" in stand.told()
        assert state(shop.till, order.number) == "paid"
    assert verify_ledger(shop.till.ledger).ok


def told_twice(shop: ShopFloor, order: Order, over_minor: int | None = None) -> None:
    """Let the site tell that an order was paid here and there, and what is owed: the whole, if it is not named."""
    record = msgspec.convert(msgspec.to_builtins(order.record), OrderTold)
    over_minor = order.record.pay_minor if over_minor is None else over_minor
    told = msgspec.structs.replace(
        record, conflicts=("paid-twice",), paid_at=("till-1", "till-2"), over_minor=over_minor
    )
    document = msgspec.json.encode(told).decode()
    row = (order.number, order.customer_id, "manager", "paid", record.total_minor, order.at_ms, document)
    with shop.till.ledger.atomic():
        put_orders(shop.till.ledger, [row])


def settle_label(stand: Stand) -> str:
    return stand.one("#settle", Touch)._label


async def test_money_that_was_paid_twice_is_named_and_given_back_by_a_manager(shop: ShopFloor) -> None:
    order = order_in(shop)
    orders.pay_order(shop.till, order.number, shop.manager)
    orders.close_order(shop.till, order.number, shop.manager)
    told_twice(shop, order)
    async with at_the_counter(shop, by="manager") as stand:
        await stand.press("ctrl+o")
        assert order.number in stand.text(), "it is closed, and money waits"
        await stand.type_text(order.number)
        await stand.press("enter")
        assert isinstance(stand.screen, OrderView)
        assert "Give UAH41.40 back to the customer." in stand.text()
        assert "Paid more than once: till-1, till-2." in stand.text()
        assert settle_label(stand) == "Given back"
        assert cut_labels(stand) == []
        seq = shop.till.ledger.last_seq()
        await stand.press("f9", "f9")
        assert shop.kinds(seq) == ["order"], "it is given back once"
        assert f"Order {order.number}: UAH41.40 given back to the customer." in stand.told()
        assert "Give UAH41.40 back" not in stand.text()
    assert state(shop.till, order.number) == "closed"
    assert verify_ledger(shop.till.ledger).ok


async def test_money_that_was_paid_back_twice_is_taken(shop: ShopFloor) -> None:
    order = order_in(shop)
    orders.pay_order(shop.till, order.number, shop.manager)
    told_twice(shop, order, -12_50)
    async with at_the_counter(shop, by="manager") as stand:
        await stand.wedge_scan(qr(shop, order))
        assert settle_label(stand) == "Money received"
        assert cut_labels(stand) == []
        await stand.press("f9")
        assert f"Order {order.number}: UAH12.50 received from the customer." in stand.told()
        assert not stand.one("#settle", Touch).display
    (newest,) = desk.history(shop.till, order.customer_id, 1)
    assert newest.words == phrase("Order: {sum} received, paid back twice", sum=Money(12_50))
    found = desk.audit(shop.till, customer_id=order.customer_id)[0]
    assert (found.code, found.back_minor) == ("order:received", -12_50)
    assert found.what == phrase("Paid back twice: money received")


async def test_a_cashier_gives_no_money_back(shop: ShopFloor) -> None:
    order = order_in(shop)
    orders.pay_order(shop.till, order.number, shop.manager)
    told_twice(shop, order)
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(qr(shop, order))
        seq = shop.till.ledger.last_seq()
        await stand.press("f9")
        assert "This is for a manager" in stand.told()
        assert shop.kinds(seq) == []
