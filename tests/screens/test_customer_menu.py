"""More about a customer: history, sales, balance slip, phone, cards, note."""

from terminal import desk
from terminal.desk.demo_shop import DemoCustomer
from terminal.screens.customer_menu import CustomerMenu
from terminal.screens.history_list import HistoryList
from terminal.screens.question import Question
from terminal.screens.rows import Rows
from terminal.screens.sales_list import SalesList
from terminal.screens.text_question import TextQuestion
from tests.screens.stand import ShopFloor, Stand, at_the_counter

NEW_CARD = "2999999999991"


async def open_menu(stand: Stand, customer: DemoCustomer) -> None:
    """Find a customer and open the menu."""
    await stand.wedge_scan(customer.card)
    await stand.press("f9")
    assert isinstance(stand.screen, CustomerMenu)
    assert customer.name in stand.text()


async def test_history_and_sales_are_the_customers_own(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    async with at_the_counter(shop) as stand:
        await open_menu(stand, customer)
        await stand.press("1")
        assert isinstance(stand.screen, HistoryList)
        assert stand.one("Rows", Rows).option_count == len(desk.history(shop.till, customer.id))
        assert "Bonuses earned" in stand.text()
        await stand.press("escape", "2")
        assert isinstance(stand.screen, SalesList)
        assert stand.one("Rows", Rows).option_count == len(desk.recent_sales(shop.till, customer.id))
        await stand.press("escape", "escape")
        assert stand.stage == "customer"


async def test_the_balance_is_printed_without_a_sale(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await open_menu(stand, shop.customers[5])
        seq = shop.till.ledger.last_seq()
        await stand.click("#choice-balance")
        assert "The balance is on its way to the printer." in stand.told()
        assert [(job.sale_id, job.state) for job in shop.jobs()] == [(None, "queued")]
        assert "644" in stand.app.session.preview(shop.jobs()[0].document)
        assert shop.till.ledger.last_seq() == seq


async def test_a_phone_is_changed_but_not_to_somebody_elses(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    async with at_the_counter(shop) as stand:
        await open_menu(stand, customer)
        await stand.press("4")
        assert isinstance(stand.screen, TextQuestion)
        await stand.type_text("0675550001")
        await stand.press("enter")
        assert "has this phone already" in stand.told()
        await stand.press(*["backspace"] * 10)
        for digit in "0501112233":
            await stand.click(f"#pad-{digit}")
        await stand.click("#save")
        assert isinstance(stand.screen, CustomerMenu)
        assert shop.profile(customer).person.phone == "380501112233"
        assert "+380 50 111 2233" in stand.text()
        assert shop.kinds(shop.till.ledger.last_seq() - 1) == ["phone_changed"]
        await stand.press("escape")
        assert "+380 50 111 2233" in stand.text()


async def test_a_card_is_given_replaced_and_blocked(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    async with at_the_counter(shop) as stand:
        await open_menu(stand, customer)
        seq = shop.till.ledger.last_seq()
        await stand.press("5")
        await stand.wedge_scan(shop.customers[6].card)
        await stand.press("f10")
        assert "is in use already" in stand.told()
        await stand.wedge_scan("4111111111111111")
        assert "4111111111111111" not in stand.text()
        await stand.wedge_scan(NEW_CARD)
        assert stand.box("#line") == NEW_CARD
        await stand.press("f10")
        assert shop.kinds(seq) == ["card_bound"]
        assert NEW_CARD in stand.text()
        await stand.press("7")
        assert isinstance(stand.screen, Question)
        await stand.press("escape")
        assert shop.kinds(seq) == ["card_bound"]
        blocked = []
        for _ in range(2):
            await stand.click("#choice-block")
            await stand.click("#yes")
            blocked = [card.number for card in desk.cards(shop.till, customer.id) if card.state == "blocked"]
            assert not any(number in stand.text().split("Back")[0] for number in blocked)
        assert sorted(blocked) == [customer.card, NEW_CARD]
        await stand.press("7")
        assert "This customer has no active card." in stand.told()
        await stand.press("6")
        assert "This customer has no active card." in stand.told()


async def test_a_lost_card_is_replaced(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    async with at_the_counter(shop) as stand:
        await open_menu(stand, customer)
        await stand.click("#choice-replace")
        await stand.serial_scan(NEW_CARD)
        await stand.click("#save")
        assert {card.number: card.state for card in desk.cards(shop.till, customer.id)} == {
            customer.card: "replaced",
            NEW_CARD: "active",
        }
        await stand.press("escape", "escape")
        await stand.wedge_scan(customer.card)
        assert stand.stage == "idle"
        await stand.wedge_scan(NEW_CARD)
        assert customer.name in stand.text()


async def test_a_note_is_kept_by_the_on_screen_keyboard(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    async with at_the_counter(shop, language="uk") as stand:
        await open_menu(stand, customer)
        await stand.click("#choice-note")
        for place in ("0-0", "0-1", "0-2"):
            await stand.click(f"#letter-{place}")
        await stand.click("#save")
        assert shop.profile(customer).person.note == "Йцу"
        await stand.press("escape")
        assert "» Йцу" in stand.text()
