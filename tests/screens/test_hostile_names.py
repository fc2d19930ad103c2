"""A name with markup, escapes or right-to-left marks shows as text on every screen; a long one hides no figure."""

import re

import pytest

from terminal import desk
from terminal.desk import NewCustomer
from terminal.ledger.shop import Product, add_product
from terminal.rules.card import ean13_check_digit
from terminal.rules.phrase import Refused
from terminal.rules.text import safe_text
from terminal.screens.customer_menu import CustomerMenu
from terminal.screens.held_bills import HeldBills
from terminal.screens.history_list import HistoryList
from terminal.screens.sales_list import SalesList
from tests.screens.stand import SMALL, ShopFloor, Stand, at_the_counter

CARD = "2999999999991"
PHONE_SHOWN = "+380 50 111 2233"
ACTION = "[@click=app.quit]x[/]"
NAMES = {
    "markup": f"[bold]{ACTION}[/] [/bold][[ $x \\[ Марк",
    "escapes": "x\x1b[31mЧервоний\x1b]0;title\x07\x00 \u202eцап\u202c\u2066\u200f\u061c",
    "long": "Олександра-Вікторія " * 5 + "Ж" * 100,
}
NEVER = set("\x00\x07\x1b\u202e\u202c\u2066\u200f\u061c")


def barcode_of_goods(shop: ShopFloor, name: str) -> str:
    """Put goods with that name into the catalogue."""
    digits = "482000009001"
    barcode = digits + ean13_check_digit(digits)
    with shop.till.ledger.atomic():
        add_product(shop.till.ledger, Product("9001", name, 10000, "bread", ""), (barcode,))
    return barcode


def check(stand: Stand, name: str, *figures: str) -> None:
    """The name stands there as text, no control character does, and every figure does."""
    text = stand.text()
    assert not NEVER & set("".join(stand.lines()))
    assert " ".join(safe_text(name)[:20].split()) in text
    for figure in figures:
        assert figure in text, f"{figure} is not on the screen"
    assert stand.app.is_running


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
async def test_a_name_is_text_on_every_screen(shop: ShopFloor, name: str) -> None:
    customer_id = desk.register(shop.till, NewCustomer(name, "0501112233", CARD, agreed=True), shop.cashier)
    assert isinstance(customer_id, str), customer_id
    goods = barcode_of_goods(shop, name)
    async with at_the_counter(shop, size=SMALL) as stand:
        await sell_and_look(stand, name, goods)
        await look_at_lists(stand, name)


async def sell_and_look(stand: Stand, name: str, goods: str) -> None:
    """Earn, then spend, with a look at every stage."""
    await stand.wedge_scan(CARD)
    check(stand, name, "0 bonus points", PHONE_SHOWN, "Друг")
    await stand.wedge_scan(goods)
    check(stand, name, "UAH100.00", "+5")
    await stand.press("f5")
    check(stand, name, "UAH100.00", "5 bonus points")
    await stand.press("enter")
    check(stand, name, "Sale No. 201", "UAH0.00", "balance 5 bonus points")
    await stand.wedge_scan(CARD)
    await stand.type_text("200")
    check(stand, name, "UAH5.00 (5)", "UAH200.00", "+10")
    await stand.press("f6")
    check(stand, name, "UAH5.00", "UAH195.00", "9 bonus points")
    await stand.press("enter", "f10")
    check(stand, name, "Sale No. 202", "balance 5 bonus points")


async def look_at_lists(stand: Stand, name: str) -> None:
    """The list of names, of sales, of bills put aside, and the customer's menu."""
    await stand.press("f4")
    assert isinstance(stand.screen, SalesList)
    check(stand, name, "No. 202", "UAH200.00", "voided", "taken off UAH5.00")
    await stand.press("escape", "escape")
    await stand.wedge_scan(CARD)
    await stand.type_text("77")
    await stand.press("f9")
    assert isinstance(stand.screen, CustomerMenu)
    check(stand, name, PHONE_SHOWN, CARD)
    await stand.press("1")
    assert isinstance(stand.screen, HistoryList)
    await stand.press("escape", "escape", "f8", "f3")
    assert isinstance(stand.screen, HeldBills)
    check(stand, name, "UAH77.00")
    await stand.press("escape")
    await stand.type_text("2233")
    await stand.press("enter", "escape")
    letters = re.search(r"[^\W\d_]{4}", safe_text(name))
    if letters is not None:
        await stand.type_text(letters[0])
        assert stand.stage == "matches"
        check(stand, name, PHONE_SHOWN)
        await stand.press("escape")
    await stand.press("f2")
    await stand.type_text("x")
    await stand.press("tab")
    await stand.type_text("0501112233")
    await stand.press("tab", "tab", "space", "f10")
    assert safe_text(name)[:20].split()[0] in stand.told()


async def test_a_cashier_with_markup_is_text(shop: ShopFloor) -> None:
    name = ACTION
    added = desk.add_operator(shop.till, name, "cashier", "2580")
    assert not isinstance(added, Refused)
    place = desk.operators(shop.till).index(added)
    async with at_the_counter(shop, by="") as stand:
        check(stand, name)
        await stand.press(*["down"] * place)
        await stand.type_text("2580")
        await stand.press("enter")
        assert stand.app.session.operator == added
        assert name in stand.lines()[0]
