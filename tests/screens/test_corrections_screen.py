"""A manager corrects, presents, merges and helps with a lost card; the audit shows it and changes nothing."""

import msgspec
import pytest
from textual.widgets import Input

from terminal import desk
from terminal.desk.demo_shop import DemoCustomer
from terminal.ledger.verify import verify_ledger
from terminal.rules.watch import WatchLimits
from terminal.screens.audit_list import AuditList
from terminal.screens.choices import Choices
from terminal.screens.corrections_menu import CorrectionsMenu
from terminal.screens.find_customer import FindCustomer
from terminal.screens.manager_menu import ManagerMenu
from terminal.screens.merge_dialog import MergeDialog
from terminal.screens.pin_question import PinQuestion
from terminal.screens.question import Question
from terminal.screens.rows import Rows
from terminal.screens.touch import Touch
from tests.screens.stand import PINS, ShopFloor, Stand, at_the_counter

NEW_CARD = "2999999999991"


async def open_corrections(stand: Stand, customer: DemoCustomer) -> None:
    """Find a customer and open what a manager may do."""
    await stand.wedge_scan(customer.card)
    await stand.press("f9", "9")
    assert isinstance(stand.screen, CorrectionsMenu)


def payloads(shop: ShopFloor, after: int) -> list[tuple[str, int, dict[str, object]]]:
    """(kind, points, payload) of the entries behind a seq."""
    return [
        (entry.kind, entry.points, msgspec.json.decode(entry.payload))
        for entry in shop.till.ledger.entries(after, 100)
    ]


async def test_bonuses_are_given_by_keys_with_a_reason_and_a_note(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    known, seq = shop.profile(customer).known, shop.till.ledger.last_seq()
    async with at_the_counter(shop, by="manager") as stand:
        await open_corrections(stand, customer)
        await stand.press("2")
        await stand.press("f10")
        assert "Type how many bonuses, more than 0." in stand.told()
        await stand.type_text("30")
        await stand.press("enter")
        assert isinstance(stand.screen, Choices)
        await stand.press("5")
        await stand.press("enter")
        assert "Write a note: what happened?" in stand.told()
        await stand.type_text("long queue")
        await stand.press("enter")
        assert isinstance(stand.screen, Question)
        assert "Give 30 bonus points to" in stand.text()
        assert shop.till.ledger.last_seq() == seq
        await stand.press("f10")
        assert f"Booked. The balance is {known + 30} bonus points now." in stand.told()
        assert f"Balance: {known + 30} bonus points" in stand.text()
    [(kind, points, payload)] = payloads(shop, seq)
    assert (kind, points, payload["reason"], payload["note"]) == ("adjust", 30, "other", "long queue")
    assert verify_ledger(shop.till.ledger).ok


async def test_bonuses_are_taken_by_mouse_and_no_more_than_there_are(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    known, seq = shop.profile(customer).known, shop.till.ledger.last_seq()
    async with at_the_counter(shop, by="manager") as stand:
        for digits, booked in (("99999", False), ("20", True)):
            if not booked:
                await open_corrections(stand, customer)
            await stand.click("#choice-take")
            for digit in digits:
                await stand.click(f"#pad-{digit}")
            await stand.click("#save")
            await stand.click("#choice-mistake")
            await stand.click("#save")
            await stand.click("#yes")
            told = f"The balance is {known - 20}" if booked else "can be taken."
            assert told in stand.told()
    assert [(kind, points) for kind, points, _ in payloads(shop, seq)] == [("adjust", -20)]


async def test_a_present_can_be_left_at_every_step(shop: ShopFloor) -> None:
    customer, seq = shop.customers[5], shop.till.ledger.last_seq()
    steps = [["4"], ["4", "1", "0", "enter"], ["4", "1", "0", "enter", "enter"]]
    async with at_the_counter(shop, by="manager") as stand:
        await open_corrections(stand, customer)
        for keys in steps:
            await stand.press(*keys, "escape")
            assert isinstance(stand.screen, CorrectionsMenu)
            assert shop.till.ledger.last_seq() == seq
        await stand.press("4", "1", "0", "enter", "enter", "f10")
        assert "Booked." in stand.told()
    [(kind, points, payload)] = payloads(shop, seq)
    assert (kind, points, payload["reason"]) == ("gift", 10, "gift")


async def test_above_the_limit_a_second_person_types_their_pin(shop: ShopFloor) -> None:
    customer, seq = shop.customers[5], shop.till.ledger.last_seq()
    shop.till.watch = WatchLimits(four_eyes_points=100)
    async with at_the_counter(shop, by="manager") as stand:
        await open_corrections(stand, customer)
        give = ["2", "1", "0", "1", "enter", "1", "enter", "f10"]
        await stand.press(*give)
        assert isinstance(stand.screen, PinQuestion)
        assert "More than 100 bonus points by hand" in stand.text()
        assert [str(person.name) for person in stand.screen.people] == [shop.cashier.name]
        await stand.press("escape")
        assert "Nothing was changed." in stand.told()
        assert shop.till.ledger.last_seq() == seq
        await stand.press(*give)
        for digit in PINS["cashier"]:
            await stand.click(f"#pad-{digit}")
        await stand.click("#pass")
        assert "Booked." in stand.told()
    [(kind, points, payload)] = payloads(shop, seq)
    assert (kind, points, payload["approved_by"]) == ("adjust", 101, shop.cashier.id)


async def test_five_wrong_pins_are_counted_even_when_the_plug_is_pulled(shop: ShopFloor) -> None:
    shop.till.watch = WatchLimits(four_eyes_points=1)
    async with at_the_counter(shop, by="manager") as stand:
        await open_corrections(stand, shop.customers[5])
        await stand.press("4", "9", "enter", "enter", "f10")
        for _ in range(5):
            await stand.type_text("0001")
            await stand.press("enter")
        assert "Wrong PIN. Wait" in stand.told()
        await stand.type_text(PINS["cashier"])
        await stand.press("enter")
        assert "Too many wrong PINs." in stand.told()
        assert isinstance(stand.screen, PinQuestion)
    async with at_the_counter(shop, by="") as stand:
        await stand.type_text(PINS["cashier"])
        await stand.press("enter")
        assert "Too many wrong PINs." in stand.told()


async def test_two_customers_become_one(shop: ShopFloor) -> None:
    stays, ends = shop.customers[5], shop.customers[6]
    whole = shop.profile(stays).known + shop.profile(ends).known
    async with at_the_counter(shop, by="manager") as stand:
        await open_corrections(stand, stays)
        await stand.press("5")
        assert isinstance(stand.screen, FindCustomer)
        await stand.serial_scan(stays.card)
        await stand.until(lambda: "These are the same customer." in stand.told())
        await stand.serial_scan(ends.card)
        await stand.until(lambda: isinstance(stand.screen, MergeDialog))
        await stand.settle()
        assert stays.name in stand.text()
        assert ends.name in stand.text()
        assert f"one account with {whole:,} bonus points" in stand.text()
        assert stand.screen.focused is stand.one("#no", Touch)
        await stand.click("#merge")
        assert "Booked." in stand.told()
        assert shop.profile(stays).known == whole
        await stand.press("escape", "escape", "escape")
        await stand.wedge_scan(ends.card)
        assert stays.name in stand.text()
    assert verify_ledger(shop.till.ledger).ok


async def test_a_lost_card_is_replaced_and_the_account_stays(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    known, seq = shop.profile(customer).known, shop.till.ledger.last_seq()
    async with at_the_counter(shop, by="manager") as stand:
        await open_corrections(stand, customer)
        await stand.press("6")
        await stand.serial_scan(customer.card)
        await stand.press("enter")
        assert "This card is theirs already." in stand.told()
        await stand.serial_scan(NEW_CARD)
        await stand.press("enter")
        assert "Block the old cards of" in stand.text()
        await stand.press("f10")
        assert "the bonuses stayed." in stand.told()
    assert shop.kinds(seq) == ["card_blocked", "card_bound"]
    assert shop.profile(customer).known == known


async def test_a_new_card_with_an_account_of_its_own_is_merged(shop: ShopFloor) -> None:
    customer, other = shop.customers[5], shop.customers[6]
    async with at_the_counter(shop, by="manager") as stand:
        await open_corrections(stand, customer)
        await stand.press("6")
        await stand.serial_scan(other.card)
        await stand.press("enter")
        assert isinstance(stand.screen, MergeDialog)
        await stand.press("f10")
        assert "Booked." in stand.told()
    found = desk.find(shop.till, other.card)
    assert isinstance(found, tuple)
    assert found[0].customer_id == customer.id


async def test_a_cashier_is_told_who_can(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.press("f9", "9")
        assert "This is for a manager" in stand.told()
        assert not isinstance(stand.screen, CorrectionsMenu)
        await stand.press("escape", "escape", "f9", "f8")
        assert "This is for a manager" in stand.told()


async def test_from_the_managers_menu_somebody_is_found_by_name(shop: ShopFloor) -> None:
    async with at_the_counter(shop, by="manager") as stand:
        await stand.press("f9", "f8")
        await stand.click("#choice-correct")
        assert isinstance(stand.screen, FindCustomer)
        assert isinstance(stand.screen.focused, Input)
        await stand.type_text("оле")
        await stand.press("enter", "down", "enter")
        assert isinstance(stand.screen, CorrectionsMenu)
        await stand.press("escape")
        assert isinstance(stand.screen, ManagerMenu)


async def test_the_audit_lists_it_all_a_page_at_a_time(shop: ShopFloor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("terminal.screens.audit_list._PAGE", 3)
    customer = shop.customers[5]
    for points in (1, 2, 3, 4):
        assert isinstance(desk.adjust(shop.till, customer.id, points, "goodwill", shop.manager), int)
    assert isinstance(desk.give(shop.till, shop.customers[6].id, 9, "\x1b[2Jname day", shop.manager), int)
    async with at_the_counter(shop, by="manager") as stand:
        await stand.press("f9", "f8")
        await stand.click("#choice-audit")
        assert isinstance(stand.screen, AuditList)
        assert "Gift +9" in stand.text()
        assert "“[2Jname day”" in stand.text()
        assert stand.one("Rows", Rows).option_count == 3
        await stand.press("f6")
        assert "Correction +2" in stand.text()
        assert "Correction +3" not in stand.text()
        await stand.press("f5")
        assert "Gift +9" in stand.text()
        await stand.press("f5")
        assert "There is nothing newer." in stand.told()
        await stand.press("escape", "escape", "escape")
        await open_corrections(stand, customer)
        await stand.press("7")
        assert "Gift +9" not in stand.text()
        assert "Correction +4" in stand.text()
