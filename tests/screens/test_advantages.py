"""Rewards and promo codes at the counter: taken, refused with the reason, told on the quote, and booked."""

import json

from terminal.ledger import marks
from terminal.ledger.shop import programme_in_force
from terminal.screens.advantages_list import AdvantagesList
from terminal.screens.text_question import TextQuestion
from tests.screens.stand import ShopFloor, Stand, at_the_counter
from tests.shop import load_programme

MORE = """
[[offers]]
kind = "percent"
code = "spring"
name = "Spring"
percent = 10
needs_code = true

[[offers]]
kind = "money"
code = "second"
name = "Second visit"
amount = 20
minimum_bill = 500

[[promo_codes]]
code = "SPRING26"
opens = "spring"
uses_per_customer = 1
"""


def with_offers(shop: ShopFloor) -> None:
    """Put the demo's next version in force, with offers and a promo code."""
    found = programme_in_force(shop.till.ledger, shop.till.today())
    assert found is not None
    number, text = found
    load_programme(shop.till.ledger, text.replace(f"number = {number}", f"number = {number + 1}", 1) + MORE)


async def serve(stand: Stand, number: int = 5, sum_: str = "100") -> None:
    """Scan a customer's card, and type a bill."""
    await stand.wedge_scan(stand.shop.customers[number].card)
    await stand.type_text(sum_)


async def test_a_promo_code_is_typed_told_and_counted(shop: ShopFloor) -> None:
    with_offers(shop)
    customer = shop.customers[5]
    async with at_the_counter(shop) as stand:
        await serve(stand)
        await stand.press("ctrl+r")
        assert isinstance(stand.screen, AdvantagesList)
        await stand.press("f5")
        assert isinstance(stand.screen, TextQuestion)
        await stand.type_text("winter")
        await stand.press("enter")
        assert "There is no code “winter”." in stand.told()
        await stand.press(*["backspace"] * 6)
        await stand.type_text("spring26")
        await stand.press("enter")
        assert isinstance(stand.screen, AdvantagesList)
        assert "The code holds: spring26" in stand.told()
        await stand.press("escape")
        assert "“Spring”: 10% off -UAH10.00" in stand.text()
        await stand.press("f5", "enter")
        sale = shop.sales()[0]
        assert (sale.total_minor, sale.taken_off_minor, sale.redeemed) == (100_00, 10_00, 0)
        assert marks.marks_of(shop.till.ledger, customer.id).uses == {"SPRING26": 1}
        await stand.press("f10")
        assert marks.marks_of(shop.till.ledger, customer.id).uses == {"SPRING26": 0}


async def test_a_reward_is_taken_by_touch_and_paid_with_points(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    reward = min(shop.profile(customer).reachable, key=lambda one: one.points)
    before = shop.profile(customer).known
    async with at_the_counter(shop) as stand:
        await serve(stand)
        await stand.click("#advantages")
        assert reward.name in stand.text()
        await stand.click("#take")
        assert f"Taken: {reward.name}" in stand.told()
        assert "✓ ×1" in stand.text()
        await stand.press("escape")
        assert f"“{reward.name}”: hand over" in stand.text()
        await stand.press("f5")
        assert f"“{reward.name}”: hand over" in stand.text()
        await stand.press("enter")
        sale = shop.sales()[0]
        assert (sale.redeemed, sale.taken_off_minor) == (reward.points, 0)
        assert shop.profile(customer).known == before - reward.points + sale.earned
        payload = json.loads(shop.till.ledger.entries(sale.seq - 1, 1)[0].payload)
        assert payload["claims"] == [[reward.code, 1, reward.points, 0]]


async def test_what_can_not_be_had_says_why(shop: ShopFloor) -> None:
    poor = min(shop.customers, key=lambda customer: shop.profile(customer).spendable)
    async with at_the_counter(shop) as stand:
        await serve(stand, shop.customers.index(poor))
        await stand.press("ctrl+r", "f6")
        assert "0 bonus points can be spent." in stand.told() or "are pending" in stand.told()


async def test_a_reward_and_a_code_are_removed_each_by_itself(shop: ShopFloor) -> None:
    with_offers(shop)
    async with at_the_counter(shop) as stand:
        await serve(stand)
        await stand.press("ctrl+r", "f8")
        assert "was not taken." in stand.told()
        await stand.press("f6", "f6", "f5")
        await stand.type_text("spring26")
        await stand.press("enter")
        checkout = stand.app.screen._checkout  # type: ignore[attr-defined]
        assert (checkout.codes, [claim.times for claim in checkout.claims]) == (("spring26",), [2])
        assert "✓ Promo code spring26" in stand.text()
        await stand.press("down", "f8")
        assert "✓ ×1" in stand.text()
        await stand.press("up", "enter", "f8")
        assert "Removed: spring26" in stand.told()
        assert "Promo code spring26" not in stand.text()
        assert [claim.times for claim in checkout.claims] == [1]
        await stand.click("#put-back")
        assert checkout.claims == ()
        await stand.press("escape")
        assert "hand over" not in stand.text()
        assert "Spring" not in stand.text()


async def test_rewards_wait_for_a_bill(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await stand.wedge_scan(shop.customers[5].card)
        await stand.press("ctrl+r")
        assert "Type the bill's sum first." in stand.told()
        assert stand.stage == "customer"


async def test_offers_are_taken_off_without_being_asked_for(shop: ShopFloor) -> None:
    with_offers(shop)
    async with at_the_counter(shop) as stand:
        await serve(stand, sum_="600")
        assert "Take off" in stand.text()
        assert "“Second visit”: UAH20.00 off -UAH20.00" in stand.text()
