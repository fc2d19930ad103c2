"""Finding at the counter: phones, last four digits, names, cards; unknown, blocked and refused ones."""

import pytest

from terminal import desk
from terminal.screens.new_customer import RegisterCustomer
from terminal.screens.rows import Rows
from tests.screens.stand import ShopFloor, at_the_counter

BANK_CARD = "4111111111111111"


async def test_phones_in_any_form_and_their_last_digits(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        for typed in ("0675550006", "067 555-00-06", "80675550006", "+380675550006", "0006"):
            await stand.type_text(typed)
            await stand.press("enter")
            assert stand.stage == "customer", typed
            assert shop.customers[5].name in stand.text()
            await stand.press("escape")
            assert stand.stage == "idle"


async def test_a_name_is_chosen_by_arrows_and_by_mouse(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        for by_mouse in (False, True):
            await stand.type_text("оле")
            assert stand.stage == "matches"
            found = desk.find(shop.till, "оле")
            assert isinstance(found, tuple)
            assert len(found) > 2
            assert f"Found: {len(found)}." in stand.told()
            if by_mouse:
                await stand.click_row(1)
            else:
                await stand.press("down", "down", "up", "enter")
            assert stand.stage == "customer"
            assert found[1].name in stand.text()
            await stand.press("escape")


async def test_enter_takes_the_only_one_found(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.type_text("наталя сав")
        assert (stand.stage, stand.one("#match-list", Rows).option_count) == ("matches", 1)
        await stand.press("enter")
        assert stand.stage == "customer"
        assert shop.customers[5].name in stand.text()


async def test_an_unknown_phone_or_card_is_filled_in_for_a_new_customer(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.type_text("0501112233")
        await stand.press("enter")
        assert stand.stage == "idle"
        assert "Nobody has the phone 0501112233 yet. F2: new customer." in stand.told()
        await stand.press("f2")
        assert isinstance(stand.screen, RegisterCustomer)
        assert "".join(sign for sign in stand.box("#phone") if sign.isdigit()).endswith("501112233")
        await stand.press("escape", "escape")
        await stand.wedge_scan("2999999999991")
        assert "Card 2999999999991 is not known here." in stand.told()
        await stand.press("f2")
        assert (stand.box("#phone"), stand.box("#card")) == ("", "2999999999991")


async def test_a_blocked_and_a_replaced_card_find_nobody(shop: ShopFloor) -> None:
    blocked, replaced = shop.customers[5].card, shop.customers[6].card
    desk.block_card(shop.till, blocked, shop.cashier)
    desk.replace_card(shop.till, replaced, "2999999999991", shop.cashier)
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(blocked)
        assert (stand.stage, "is blocked" in stand.told()) == ("idle", True)
        await stand.wedge_scan(replaced)
        assert (stand.stage, "was replaced" in stand.told()) == ("idle", True)
        await stand.wedge_scan("2999999999991")
        assert shop.customers[6].name in stand.text()


@pytest.mark.parametrize("by_hand", [False, True], ids=["scanned", "typed"])
async def test_what_is_no_card_is_refused_and_a_bank_card_is_kept_nowhere(shop: ShopFloor, by_hand: bool) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        cases = {BANK_CARD: "This is a bank card.", "2900000000064": "", "зовсім не картка 1": ""}
        for text, told in cases.items():
            before = stand.told()
            if by_hand:
                await stand.type_text(text)
                await stand.press("enter")
            else:
                await stand.serial_scan(text)
            assert stand.stage == "idle"
            assert told in stand.told()
            assert stand.told() != before
            assert BANK_CARD not in stand.told()
            await stand.press("escape")
            assert stand.box("#search") == ""
    assert shop.till.ledger.last_seq() == seq


async def test_nothing_typed_and_one_letter_are_answered(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.press("enter")
        assert "Scan the card, or type a phone" in stand.told()
        await stand.type_text("о")
        await stand.press("enter")
        assert "Type two letters of the name or more." in stand.told()
        await stand.press("escape")
        await stand.type_text("йййй")
        await stand.press("enter")
        assert "Nobody here is called" in stand.told()
