"""Scans at every moment: wherever the focus is, in a dialog, while a sum waits for the register, while booking."""

import threading

import pytest
from textual import events

from terminal import desk
from terminal.desk import Completed, Operator, Till
from terminal.desk.demo_shop import product_barcode
from terminal.rules.bill import Bill
from terminal.rules.phrase import Refused
from terminal.rules.quote import Quote
from terminal.screens.help import Help
from terminal.screens.lock import Lock
from terminal.screens.sales_list import SalesList
from tests.screens.stand import PINS, SHOP_GAP_S, ShopFloor, Stand, at_the_counter

GOODS = product_barcode("1001")


class SlowDesk:
    """`desk.complete` that waits to be let on, and counts."""

    def __init__(self) -> None:
        self._real = desk.complete
        self.go_on = threading.Event()
        self.asked = 0

    def __call__(self, till: Till, shown: Quote, bill: Bill, by: Operator, **_: object) -> Completed | Refused:
        self.asked += 1
        assert self.go_on.wait(60)
        return self._real(till, shown, bill, by)


@pytest.fixture
def slow_desk(monkeypatch: pytest.MonkeyPatch) -> SlowDesk:
    slow = SlowDesk()
    monkeypatch.setattr("terminal.desk.complete", slow)
    return slow


async def begin_booking(stand: Stand, slow_desk: SlowDesk) -> None:
    """Confirm a sale that takes long."""
    await stand.wedge_scan(stand.shop.customers[5].card)
    await stand.type_text("250")
    await stand.press("f6")
    stand.app.post_message(events.Key("enter", "\r"))
    await stand.until(lambda: slow_desk.asked == 1)


async def test_two_cards_in_a_row_end_at_the_second(shop: ShopFloor) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop, gap_s=SHOP_GAP_S) as stand:
        await stand.wedge_scan(shop.customers[5].card, shop.customers[6].card)
        assert (stand.stage, stand.box("#amount"), stand.box("#search")) == ("customer", "", "")
        assert shop.customers[6].name in stand.text()
    assert shop.till.ledger.last_seq() == seq


async def test_a_card_in_the_middle_of_a_sum_begins_the_next_customer(shop: ShopFloor) -> None:
    async with at_the_counter(shop, gap_s=SHOP_GAP_S) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.type_text("25")
        await stand.wedge_scan(shop.customers[6].card)
        assert (stand.stage, stand.box("#amount")) == ("customer", "")
        await stand.type_text("70")
        await stand.press("f5", "enter")
        assert (shop.sales()[0].customer_id, shop.sales()[0].total_minor) == (shop.customers[6].id, 7000)


async def test_goods_without_a_customer(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(GOODS)
        assert (stand.stage, "These are goods." in stand.told()) == ("idle", True)
        assert stand.box("#search") == ""


async def test_a_scan_never_confirms_nor_leaves_a_sum_at_the_register(shop: ShopFloor) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop, gap_s=SHOP_GAP_S) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.type_text("250")
        await stand.press("f6")
        for scanned in (shop.customers[6].card, GOODS, shop.customers[5].card):
            await stand.wedge_scan(scanned)
            assert stand.stage == "take-off"
            assert "Finish this sale first" in stand.told()
        await stand.click("#search")
        await stand.type_text("0006")
        await stand.press("enter")
        assert stand.stage == "take-off"
        assert "Finish this sale first" in stand.told()
        assert shop.till.ledger.last_seq() == seq
        await stand.click("#confirm")
        assert shop.sales()[0].customer_id == shop.customers[5].id


async def test_a_scan_during_a_dialog_waits(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        for key, dialog in (("f1", Help), ("f4", SalesList)):
            await stand.press(key)
            await stand.wedge_scan(shop.customers[5].card)
            assert isinstance(stand.screen, dialog)
            assert "Finish here first, then scan." in stand.told()
            await stand.press("escape")
        assert stand.stage == "idle"
        await stand.wedge_scan(shop.customers[5].card)
        await stand.press("f9")
        await stand.wedge_scan("22222222222")
        assert "Finish here first, then scan." in stand.told()


async def test_scans_and_keys_while_a_sale_is_booked_change_nothing(shop: ShopFloor, slow_desk: SlowDesk) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await begin_booking(stand, slow_desk)
        for text in (shop.customers[6].card, GOODS):
            for key in [events.Key(digit, digit) for digit in text] + [events.Key("enter", "\r")]:
                stand.app.post_message(key)
            await stand.pilot.pause(0.03)
        for name in ("enter", "escape", "f2", "f3", "f4", "f6", "f8", "f9", "f10"):
            stand.app.post_message(events.Key(name, None))
            await stand.pilot.pause(0.01)
        assert (stand.stage, shop.till.ledger.last_seq()) == ("take-off", seq)
        slow_desk.go_on.set()
        await stand.rest()
        assert (stand.stage, slow_desk.asked) == ("done", 1)
        assert shop.kinds(seq) == ["sale", "redeem", "earn"]
        assert shop.sales()[0].customer_id == shop.customers[5].id


async def test_a_sale_that_is_booked_behind_a_lock_is_the_first_cashiers(
    shop: ShopFloor, slow_desk: SlowDesk
) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await begin_booking(stand, slow_desk)
        stand.app.action_lock()
        await stand.until(lambda: isinstance(stand.screen, Lock))
        await stand.settle()
        stand.app.post_message(events.Key("down", None))
        await stand.type_text(PINS["manager"])
        stand.app.post_message(events.Key("enter", "\r"))
        await stand.until(lambda: stand.app.session.operator == shop.manager)
        slow_desk.go_on.set()
        await stand.rest()
        assert "is booked" in stand.told()
        assert shop.kinds(seq) == ["sale", "redeem", "earn"]
        assert {entry.operator for entry in shop.till.ledger.entries(seq)} == {shop.cashier.id}


async def test_quick_typing_loses_no_key_and_is_no_scan(shop: ShopFloor) -> None:
    async with at_the_counter(shop, gap_s=SHOP_GAP_S) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        for digits in ("25", "0,", "40"):
            for digit in digits:
                stand.app.post_message(events.Key(digit, digit))
                await stand.pilot.pause(0.02)
            await stand.pilot.pause(0.06)
        assert stand.box("#amount") == "250,40"
