"""Orders on the screen: the guided steps, resuming after a cut, payment by the QR, each state's actions."""

from dataclasses import replace

import pytest
from textual.widgets import Digits

from terminal.desk import Till, order_drafts, orders
from terminal.desk.demo_shop import product_barcode
from terminal.desk.order_making import OrderMaking
from terminal.ledger.orders import Order
from terminal.ledger.queues import prints_of_sale
from terminal.ledger.verify import verify_ledger
from terminal.rules.slip_code import slip_code
from terminal.screens.choices import Choices
from terminal.screens.manager_menu import ManagerMenu
from terminal.screens.order_bonuses import OrderBonuses
from terminal.screens.order_customer import OrderCustomer
from terminal.screens.order_goods import GoodsList, OrderGoods
from terminal.screens.order_list import OrderList
from terminal.screens.order_offers import OrderOffers
from terminal.screens.order_payment import OrderPayment
from terminal.screens.order_return import OrderReturn
from terminal.screens.order_view import OrderView
from terminal.screens.rows import Rows
from terminal.screens.touch import Touch
from tests.screens.stand import LARGE, MIDDLE, SMALL, ShopFloor, Stand, at_the_counter
from tests.screens.test_targets import cut_labels, low_or_hidden

BREAD, LOAF = product_barcode("1001"), product_barcode("1002")
PRICE = 3250 + 2890


def order_in(shop: ShopFloor, *, place: bool = True, redeem: int = 20) -> Order:
    """An order of bread and a loaf, made without the screen."""
    made = OrderMaking(shop.till, lambda: shop.manager, 48)
    made.serve(shop.customers[5].id)
    made.scan(BREAD)
    made.scan(LOAF)
    made.go_on()
    made.go_on()
    order = made.hold(redeem)
    assert isinstance(order, Order), order
    if place:
        placed = made.place()
        assert isinstance(placed, orders.Placed), placed
        return placed.order
    return order


def qr(shop: ShopFloor, order: Order) -> str:
    """What stands in the QR of an order's slip."""
    return slip_code("order", shop.till.ledger.terminal_id, 1, order.sale_id)


def state(till: Till, number: str) -> str:
    """How far an order is in the ledger."""
    found = orders.find_order(till, number)
    assert isinstance(found, Order)
    return found.state


async def to_step(stand: Stand, step: int) -> None:
    """Go through the steps up to one, by keys, with bread and a loaf."""
    await stand.press("ctrl+o", "f2")
    if step >= 2:
        await stand.serial_scan(stand.shop.customers[5].card)
        await stand.until(lambda: isinstance(stand.screen, OrderGoods))
        await stand.serial_scan(BREAD)
        await stand.serial_scan(LOAF)
    if step >= 3:
        await stand.press("f10")
        await stand.until(lambda: isinstance(stand.screen, OrderOffers))
    if step >= 4:
        await stand.press("f10")
        await stand.until(lambda: isinstance(stand.screen, OrderBonuses))
    if step >= 5:
        await stand.press("f6")
        await stand.until(lambda: isinstance(stand.screen, OrderPayment))
    await stand.rest()


async def test_an_order_by_keys_from_the_card_to_the_slip(shop: ShopFloor) -> None:
    seq, known = shop.till.ledger.last_seq(), shop.profile(shop.customers[5]).known
    async with at_the_counter(shop, by="manager") as stand:
        await to_step(stand, 1)
        assert isinstance(stand.screen, OrderCustomer)
        assert "step 1 of 5" in stand.text()
        await stand.press("escape", "escape")
        assert shop.kinds(seq) == []
        await to_step(stand, 2)
        assert "step 2 of 5" in stand.text()
        assert "In all: UAH61.40" in stand.text()
        await stand.press("f10")
        assert isinstance(stand.screen, OrderOffers)
        assert "Will be earned" in stand.text()
        await stand.press("f10")
        assert isinstance(stand.screen, OrderBonuses)
        await stand.press("f10")
        assert "Choose first" in stand.told()
        assert shop.kinds(seq) == []
        await stand.press("f7")
        await stand.type_text("9999")
        await stand.press("enter")
        assert not isinstance(stand.screen, OrderPayment), "more than there is"
        await stand.press("backspace", "backspace", "backspace", "backspace")
        await stand.type_text("20")
        await stand.press("enter")
        assert isinstance(stand.screen, OrderPayment)
        assert shop.kinds(seq) == ["order", "redeem"]
        assert shop.profile(shop.customers[5]).known == known - 20
        assert stand.one("#pay-sum", Digits).value == "41.40"
        await stand.press("enter")
        assert isinstance(stand.screen, OrderPayment), "an Enter too many answers nothing"
        await stand.press("f10")
        assert isinstance(stand.screen, OrderView)
        assert "is made. Its slip" in stand.told()
        placed = orders.open_orders(shop.till)[0]
        assert (placed.state, placed.record.pay_minor) == ("placed", PRICE - 2000)
        assert shop.kinds(seq) == ["order", "redeem", "order"]
        slip = stand.app.session.preview(prints_of_sale(shop.till.ledger, placed.sale_id)[-1].document)
        assert placed.number.upper() in slip.upper()
    assert order_drafts.unfinished_orders(shop.till) == []
    assert verify_ledger(shop.till.ledger).ok


async def test_an_order_by_touch(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="manager") as stand:
        for target in ("#till", "#orders", "#new"):
            await stand.click(target)
        await stand.serial_scan(shop.customers[5].card)
        await stand.serial_scan(BREAD)
        for target in ("#more", "#more", "#less", "#go-on", "#go-on", "#hold-none", "#go-on"):
            await stand.click(target)
        placed = orders.open_orders(shop.till)[0]
        assert (placed.state, placed.record.pay_minor, placed.record.redeemed) == ("placed", 6500, 0)
        await stand.click("#pay")
        assert shop.sales()[0].total_minor == 6500
        await stand.click("#issue")
        await stand.click("#close")
        assert state(shop.till, placed.number) == "closed"


@pytest.mark.parametrize("by_mouse", [False, True], ids=["by key", "by mouse"])
async def test_several_goods_have_a_name_and_one_is_chosen(shop: ShopFloor, by_mouse: bool) -> None:
    async with at_the_counter(shop, by="manager") as stand:
        await to_step(stand, 2)
        before = len(order_drafts.unfinished_orders(shop.till)[0].draft.bill.lines)
        await stand.press("f2")
        await stand.type_text("ка")
        await stand.press("enter")
        assert isinstance(stand.screen, GoodsList)
        second = stand.screen.rows_shown[1]
        if by_mouse:
            await stand.click_row(1)
        else:
            await stand.press("down", "enter")
        assert isinstance(stand.screen, OrderGoods)
        lines = order_drafts.unfinished_orders(shop.till)[0].draft.bill.lines
        assert (len(lines), lines[-1].name) == (before + 1, second.name)


async def test_goods_by_name_and_a_line_of_ones_own(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="manager") as stand:
        await to_step(stand, 2)
        await stand.press("f2")
        await stand.type_text("щщщ")
        await stand.press("enter")
        assert "No goods have that in their name" in stand.told()
        await stand.press("backspace", "backspace", "backspace")
        await stand.type_text("молок")
        await stand.press("enter")
        assert isinstance(stand.screen, OrderGoods), "the only goods with that in their name are taken at once"
        await stand.press("f3")
        await stand.type_text("Доставка")
        await stand.press("enter")
        await stand.type_text("50")
        await stand.press("enter")
        assert isinstance(stand.screen, OrderGoods)
        draft = order_drafts.unfinished_orders(shop.till)[0].draft
        assert len(draft.bill.lines) == 4
        assert (draft.bill.lines[3].name, draft.bill.lines[3].total_minor) == ("Доставка", 5000)
        assert "олок" in draft.bill.lines[2].name
        stand.one("#goods", Rows).highlighted = 3
        await stand.press("f8")
        assert len(order_drafts.unfinished_orders(shop.till)[0].draft.bill.lines) == 3
        await stand.serial_scan(shop.customers[6].card)
        assert "Scan goods here" in stand.told()


async def test_the_goods_step_is_not_left_empty(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="manager") as stand:
        await to_step(stand, 2)
        await stand.press("f8", "f8", "f8", "f10")
        assert isinstance(stand.screen, OrderGoods)
        assert "An order needs goods" in stand.told()


async def test_a_reward_and_a_code_on_an_order(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="manager") as stand:
        await to_step(stand, 3)
        await stand.press("f5")
        await stand.type_text("nothing")
        await stand.press("enter")
        assert stand.told().startswith("!")
        await stand.press("escape", "f6", "f6", "escape")
        assert isinstance(stand.screen, OrderOffers)
        kept = order_drafts.unfinished_orders(shop.till)[0].draft
        assert [claim.times for claim in kept.claims] == [1]
        await stand.press("f8")
        assert order_drafts.unfinished_orders(shop.till)[0].draft.claims == ()


async def test_back_from_what_is_held_frees_it_and_holds_anew(shop: ShopFloor) -> None:
    known = shop.profile(shop.customers[5]).known
    async with at_the_counter(shop, by="manager") as stand:
        await to_step(stand, 5)
        assert shop.profile(shop.customers[5]).known == known - 30
        await stand.press("escape")
        assert isinstance(stand.screen, OrderBonuses)
        assert shop.profile(shop.customers[5]).known == known
        await stand.press("f5")
        assert isinstance(stand.screen, OrderPayment)
        assert shop.profile(shop.customers[5]).known == known
        await stand.press("escape", "escape", "escape", "escape")
        assert isinstance(stand.screen, OrderCustomer)
    assert verify_ledger(shop.till.ledger).ok


@pytest.mark.parametrize("step", [2, 3, 4, 5])
async def test_a_power_cut_resumes_exactly_there(shop: ShopFloor, step: int) -> None:
    async with at_the_counter(shop, by="manager") as stand:
        await to_step(stand, step)
    async with at_the_counter(shop, by="manager") as stand:
        await stand.press("ctrl+o")
        assert isinstance(stand.screen, OrderList)
        assert f"step {step} of 5" in stand.text()
        await stand.press("enter")
        wanted = (OrderGoods, OrderOffers, OrderBonuses, OrderPayment)[step - 2]
        assert isinstance(stand.screen, wanted)
        assert shop.customers[5].name in stand.text()


async def test_left_for_later_it_can_be_discarded(shop: ShopFloor) -> None:
    known = shop.profile(shop.customers[5]).known
    async with at_the_counter(shop, by="manager") as stand:
        await to_step(stand, 5)
        await stand.press("f9")
        assert isinstance(stand.screen, OrderList)
        await stand.press("f8", "f10")
        assert "Nothing is held for it" in stand.told()
        assert "No order is open" in stand.text()
    assert shop.profile(shop.customers[5]).known == known
    assert verify_ledger(shop.till.ledger).ok


async def test_a_cashier_takes_the_payment_by_the_slips_code(shop: ShopFloor) -> None:
    order = order_in(shop)
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(qr(shop, order))
        assert isinstance(stand.screen, OrderView)
        seq = shop.till.ledger.last_seq()
        await stand.press("f6", "f7", "f4")
        assert shop.kinds(seq) == []
        await stand.press("f8")
        assert "This is for a manager" in stand.told()
        await stand.press("f10")
        assert shop.kinds(seq) == ["sale", "earn", "order"]
        assert "Now issue the goods" in stand.told()
        await stand.press("f10")
        assert len(shop.kinds(seq)) == 3, "it is paid once"
        await stand.press("f6", "f7")
        assert state(shop.till, order.number) == "closed"
        await stand.press("escape")
        assert stand.stage == "idle"
    assert verify_ledger(shop.till.ledger).ok


async def test_the_customer_at_the_counter_is_said_to_have_an_order(shop: ShopFloor) -> None:
    order = order_in(shop)
    async with at_the_counter(shop) as stand:
        await stand.serial_scan(shop.customers[5].card)
        assert f"Order {order.number}, waits for payment" in stand.text()
        await stand.serial_scan(qr(shop, order))
        assert isinstance(stand.screen, OrderView)
        await stand.press("f10", "escape")
        assert stand.stage == "customer"
        assert f"Order {order.number}, paid" in stand.text()


async def test_a_manager_cancels_with_a_reason_and_takes_back_what_was_paid(shop: ShopFloor) -> None:
    known = shop.profile(shop.customers[5]).known
    first, second = order_in(shop), order_in(shop)
    async with at_the_counter(shop, by="manager") as stand:
        await stand.serial_scan(qr(shop, first))
        await stand.press("f8")
        assert isinstance(stand.screen, Choices)
        await stand.press("1")
        assert state(shop.till, first.number) == "cancelled"
        assert "20 bonus points are free again" in stand.told()
        await stand.press("escape", "ctrl+o")
        await stand.type_text(second.number)
        await stand.press("enter")
        assert isinstance(stand.screen, OrderView)
        await stand.press("f10", "f4")
        assert isinstance(stand.screen, OrderReturn)
        assert "UAH41.40" in stand.text()
        await stand.press("f10")
        assert state(shop.till, second.number) == "returned"
        assert "Pay back UAH41.40" in stand.told()
    assert shop.profile(shop.customers[5]).known == known
    assert verify_ledger(shop.till.ledger).ok


async def test_cashiers_make_no_orders_and_an_unknown_code_says_what_to_do(shop: ShopFloor) -> None:
    order = order_in(shop, place=False)
    async with at_the_counter(shop) as stand:
        await stand.serial_scan(qr(shop, replace(order, sale_id="018f0000-0000-7000-8000-00000000000f")))
        assert "not known here yet" in stand.told()
        await stand.press("ctrl+o", "f2")
        assert isinstance(stand.screen, OrderList)
        assert "This is for a manager" in stand.told()
        assert "No order is open" in stand.text()


async def test_orders_stand_in_the_managers_menu(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="manager") as stand:
        await stand.press("f9", "f8")
        assert isinstance(stand.screen, ManagerMenu)
        await stand.click("#choice-orders")
        assert isinstance(stand.screen, OrderList)


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=["80x24", "100x30", "200x50"])
async def test_every_step_can_be_touched_and_read(shop: ShopFloor, size: tuple[int, int]) -> None:
    wrong: list[str] = []
    async with at_the_counter(shop, by="manager", language="uk", size=size) as stand:
        await to_step(stand, 5)
        for key in ("escape", "escape", "escape", "escape", "escape"):
            wrong += [f"{type(stand.screen).__name__}: {one}" for one in low_or_hidden(stand) + cut_labels(stand)]
            await stand.press(key)
        order = order_in(shop)
        await stand.press("escape")
        await stand.serial_scan(qr(shop, order))
        for key in ("f10", "f6", "f4"):
            wrong += [f"{type(stand.screen).__name__}: {one}" for one in low_or_hidden(stand) + cut_labels(stand)]
            await stand.press(key)
        assert isinstance(stand.screen, OrderReturn)
        wrong += low_or_hidden(stand) + cut_labels(stand)
        assert stand.one("#confirm", Touch).region.height >= 3
    assert wrong == []
