"""The bill: typed with comma or dot, scanned, both; sums that are none; how much is taken off it."""

from textual import events
from textual.widgets import Digits, Input

from terminal import desk
from terminal.desk.demo_shop import product_barcode
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.rules.quote import Quote
from tests.screens.stand import LARGE, ShopFloor, Stand, at_the_counter

BREAD, MILK = product_barcode("1001"), product_barcode("1003")
BREAD_MINOR, MILK_MINOR = 3250, 4480


async def serve(stand: Stand, number: int = 5) -> None:
    """Scan a customer's card."""
    await stand.wedge_scan(stand.shop.customers[number].card)
    assert stand.stage == "customer"


async def test_a_sum_with_comma_or_dot(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        for number, typed in enumerate(("100,50", "100.50", "100,5"), 1):
            await serve(stand)
            await stand.type_text(typed)
            assert "UAH100.50" in stand.text()
            await stand.press("f5", "enter")
            assert [sale.total_minor for sale in shop.sales()[:number]] == [10050] * number


async def test_sums_that_are_none_are_told_and_sell_nothing(shop: ShopFloor) -> None:
    seq = shop.till.ledger.last_seq()
    cases = {
        "0": "The bill is 0.",
        "-5": "can't be negative",
        "99999999999": "The sum is larger than",
        "12,345": "too many decimals",
        "12x": "is not a sum",
        "": "Type the bill's sum first.",
    }
    async with at_the_counter(shop) as stand:
        for typed, told in cases.items():
            await serve(stand)
            await stand.type_text(typed)
            if typed:
                assert told in stand.text()
            for key in ("enter", "f5", "f6"):
                await stand.press(key)
                assert (stand.stage, told in stand.told()) == ("customer", True), (typed, key)
            await stand.press("escape")
    assert shop.till.ledger.last_seq() == seq


async def test_goods_are_scanned_twice_and_sold(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await serve(stand)
        for barcode in (BREAD, MILK, BREAD):
            await stand.wedge_scan(barcode)
        assert stand.box("#amount") == f"{(2 * BREAD_MINOR + MILK_MINOR) // 100},{MILK_MINOR % 100:02d}"
        assert "×2" in stand.text()
        await stand.wedge_scan("4820000099998")
        assert "No product has the barcode" in stand.told()
        await stand.press("f6", "enter")
        sale = shop.sales()[0]
        assert sale.total_minor == 2 * BREAD_MINOR + MILK_MINOR
        payload = shop.till.ledger.entries(sale.seq - 1, 1)[0].payload
        assert '"sku":"1001"' in payload
        assert '"sku":"1003"' in payload


async def test_goods_take_the_place_of_a_sum_and_a_sum_that_of_goods(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await serve(stand)
        await stand.type_text("500")
        await stand.wedge_scan(BREAD)
        assert stand.box("#amount") == "32,50"
        for _ in range(5):
            await stand.press("backspace")
        await stand.type_text("80")
        await stand.press("f5", "enter")
        assert shop.sales()[0].total_minor == 8000


async def test_goods_scanned_without_a_pause_are_all_on_the_bill(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await serve(stand)
        await stand.type_text("500")
        await stand.wedge_scan(BREAD, MILK, BREAD, MILK)
        await stand.press("f5", "enter")
        sale = shop.sales()[0]
        assert sale.total_minor == 2 * (BREAD_MINOR + MILK_MINOR)
        assert '"sku":"1003"' in shop.till.ledger.entries(sale.seq - 1, 1)[0].payload


async def test_a_key_right_after_the_sum_sells_that_sum(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await serve(stand)
        for key in "250":
            stand.app.post_message(events.Key(key, key))
        stand.app.post_message(events.Key("f6", None))
        await stand.rest()
        assert (stand.stage, stand.one("#take-sum", Digits).value) == ("take-off", "125.00")


async def test_a_part_is_taken_and_no_more_than_there_is(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await serve(stand)
        await stand.press("f7")
        assert "Type the bill's sum first." in stand.told()
        await stand.type_text("250")
        await stand.press("f7")
        assert stand.one("#redeem", Input).placeholder == "up to 125"
        await stand.type_text("126")
        await stand.press("enter")
        assert stand.stage == "customer"
        assert "At most 125 bonus points can be taken here." in stand.told()
        await stand.press("f7")
        assert "At most 125 bonus points can be taken here." in stand.told()
        for _ in "126":
            await stand.press("backspace")
        await stand.type_text("20")
        await stand.press("enter")
        assert (stand.stage, stand.one("#take-sum", Digits).value) == ("take-off", "20.00")
        await stand.press("enter")
        sale = shop.sales()[0]
        assert (sale.taken_off_minor, sale.redeemed) == (2000, 20)


async def test_a_part_by_mouse_alone(shop: ShopFloor) -> None:
    async with at_the_counter(shop, size=LARGE) as stand:
        await stand.serial_scan(shop.customers[5].card)
        for sign in ("2", "5", "0"):
            await stand.click(f"#pad-{sign}")
        await stand.click("#part")
        await stand.click("#pad-7")
        await stand.click("#pad-back")
        await stand.click("#pad-3")
        await stand.click("#pad-0")
        await stand.click("#part")
        assert stand.one("#take-sum", Digits).value == "30.00"
        await stand.click("#confirm")
        assert shop.sales()[0].redeemed == 30


async def test_none_are_taken_where_a_bill_is_too_small(shop: ShopFloor) -> None:
    async with at_the_counter(shop) as stand:
        await serve(stand)
        await stand.type_text("49,99")
        assert "Bonuses are taken from UAH50.00 on." in stand.text()
        await stand.press("f6")
        assert "Nothing to take off" in stand.text()
        await stand.press("enter")
        assert (shop.sales()[0].redeemed, shop.sales()[0].earned) == (0, 3)


async def test_back_from_the_register_to_another_sum(shop: ShopFloor) -> None:
    seq = shop.till.ledger.last_seq()
    async with at_the_counter(shop) as stand:
        await serve(stand)
        await stand.type_text("250")
        await stand.press("f6", "escape")
        assert (stand.stage, stand.box("#amount")) == ("customer", "250")
        assert not stand.one("#redeem", Input).display
        assert shop.till.ledger.last_seq() == seq
        await stand.type_text("0")
        await stand.press("f6")
        await stand.click("#back")
        assert stand.stage == "customer"
        await stand.press("f6")
        assert stand.one("#take-sum", Digits).value == "644.00"
        await stand.press("enter")
        assert (shop.sales()[0].total_minor, shop.sales()[0].redeemed) == (250000, 644)


async def test_a_balance_that_changed_meanwhile_is_shown_anew(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    async with at_the_counter(shop) as stand:
        await serve(stand)
        await stand.type_text("1288")
        await stand.press("f6")
        assert stand.one("#take-sum", Digits).value == "644.00"
        bill = bill_of_total(100000)
        elsewhere = desk.quote(shop.till, customer.id, bill, 500)
        assert isinstance(elsewhere, Quote)
        assert not isinstance(desk.complete(shop.till, elsewhere, bill, shop.manager), Refused)
        seq, known = shop.till.ledger.last_seq(), shop.profile(customer).known
        await stand.press("enter")
        assert shop.till.ledger.last_seq() == seq
        assert stand.stage == "customer"
        assert f"At most {known} bonus points can be taken here." in stand.told()
        assert f"{known} bonus points" in stand.text()
        await stand.press("f6", "enter")
        assert (shop.sales()[0].total_minor, shop.sales()[0].redeemed) == (128800, known)


async def test_figures_that_changed_meanwhile_are_confirmed_anew(shop: ShopFloor) -> None:
    customer = shop.customers[5]
    async with at_the_counter(shop) as stand:
        await serve(stand)
        await stand.type_text("100")
        await stand.press("f5")
        assert "Will earn 7 bonus points" in stand.text()
        elsewhere = desk.quote(shop.till, customer.id, bill_of_total(2_000_000))
        assert isinstance(elsewhere, Quote)
        assert not isinstance(desk.complete(shop.till, elsewhere, elsewhere.bill, shop.manager), Refused)
        await stand.press("enter")
        assert "The bill or the balance has changed." in stand.told()
        assert (stand.stage, stand.box("#amount")) == ("customer", "100")
        assert "Платиновий" in stand.text()
        await stand.press("f5", "enter")
        assert (shop.sales()[0].total_minor, shop.sales()[0].earned) == (10000, 10)
