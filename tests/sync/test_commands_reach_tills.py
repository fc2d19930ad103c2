"""What is done on the site by command is so at a till after its next sync: each kind that flows, end to end."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from sync.protocol import decode
from sync.site.cli import site
from sync.site.setting_up import new_key
from sync.site.shop_messages import Ordered, OrderLine, OrderNumber, PlaceOrder
from sync.site.store import Store
from terminal import desk
from terminal.ledger import belonging, customers
from terminal.ledger import orders as ledger_orders
from terminal.ledger.shop import product_by_barcode
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from tests.shop import PROGRAMME, balance, register, said, sell
from tests.site.stand import Served
from tests.sync.stand import Joined

Command = Callable[..., str]

SECOND = (
    PROGRAMME.replace("number = 1", "number = 2").replace('"Test"', '"Second"')
    + """
[[offers]]
kind = "percent"
code = "half"
name = "Половина"
percent = 50
personal = true
[[offers]]
kind = "percent"
code = "ten"
name = "Десята"
percent = 10
needs_code = true
"""
)
GOODS = "sku,name,price,barcodes\n1,Хліб,30.50,4820000000017\n2,Сир,99,4820000000024\n"
UNTIL = ("--from", "2026-01-01", "--until", "2099-12-31")


@pytest.fixture
def command(store: Store, tmp_path: Path) -> Command:
    """`tillmate site` beside the server that answers the tills."""

    def run(*words: str) -> str:
        result = CliRunner().invoke(site, ["--database", f"sqlite:///{tmp_path / 'site.db'}", *words])
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def second(command: Command, tmp_path: Path, one: Joined) -> None:
    """The second version of the programme is in force on the site."""
    path = tmp_path / "second.toml"
    path.write_text(SECOND, encoding="utf-8")
    command("programme", "publish", str(path))
    one.sync()


def names(joined: Joined) -> list[tuple[str, str]]:
    return [(one.name, one.role) for one in desk.operators(joined.till)]


def taken_off(joined: Joined, customer: str) -> int:
    shown = desk.quote(joined.till, customer, bill_of_total(100_00), 0)
    assert not isinstance(shown, Refused), shown
    return shown.taken_off_minor


def found(joined: Joined, text: str) -> list[str]:
    matches = desk.find(joined.till, text)
    return [one.customer_id for one in matches] if isinstance(matches, tuple) else []


def test_staff_unlock_every_till_by_the_sites_pin(command: Command, one: Joined) -> None:
    command("staff", "add", "Оксана", "--role", "manager", "--pin", "2580")
    one.sync()
    assert names(one) == [("Оксана", "manager")]
    oksana = desk.operators(one.till)[0].id
    assert desk.unlock(one.till, oksana, "2580") == desk.operators(one.till)[0]
    command("staff", "add", "Петро", "--pin", "2581")
    command("staff", "pin", "Оксана", "--pin", "9513")
    command("staff", "role", "Петро", "manager")
    one.sync()
    assert isinstance(desk.unlock(one.till, oksana, "2580"), Refused)
    assert not isinstance(desk.unlock(one.till, oksana, "9513"), Refused)
    command("staff", "remove", "Оксана")
    one.sync()
    assert names(one) == [("Петро", "manager")]
    assert said(desk.unlock(one.till, oksana, "9513")).startswith("This person no longer works")


def test_goods_of_a_file_are_at_the_till_and_go_again(command: Command, one: Joined, tmp_path: Path) -> None:
    goods = tmp_path / "goods.csv"
    goods.write_text(GOODS, encoding="utf-8")
    command("catalogue", "import", str(goods))
    one.sync()
    bread = product_by_barcode(one.till.ledger, "4820000000017")
    assert bread is not None
    assert (bread.name, bread.price_minor) == ("Хліб", 30_50)
    goods.write_text("sku,name,price,barcodes\n2,Сир,101,4820000000017\n", encoding="utf-8")
    command("catalogue", "import", str(goods), "--replace")
    one.sync()
    cheese = product_by_barcode(one.till.ledger, "4820000000017")
    assert cheese is not None
    assert (cheese.name, cheese.price_minor) == ("Сир", 101_00)
    assert product_by_barcode(one.till.ledger, "4820000000024") is None
    one.assert_whole()


@pytest.mark.usefixtures("second")
def test_a_programme_and_its_personal_offer_are_in_force_at_the_till(command: Command, one: Joined) -> None:
    programme = one.till.programme(one.till.today())
    assert not isinstance(programme, Refused)
    assert programme.name == "Second"
    customer, other = register(one.till), register(one.till, "Інший", "067 999 00 11")
    one.sync()
    command("offer", "give", "half", "--customer", customer, *UNTIL)
    one.sync()
    assert [offer.title for offer in customers.offers_of(one.till.ledger, customer, one.till.today())] == [
        "Половина"
    ]
    assert (taken_off(one, customer), taken_off(one, other)) == (50_00, 0)
    command("offer", "withdraw", "half", "--all")
    one.sync()
    assert taken_off(one, customer) == 0
    one.assert_whole()


@pytest.mark.usefixtures("second")
def test_promo_codes_are_known_at_the_till_and_go_again(command: Command, one: Joined) -> None:
    customer = register(one.till)
    one.sync()
    made = command("promo-code", "make", "ten", "--count", "3", *UNTIL).split()
    command("promo-code", "make", "ten", "--code", "lena", "--customer", "0671234567", *UNTIL)
    one.sync()
    known = [belonging.coupon(one.till.ledger, code) for code in (*made, "Lena")]
    assert [(one.opens, one.owner) for one in known if one] == [("ten", "")] * 3 + [("ten", customer)]
    command("promo-code", "withdraw", made[0], "LENA")
    one.sync()
    assert [belonging.coupon(one.till.ledger, code) is None for code in (*made, "LENA")] == [
        True,
        False,
        False,
        True,
    ]


def test_customers_of_a_file_are_found_at_the_till(command: Command, one: Joined, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("name,phone,card,points\nІмпорт Перший,0501112233,2900000000018,70\n", encoding="utf-8")
    command("customers", "import", str(people), "--home", "till-1")
    one.sync()
    customer = found(one, "050 111 22 33")
    assert customer == found(one, "2900000000018")
    assert len(customer) == 1
    assert balance(one.till, customer[0]) == 70


def test_a_merged_customer_ends_at_the_till(command: Command, one: Joined, two: Joined) -> None:
    first = register(one.till, card="2900000000018")
    sell(one.till, first, 300_00)
    second = register(two.till, "Олена К.", "050 000 11 22")
    sell(two.till, second, 200_00)
    one.sync()
    two.sync()
    command("customers", "merge", first, second)
    for joined in (one, two, one, two):
        joined.sync()
    for joined in (one, two):
        assert found(joined, "2900000000018") == found(joined, "050 000 11 22") == [second]
        assert found(joined, "067 123 45 67") == []
        assert balance(joined.till, second) == 50
        joined.assert_whole()


def test_a_forgotten_customer_has_no_name_at_any_till(command: Command, one: Joined, two: Joined) -> None:
    customer = register(one.till, card="2900000000018")
    sell(one.till, customer, 300_00)
    one.sync()
    two.sync()
    command("customers", "erase", "067 123 45 67", "--yes")
    for joined in (one, two):
        joined.sync()
        assert found(joined, "067 123 45 67") == found(joined, "2900000000018") == found(joined, "Олена") == []
        assert customers.person(joined.till.ledger, customer) is None
        joined.assert_whole()


def test_an_order_is_looked_at_paid_returned_and_cancelled(
    command: Command, one: Joined, served: Served, store: Store
) -> None:
    customer = register(one.till)
    one.sync()
    key = new_key(store, "web", "shop")
    for number in ("W-1", "W-2"):
        lines = (OrderLine(name="Сир", total_minor=100_00),)
        served.post("/v1/shop/orders", PlaceOrder(number=number, customer_id=customer, lines=lines), key)
    listed = command("order", "list", "--state", "placed", "--customer", customer)
    assert [line.split("\t")[::3] for line in listed.splitlines()] == [["W-1", "100.00"], ["W-2", "100.00"]]
    assert command("order", "cancel", "W-1") == "W-1 is cancelled.\n"
    assert command("order", "paid", "W-2") == "W-2 is paid.\n"
    one.sync()
    assert {number: state(one, number) for number in ("W-1", "W-2")} == {"W-1": "cancelled", "W-2": "paid"}
    assert balance(one.till, customer) == 10
    assert "Сир\t100.00" in command("order", "show", "W-2")
    assert "W-2 is returned.\nTo be paid back: 100.00." in command("order", "return", "W-2")
    one.sync()
    assert state(one, "W-2") == "returned"
    assert balance(one.till, customer) == 0
    again = served.post("/v1/shop/orders/cancelled", OrderNumber(number="W-1"), key)
    assert decode(again.content, Ordered).state == "cancelled"
    one.assert_whole()


def state(joined: Joined, number: str) -> str:
    order = ledger_orders.order(joined.till.ledger, number)
    assert order is not None
    return order.state


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("order", "show", "W-9"), "There is no order W-9."),
        (("order", "cancel", "W-9"), "There is no such order."),
        (("order", "return", "W-9"), "There is no such order."),
        (("order", "list", "--customer", "nobody"), "Nobody is known by nobody."),
    ],
)
def test_an_order_that_is_none_is_one_line(store: Store, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    result = CliRunner().invoke(site, ["--database", f"sqlite:///{tmp_path / 'site.db'}", *words])
    assert (result.exit_code, result.output) == (1, f"Error: {told}\n")
