"""A refund on the screen: the bill is found, the effects are shown, a manager confirms, the ledger has it once."""

from textual.widgets import Input, Static

from terminal import desk
from terminal.devices.scan import read_scan
from terminal.ledger.queues import prints_of_sale
from terminal.ledger.sales import Sale
from terminal.ledger.verify import verify_ledger
from terminal.rules.bill import Bill, Line
from terminal.rules.phrase import Refused
from terminal.rules.slip_code import slip_code
from terminal.rules.watch import WatchLimits
from terminal.screens.corrections_menu import CorrectionsMenu
from terminal.screens.find_bill import FindBill
from terminal.screens.manager_menu import ManagerMenu
from terminal.screens.pin_question import PinQuestion
from terminal.screens.refund_dialog import RefundDialog
from terminal.screens.rows import Rows
from terminal.screens.sales_list import SalesList
from tests.screens.stand import PINS, ShopFloor, Stand, at_the_counter

REFUNDED = ["refund", "restore", "clawback"]


def sold(shop: ShopFloor, redeem: int = 40) -> Sale:
    """A bill of 60 and 40, of which bonuses paid a part."""
    bill = Bill((Line("Кава", 6_000), Line("Торт", 4_000)))
    shown = desk.quote(shop.till, shop.customers[5].id, bill, redeem)
    assert not isinstance(shown, Refused), shown
    done = desk.complete(shop.till, shown, bill, shop.cashier)
    assert isinstance(done, desk.Completed), done
    return done.sale


def effects(stand: Stand) -> str:
    """What stands beside the lines, with single spaces."""
    return " ".join(str(stand.one("#effects", Static).content).split())


async def scan_slip(stand: Stand, sale: Sale) -> None:
    """Hold the sale's slip before the scanner."""
    await stand.serial_scan(slip_code("sale", stand.shop.till.ledger.terminal_id, sale.number, sale.id))


async def test_a_slip_at_the_counter_a_whole_refund_by_keys(shop: ShopFloor) -> None:
    before = shop.profile(shop.customers[5]).known
    sale = sold(shop)
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop, by="manager") as stand:
        await stand.wedge_scan(slip_code("sale", shop.till.ledger.terminal_id, sale.number, sale.id))
        assert isinstance(stand.screen, RefundDialog)
        assert f"Refund of sale No. {sale.number}" in stand.text()
        assert "Goods brought back UAH100.00 Of it paid with bonuses UAH40.00 PAY BACK UAH60.00" in effects(stand)
        assert f"Balance after it {before}" in effects(stand)
        await stand.press("f10")
        assert stand.stage == "idle"
        assert "Refund booked. Pay back UAH60.00." in stand.told()
        assert shop.kinds(seq) == REFUNDED
        assert shop.profile(shop.customers[5]).known == before
        assert len(prints_of_sale(shop.till.ledger, sale.id)) == 2
        await scan_slip(stand, sale)
        assert f"Sale No. {sale.number} was refunded as a whole already." in stand.told()
        assert stand.stage == "idle"
    assert verify_ledger(shop.till.ledger).ok


async def test_lines_and_parts_by_mouse_until_the_bill_is_used_up(shop: ShopFloor) -> None:
    sale = sold(shop, redeem=0)
    async with at_the_counter(shop, by="manager") as stand:
        await scan_slip(stand, sale)
        await stand.click_row(0)
        assert "Goods brought back UAH40.00" in effects(stand)
        await stand.click("#part")
        for key in ("3", "5"):
            await stand.click(f"#pad-{key}")
        await stand.click("#save")
        assert "Goods brought back UAH75.00" in effects(stand)
        await stand.click("#confirm")
        assert "Pay back UAH75.00." in stand.told()
        await scan_slip(stand, sale)
        assert "Refunded before UAH75.00 Goods brought back UAH25.00" in effects(stand)
        await stand.click("#part")
        await stand.type_text("25,01")
        await stand.press("enter")
        assert "Of “Кава” only UAH25.00 can be refunded." in stand.told()
        await stand.press("escape", "f10")
        assert "Pay back UAH25.00." in stand.told()
    refunds = [entry for entry in shop.till.ledger.entries(limit=10_000) if entry.kind == "refund"]
    assert [entry.sale_id for entry in refunds] == [sale.id, sale.id]
    assert verify_ledger(shop.till.ledger).ok


async def test_nothing_chosen_is_not_booked_and_everything_comes_back_with_a_key(shop: ShopFloor) -> None:
    sale = sold(shop)
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop, by="manager") as stand:
        await scan_slip(stand, sale)
        await stand.press("enter", "down", "enter")
        assert effects(stand) == "! Choose what is brought back."
        await stand.press("f10")
        assert "Choose what is brought back." in stand.told()
        assert shop.kinds(seq) == []
        await stand.press("f5")
        assert "Goods brought back UAH100.00" in effects(stand)
        await stand.press("escape")
        assert stand.stage == "idle"
        assert shop.kinds(seq) == []


async def test_a_balance_that_changed_meanwhile_is_shown_before_it_is_booked(shop: ShopFloor) -> None:
    sale = sold(shop)
    async with at_the_counter(shop, by="manager") as stand:
        await scan_slip(stand, sale)
        sold(shop)
        seq = shop.till.ledger.last_seq()
        await stand.press("f10")
        assert "The balance has changed." in stand.told()
        assert shop.kinds(seq) == []
        await stand.press("f10")
        assert shop.kinds(seq) == REFUNDED


async def test_by_number_from_the_managers_menu(shop: ShopFloor) -> None:
    sale = sold(shop)
    async with at_the_counter(shop, by="manager") as stand:
        await stand.press("f9", "f8")
        assert isinstance(stand.screen, ManagerMenu)
        await stand.click("#choice-refund")
        assert isinstance(stand.screen, FindBill)
        assert isinstance(stand.screen.focused, Input)
        await stand.type_text("9999")
        await stand.press("enter")
        assert "No sale No. 9999 is known here." in stand.told()
        await stand.press(*["backspace"] * 4)
        for digit in str(sale.number):
            await stand.click(f"#pad-{digit}")
        await stand.press("f5")
        assert isinstance(stand.screen, RefundDialog)
        await stand.press("f10")
        assert isinstance(stand.screen, ManagerMenu)
        assert "Refund booked." in stand.told()


async def test_scanned_into_the_search_a_refunds_slip_is_refused(shop: ShopFloor) -> None:
    sale = sold(shop)
    terminal = shop.till.ledger.terminal_id
    async with at_the_counter(shop, by="manager") as stand:
        await stand.press("f9", "f8")
        await stand.click("#choice-refund")
        stand.app.scanned(read_scan(slip_code("refund", terminal, sale.number, sale.id), "serial"))
        await stand.rest()
        await stand.until(lambda: "slip of a refund" in stand.told())
        stand.app.scanned(read_scan(slip_code("sale", terminal, sale.number, sale.id), "serial"))
        await stand.rest()
        await stand.until(lambda: isinstance(stand.screen, RefundDialog))


async def test_from_a_customers_history(shop: ShopFloor) -> None:
    sale = sold(shop)
    async with at_the_counter(shop, by="manager") as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.press("f9", "9")
        assert isinstance(stand.screen, CorrectionsMenu)
        await stand.press("1")
        assert isinstance(stand.screen, FindBill)
        assert stand.one("Rows", Rows).option_count == len(desk.recent_sales(shop.till, shop.customers[5].id))
        await stand.press("enter", "f10")
        assert isinstance(stand.screen, CorrectionsMenu)
        assert [entry.sale_id for entry in shop.till.ledger.entries(limit=10_000) if entry.kind == "refund"] == [
            sale.id
        ]


async def test_a_cashier_refunds_with_a_managers_pin(shop: ShopFloor) -> None:
    sale = sold(shop)
    shop.till.watch = WatchLimits()
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await stand.press("f4", "f7", "f10")
        assert isinstance(stand.screen, PinQuestion)
        assert "A refund needs a manager." in stand.text()
        await stand.type_text(PINS["cashier"])
        await stand.press("enter")
        assert "Wrong PIN. Tries left: 4." in stand.told()
        assert shop.kinds(seq) == []
        await stand.type_text(PINS["manager"])
        await stand.press("enter")
        assert isinstance(stand.screen, SalesList)
        assert "Refund booked." in stand.told()
    refund = shop.till.ledger.entries(seq)[0]
    assert (refund.kind, refund.operator, refund.sale_id) == ("refund", shop.cashier.id, sale.id)
    assert f'"approved_by":"{shop.manager.id}"' in refund.payload


async def test_a_slip_waits_while_somebody_is_served(shop: ShopFloor) -> None:
    sale = sold(shop)
    async with at_the_counter(shop, by="manager") as stand:
        await stand.wedge_scan(shop.customers[6].card)
        await scan_slip(stand, sale)
        assert "Finish this sale first" in stand.told()
        assert stand.stage == "customer"


async def test_the_lists_say_what_is_refunded_already(shop: ShopFloor) -> None:
    sold(shop, redeem=0)
    async with at_the_counter(shop, by="manager") as stand:
        await stand.press("f4", "f7", "enter", "f10")
        assert isinstance(stand.screen, SalesList)
        assert "UAH100.00 Наталя Савчук ↩ refunded UAH40.00" in stand.text()
        await stand.press("escape", "f9", "f8")
        await stand.click("#choice-refund")
        assert "↩ refunded UAH40.00" in stand.text()
