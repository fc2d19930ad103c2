"""A new customer: by keys, by mouse alone, with a scanned card, and what is missing or taken."""

from textual.widgets import Checkbox, Input

from terminal import desk
from terminal.ledger.verify import verify_ledger
from terminal.screens.new_customer import RegisterCustomer
from tests.screens.stand import ShopFloor, Stand, at_the_counter

NEW_CARD = "2999999999991"
KEYS_A_SECOND = 5
SECONDS = 20


async def test_by_keys_in_less_than_twenty_seconds_of_typing(shop: ShopFloor) -> None:
    """Every key is counted. Assumed: a cashier types 5 keys a second (60 words a minute), and so do commands."""
    seq = shop.till.ledger.last_seq()
    keys = 0
    async with at_the_counter(shop, language="uk") as stand:
        await stand.press("f2")
        keys += 1
        for text, then in (("Степан Перебийніс", "enter"), ("0501112233", "enter"), ("", "enter"), ("", "space")):
            await stand.type_text(text)
            await stand.press(then)
            keys += len(text) + 1
        await stand.press("f10")
        keys += 1
        assert stand.stage == "customer"
        assert "Степан Перебийніс" in stand.text()
        await stand.type_text("100")
        await stand.press("f5", "enter")
    assert keys / KEYS_A_SECOND < SECONDS / 2
    assert shop.kinds(seq) == ["register", "sale", "earn"]
    found = desk.find(shop.till, "0501112233")
    assert isinstance(found, tuple)
    assert found[0].name == "Степан Перебийніс"
    assert verify_ledger(shop.till.ledger).ok


async def test_by_mouse_alone(shop: ShopFloor) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop, language="uk") as stand:
        await stand.click(next(button for button in stand.targets() if button.has_class("at-matches")))
        assert isinstance(stand.screen, RegisterCustomer)
        for key in ("letter-1-2", "letter-0-10", "key-space", "letter-2-1", "letter-2-4", "key-back"):
            await stand.click(f"#{key}")
        assert stand.box("#name") == "Вх Ч"
        await stand.click("#key-shift")
        await stand.click("#letter-1-0")
        assert stand.box("#name") == "Вх ЧФ"
        await stand.click("#phone")
        for digit in "0501112233":
            await stand.click(f"#pad-{digit}")
        await stand.click("#agreed")
        await stand.click("#save")
        assert stand.stage == "customer"
    assert shop.kinds(seq) == ["register"]
    found = desk.find(shop.till, "0501112233")
    assert isinstance(found, tuple)
    assert found[0].name == "Вх ЧФ"


async def test_a_card_is_scanned_in(shop: ShopFloor) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await stand.press("f2")
        await stand.type_text("Степан")
        await stand.wedge_scan("4820000010016")
        assert "This is not a customer's card." in stand.told()
        await stand.wedge_scan(NEW_CARD)
        assert (stand.box("#name"), stand.box("#card")) == ("Степан", NEW_CARD)
        assert stand.one("#agreed", Checkbox).has_focus
        await stand.press("space")
        await stand.press("shift+tab", "shift+tab")
        await stand.type_text("0501112233")
        await stand.press("f10")
        assert stand.stage == "customer"
        await stand.press("escape")
        await stand.wedge_scan(NEW_CARD)
        assert "Степан" in stand.text()
    assert shop.kinds(seq) == ["register", "card_bound"]


async def save_told(stand: Stand) -> str:
    """Try to save; return what was told."""
    await stand.press("f10")
    assert isinstance(stand.screen, RegisterCustomer)
    return stand.told()


async def test_what_is_missing_or_taken_is_told_and_the_box_is_gone_to(shop: ShopFloor) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await stand.press("f2")
        assert "Type the customer's name." in await save_told(stand)
        assert stand.one("#name", Input).has_focus
        await stand.type_text("Степан")
        await save_told(stand)
        assert stand.one("#phone", Input).has_focus
        await stand.type_text("12")
        assert "12" in await save_told(stand)
        await stand.press("backspace", "backspace")
        await stand.type_text("0675550006")
        assert "Ask whether the customer agrees" in await save_told(stand)
        assert stand.one("#agreed", Checkbox).has_focus
        await stand.press("space")
        assert f"{shop.customers[5].name} has this phone already." in await save_told(stand)
        assert stand.one("#phone", Input).has_focus
        await stand.press("backspace")
        await stand.type_text("0501112233")
        stand.one("#card", Input).value = shop.customers[5].card
        assert "belongs to another customer" in await save_told(stand)
        stand.one("#card", Input).value = "4111111111111111"
        assert "This is a bank card." in await save_told(stand)
        await stand.press("escape")
        assert stand.stage == "idle"
    assert shop.till.ledger.last_seq() == seq
