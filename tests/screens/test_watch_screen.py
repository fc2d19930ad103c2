"""At the counter the watch asks for a manager before anything is booked or printed, and notes who let it pass."""

import msgspec

from terminal import desk
from terminal.ledger.verify import verify_ledger
from terminal.rules.watch import WatchLimits
from terminal.screens.pin_question import PinQuestion
from terminal.screens.sales_list import SalesList
from tests.screens.stand import PINS, ShopFloor, Stand, at_the_counter


def flags(shop: ShopFloor, after: int) -> list[tuple[str, str, str | None]]:
    """(rule, who let it pass, of which sale) behind a seq."""
    told = []
    for entry in shop.till.ledger.entries(after, 100):
        if entry.kind == "flag":
            payload = msgspec.json.decode(entry.payload)
            told.append((payload["rule"], payload["approved_by"], entry.sale_id))
    return told


async def take_off(stand: Stand, number: int = 5) -> None:
    """Bring a sale to where the register is to be asked."""
    await stand.wedge_scan(stand.shop.customers[number].card)
    await stand.type_text("250")
    await stand.press("f5")


async def test_a_card_of_the_staff_is_sold_to_once_a_manager_has_looked(shop: ShopFloor) -> None:
    shop.till.watch = WatchLimits(staff_cards=frozenset({shop.customers[5].card}))
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await take_off(stand)
        await stand.click("#confirm")
        assert isinstance(stand.screen, PinQuestion)
        assert "The card belongs to somebody who works" in stand.text()
        assert shop.kinds(seq) == []
        assert shop.jobs() == []
        for digit in PINS["manager"]:
            await stand.click(f"#pad-{digit}")
        await stand.click("#pass")
        assert stand.stage == "done"
        assert shop.kinds(seq) == ["sale", "earn", "flag"]
        assert len(shop.jobs()) == 1
        assert flags(shop, seq) == [("staff-card", shop.manager.id, shop.sales()[0].id)]
        await stand.press("f10")
        assert "is voided" in stand.text()
    assert verify_ledger(shop.till.ledger).ok


async def test_without_the_manager_nothing_is_booked_and_the_sale_stands_where_it_was(shop: ShopFloor) -> None:
    shop.till.watch = WatchLimits(staff_cards=frozenset({shop.customers[5].card}))
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await take_off(stand)
        await stand.press("enter")
        await stand.type_text(PINS["cashier"])
        await stand.press("enter")
        assert "Wrong PIN." in stand.told()
        await stand.serial_scan(shop.customers[6].card)
        assert "Finish here first" in stand.told()
        await stand.press("escape")
        assert stand.stage == "take-off"
        assert "Nothing is booked." in stand.told()
        assert shop.kinds(seq) == []
        await stand.press("enter")
        assert isinstance(stand.screen, PinQuestion)
        await stand.press("escape", "escape", "escape")
        assert stand.stage == "idle"


async def test_copies_are_counted_before_they_are_printed(shop: ShopFloor) -> None:
    shop.till.watch = WatchLimits()
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await stand.press("f4", "f6", "f6")
        assert len(shop.jobs()) == 2
        await stand.press("f6")
        assert isinstance(stand.screen, PinQuestion)
        assert "This slip has 2 copies already." in stand.text()
        assert len(shop.jobs()) == 2
        await stand.type_text(PINS["manager"])
        await stand.press("f10")
        assert isinstance(stand.screen, SalesList)
        assert "is on its way to the printer" in stand.told()
        assert len(shop.jobs()) == 3
    assert flags(shop, seq) == [("reprints", shop.manager.id, shop.sales()[0].id)]


async def test_a_clock_set_back_is_said_and_let_pass(shop: ShopFloor) -> None:
    shop.till.watch = WatchLimits()
    async with at_the_counter(shop) as stand:
        await take_off(stand)
        await stand.press("enter")
        shop.clock.advance(hours=-3)
        await take_off(stand, number=6)
        await stand.press("enter")
        assert "This machine's clock is 1" in stand.text()
        await stand.type_text(PINS["manager"])
        await stand.press("enter")
        assert stand.stage == "done"
        await take_off(stand, number=7)
        await stand.press("enter")
        assert stand.stage == "done"


async def test_who_is_alone_is_told_to_add_somebody(shop: ShopFloor) -> None:
    shop.till.watch = WatchLimits(four_eyes_points=1)
    assert not isinstance(desk.remove_operator(shop.till, shop.cashier.name), desk.Profile)
    async with at_the_counter(shop, by="manager") as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.press("f9", "9", "4", "5", "enter", "enter", "f10")
        assert isinstance(stand.screen, PinQuestion)
        assert "Nobody else here can confirm it." in stand.told()
        await stand.press("1", "2", "3", "4", "enter")
        assert isinstance(stand.screen, PinQuestion)
        await stand.press("escape")
        assert "Nothing was changed." in stand.told()
