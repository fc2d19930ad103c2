"""The site at the counter: three figures, an answer that comes while the cashier goes on, how the contact is."""

from functools import partial

import pytest

from terminal import desk
from terminal.ledger import Ledger, requests
from terminal.ledger.code_leases import codes_held
from terminal.ledger.contact import LOST_MS, SEEN_MS, SITE, set_facts
from terminal.ledger.shop import programme_in_force
from terminal.screens.status_line import StatusLine
from tests.screens.stand import ShopFloor, Stand, at_the_counter
from tests.shop import load_programme

UNKNOWN_PHONE = "0501112233"
ONCE_EACH = """
[[offers]]
kind = "percent"
code = "once-each"
name = "First time"
percent = 5
uses_per_customer = 1
"""


def join(shop: ShopFloor, **facts: int) -> Ledger:
    """Give the demo's till a site that was heard just now."""
    ledger = shop.till.ledger
    with ledger.atomic():
        set_facts(ledger, {SITE: "https://bonus.example", SEEN_MS: shop.till.now_ms(), **facts})
    return ledger


def lease_away(shop: ShopFloor, customer_id: str) -> None:
    """Let another till hold all that a customer has."""
    ledger = shop.till.ledger
    with ledger.atomic():
        ledger.write("UPDATE lot SET points_held = 0 WHERE customer_id = ?", (customer_id,))
        ledger.write("UPDATE customer SET elsewhere = '[[\"till-2\",77]]' WHERE id = ?", (customer_id,))
        ledger.write("INSERT INTO holder VALUES ('till-2', 'Каса 2')")


async def asked(stand: Stand, ledger: Ledger) -> requests.Request:
    await stand.until(lambda: bool(requests.waiting(ledger)))
    return requests.waiting(ledger)[0]


async def test_points_that_are_elsewhere_are_shown_and_come(shop: ShopFloor) -> None:
    ledger, customer = join(shop), shop.customers[5]
    lease_away(shop, customer.id)
    async with at_the_counter(shop) as stand:
        await stand.type_text("0006")
        await stand.press("enter")
        assert stand.stage == "customer"
        assert "Can be spent now: 0" in stand.text()
        assert "Каса 2 77" in stand.text()
        request = await asked(stand, ledger)
        assert (request.kind, request.value) == ("points", customer.id)
        with ledger.atomic():
            ledger.write("UPDATE lot SET points_held = points_left WHERE customer_id = ?", (customer.id,))
            ledger.write("UPDATE customer SET elsewhere = NULL WHERE id = ?", (customer.id,))
            requests.end(ledger, request.id, "answered", customer.id)
        await stand.until(lambda: "Каса 2" not in stand.text())
        assert "Can be spent now: 0" not in stand.text()
        assert stand.stage == "customer"


async def test_somebody_whom_only_the_site_knows_is_served(shop: ShopFloor) -> None:
    ledger, customer = join(shop), shop.customers[2]
    async with at_the_counter(shop) as stand:
        await stand.type_text(UNKNOWN_PHONE)
        await stand.press("enter")
        assert stand.stage == "idle"
        assert "Nobody has the phone" in stand.told()
        request = await asked(stand, ledger)
        assert (request.kind, request.value) == ("phone", "380501112233")
        with ledger.atomic():
            requests.end(ledger, request.id, "answered", customer.id)
        await stand.until(lambda: stand.stage == "customer" and customer.name in stand.text())


async def test_a_question_that_nobody_answers_is_given_up(shop: ShopFloor) -> None:
    ledger = join(shop)
    async with at_the_counter(shop) as stand:
        await stand.type_text(UNKNOWN_PHONE)
        await stand.press("enter")
        request = await asked(stand, ledger)
        await stand.until(lambda: requests.outcome(ledger, request.id)[0] == "given_up")
        await stand.until(lambda: "did not answer" in stand.told())


async def test_an_offline_till_says_so_and_asks_nothing(shop: ShopFloor) -> None:
    ledger = join(shop, **{LOST_MS: 1})
    async with at_the_counter(shop, size=(120, 40)) as stand:
        assert "Offline, balances of" in str(stand.one("#status", StatusLine).render())
        await stand.type_text(UNKNOWN_PHONE)
        await stand.press("enter")
        assert "F2" in stand.told()
        assert requests.waiting(ledger) == []


async def test_an_offer_that_comes_while_the_register_works_goes_back(
    shop: ShopFloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "wait_for_answer", partial(desk.wait_for_answer, patience_s=60.0))
    found = programme_in_force(shop.till.ledger, shop.till.today())
    assert found is not None
    number, text = found
    load_programme(shop.till.ledger, text.replace(f"number = {number}", f"number = {number + 1}", 1) + ONCE_EACH)
    ledger, customer = join(shop), shop.customers[5]
    async with at_the_counter(shop) as stand:
        await stand.type_text("0006")
        await stand.press("enter")
        await stand.type_text("700")
        assert "“First time” needs the site. Go on without it." in stand.text()
        await stand.press("f5")
        assert stand.stage == "take-off"
        with ledger.atomic():
            ledger.write("INSERT INTO code_lease VALUES (?, 'once-each', 1)", (customer.id,))
            for request in requests.waiting(ledger):
                requests.end(ledger, request.id, "answered", customer.id)
        await stand.until(lambda: codes_held(ledger, customer.id) == ())
        assert stand.stage == "take-off"
        await stand.press("enter")
        assert stand.stage == "done"
        assert shop.sales()[0].taken_off_minor == 0
