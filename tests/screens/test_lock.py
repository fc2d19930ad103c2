"""The lock: right and wrong PINs, the wait, who is at the till afterwards, and what it lets through: nothing."""

from textual.widgets import Input

from terminal.ledger.shop import pin_failures
from terminal.screens.lock import Lock
from tests.screens.stand import PINS, ShopFloor, Stand, at_the_counter


async def unlock(stand: Stand, pin: str) -> None:
    """Type a PIN and Enter."""
    await stand.type_text(pin)
    await stand.press("enter")


async def test_a_right_pin_opens_and_a_wrong_one_is_counted(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="") as stand:
        assert isinstance(stand.screen, Lock)
        assert "locked" in stand.text()
        await unlock(stand, "9753")
        assert isinstance(stand.screen, Lock)
        assert stand.box("#pin") == ""
        assert "Wrong PIN. Tries left: 4." in stand.told()
        assert pin_failures(shop.till.ledger, shop.cashier.id)[0] == 1
        await unlock(stand, PINS["cashier"])
        assert len(stand.app.screen_stack) == 2
        assert stand.app.session.operator == shop.cashier
        assert shop.cashier.name in stand.lines()[0]
        assert pin_failures(shop.till.ledger, shop.cashier.id)[0] == 0


async def test_five_wrong_pins_bring_a_wait_even_for_the_right_one(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="") as stand:
        for _ in range(5):
            await unlock(stand, "9753")
        assert "Wrong PIN. Wait 60 s." in stand.told()
        await unlock(stand, PINS["cashier"])
        assert isinstance(stand.screen, Lock)
        assert "Too many wrong PINs." in stand.told()
        assert pin_failures(shop.till.ledger, shop.cashier.id)[0] == 5
        shop.clock.advance(seconds=61)
        await unlock(stand, PINS["cashier"])
        assert stand.app.session.operator == shop.cashier


async def test_nothing_gets_through_a_lock(shop: ShopFloor) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop, by="") as stand:
        await stand.type_text("25")
        await stand.wedge_scan(shop.customers[5].card)
        assert stand.box("#pin") == "25"
        assert "The till is locked." in stand.told()
        await stand.serial_scan(shop.customers[5].card)
        await stand.press("f2", "f4", "f9", "f12", "escape", "ctrl+n")
        assert isinstance(stand.screen, Lock)
        assert len(stand.app.screen_stack) == 3
        await stand.type_text("80")
        await stand.press("enter")
        assert stand.stage == "idle"
        assert stand.app.session.operator == shop.cashier
    assert shop.till.ledger.last_seq() == seq


async def test_an_open_sale_waits_for_its_own_cashier(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.type_text("250")
        await stand.press("f12")
        assert isinstance(stand.screen, Lock)
        assert shop.customers[5].name not in stand.text()
        await unlock(stand, PINS["cashier"])
        assert (stand.stage, stand.box("#amount")) == ("customer", "250")


async def test_another_operator_begins_anew(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.press("f12", "down")
        await unlock(stand, PINS["manager"])
        assert stand.app.session.operator == shop.manager
        assert (stand.stage, stand.box("#amount")) == ("idle", "")
        assert shop.manager.name in stand.lines()[0]


async def test_by_mouse_alone(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.click("#lock")
        await stand.click_row(1)
        for digit in PINS["manager"]:
            await stand.click(f"#pad-{digit}")
        await stand.click("#pad-comma")
        assert stand.one("#pin", Input).value == PINS["manager"]
        await stand.click("#unlock")
        assert stand.app.session.operator == shop.manager


async def test_an_idle_till_locks_itself(shop: ShopFloor) -> None:
    async with at_the_counter(shop, idle_lock_s=0) as stand:
        await stand.until(lambda: isinstance(stand.screen, Lock))
        await unlock(stand, PINS["cashier"])
        assert stand.app.session.operator == shop.cashier
