"""Slips: what happened as a document, in the customer's language, with every text from outside as plain text."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from printers.document import Columns, Cut, Document, Rule, Text
from terminal import desk
from terminal.desk import NewCustomer, Till
from terminal.locale.words import LANGUAGES
from terminal.rules.phrase import Refused
from tests.shop import CASHIER, KYIV, PROGRAMME, SHOP, Clock, new_ledger, new_till, register, sell

TIERS = """
[[tiers]]
code = "a"
name = "Друг"
from_spend = 0

[[tiers]]
code = "b"
name = "Золотий"
from_spend = 1000
"""
PENDING = "percent = 10\npending_days = 14"


def columns(slip: Document) -> dict[str, str]:
    """What stands at the right of each label; a label that stands twice is a mistake of the slip."""
    rows = [(element.left.strip(), element.right) for element in slip.elements if isinstance(element, Columns)]
    assert len(dict(rows)) == len(rows), rows
    return dict(rows)


def texts(slip: Document) -> list[str]:
    return [element.text for element in slip.elements if isinstance(element, Text)]


def all_text(slip: Document) -> str:
    shown = [[element.left, element.right] for element in slip.elements if isinstance(element, Columns)]
    return "\n".join([*texts(slip), *(text for pair in shown for text in pair)])


@pytest.fixture
def english(till: Till) -> Till:
    """The till of a shop that speaks English."""
    return replace(till, shop=replace(SHOP, language="en", name="The Shop", address=("1 Test St", "Kyiv")))


def test_the_slip_of_a_sale_says_every_figure(english: Till, customer: str) -> None:
    sell(english, customer, 1_300_00)
    slip = sell(english, customer, 100_00, redeem=20).slip
    shown = columns(slip)
    assert shown["4 May 2026 15:00"] == "till-1"
    assert shown["Cashier"] == "Оксана"
    assert shown["Customer"].startswith("Олена Коваленко")
    assert shown["Customer"].endswith("4567")
    assert "671234567" not in all_text(slip), "only the end of the phone"
    assert {label: figure for label, figure in shown.items() if label in FIGURES} == FIGURES
    assert (texts(slip)[:3], texts(slip)[-1]) == (["The Shop", "1 Test St", "Kyiv"], "Thank you! Come again.")
    assert isinstance(slip.elements[-1], Cut)
    assert sum(isinstance(element, Rule) for element in slip.elements) >= 3


FIGURES = {
    "Sale No. 2": "",
    "Bonuses spent": "20",
    "Bonuses earned": "+8",
    "Balance": "118 bonus points",
}


def test_money_is_that_of_the_bill(english: Till, customer: str) -> None:
    sell(english, customer, 1_300_00)
    shown = columns(sell(english, customer, 100_00, redeem=20).slip)
    assert "100.00" in shown["Bill"]
    assert "20.00" in shown["Taken off"]
    assert shown["Taken off"].startswith("-")
    assert "80.00" in shown["To pay"]


def test_what_did_not_happen_is_not_said(english: Till, customer: str) -> None:
    shown = columns(sell(english, customer, 5_00).slip)
    assert not {"Bonuses spent", "Taken off", "Bonuses earned"} & shown.keys()
    assert shown["Balance"] == "0 bonus points"


def test_what_is_usable_later_and_what_expires_soon(tmp_path: Path, clock: Clock) -> None:
    with new_ledger(tmp_path / "l", programme=PROGRAMME.replace("percent = 10", PENDING) + TIERS) as ledger:
        till = new_till(ledger, clock, replace(SHOP, language="en"))
        customer = register(till)
        slip = sell(till, customer, 300_00).slip
        assert columns(slip)["usable from"] == "18 May 2026"
        assert columns(slip)["Can be spent now"] == "0"
        assert "Usable later: 30 bonus points, from 18 May 2026" in texts(slip)
        assert columns(slip)["Tier"] == "Друг"
        assert "700.00" in columns(slip)["To “Золотий”"]
        clock.advance(days=100)
        later = desk.print_balance(till, customer, CASHIER)
        assert not isinstance(later, Refused)
        assert "Expiring soon: 30 bonus points, last day 26 Aug 2026" in texts(later)


def test_a_void_says_what_goes_back(english: Till, customer: str) -> None:
    sell(english, customer, 300_00)
    voided = desk.void(english, sell(english, customer, 100_00, redeem=20).sale.id, CASHIER)
    assert not isinstance(voided, Refused)
    assert "SALE No. 2 VOIDED" in texts(voided.slip)
    shown = columns(voided.slip)
    assert (shown["Bonuses returned"], shown["Bonuses taken back"]) == ("20", "8")
    assert shown["Balance"] == "30 bonus points"


def test_a_balance_without_a_sale(english: Till, customer: str) -> None:
    sell(english, customer, 300_00)
    slip = desk.print_balance(english, customer, CASHIER)
    assert not isinstance(slip, Refused)
    assert columns(slip)["Balance"] == "30 bonus points"
    assert not {"Bill", "To pay"} & columns(slip).keys()


def test_a_copy_says_so_and_the_first_one_does_not(english: Till, customer: str) -> None:
    done = sell(english, customer, 300_00)
    copy = desk.reprint(english, done.sale.id, CASHIER)
    assert not isinstance(copy, Refused)
    assert ("COPY" in texts(done.slip), "COPY" in texts(copy)) == (False, True)
    desk.void(english, done.sale.id, CASHIER)
    voided = desk.reprint(english, done.sale.id, CASHIER)
    assert not isinstance(voided, Refused)
    assert "COPY" in texts(voided)
    assert "SALE No. 1 VOIDED" in texts(voided)


def test_every_slip_of_a_training_says_that_nothing_counts(english: Till, customer: str) -> None:
    training = replace(english, training=True)
    done = sell(training, customer, 300_00)
    copy, balance = desk.reprint(training, done.sale.id, CASHIER), desk.print_balance(training, customer, CASHIER)
    voided = desk.void(training, done.sale.id, CASHIER)
    assert not isinstance(copy, Refused)
    assert not isinstance(balance, Refused)
    assert not isinstance(voided, Refused)
    for slip in (done.slip, copy, balance, voided.slip):
        assert "TRAINING - NOTHING COUNTS" in texts(slip)
    assert "TRAINING - NOTHING COUNTS" not in texts(sell(english, customer, 5_00).slip)


EVIL = "[red]\x1b[31m\x1b@Ann\u202eevE\u200f\x1dV\x00[/]{0}%s\r\nPAY 0"


def test_text_from_outside_is_plain_text_on_a_slip(till: Till) -> None:
    till.shop = replace(SHOP, name=EVIL, address=(EVIL,), thank_you=EVIL)
    customer_id = desk.register(till, NewCustomer(EVIL, "0671234567", agreed=True, language="en"), CASHIER)
    assert isinstance(customer_id, str)
    slip = sell(replace(till), customer_id, 100_00).slip
    by_evil = desk.print_balance(till, customer_id, replace(CASHIER, name=EVIL))
    assert not isinstance(by_evil, Refused)
    plain = "[red][31m@AnnevEV[/]{0}%s PAY 0"
    assert texts(slip)[0] == texts(slip)[1] == texts(slip)[-1] == plain
    assert columns(slip)["Customer"].startswith(plain)
    assert columns(by_evil)["Cashier"] == plain
    assert all(text.isprintable() for text in all_text(slip).splitlines())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_slip_is_in_the_customers_language(till: Till, language: str) -> None:
    new = NewCustomer("Олена", "0671234567", agreed=True, language=language)
    customer_id = desk.register(till, new, CASHIER)
    assert isinstance(customer_id, str)
    slip = sell(till, customer_id, 300_00).slip
    label = {"uk": "Баланс", "pl": "Saldo", "ru": "Баланс", "en": "Balance"}[language]
    assert label in columns(slip)


@pytest.mark.parametrize("language", ["", "xx", "../../etc"])
def test_a_language_that_is_not_spoken_is_the_shops(english: Till, language: str) -> None:
    customer_id = desk.register(
        english, NewCustomer("Олена", "0671234567", agreed=True, language=language), CASHIER
    )
    assert isinstance(customer_id, str)
    assert "Balance" in columns(sell(english, customer_id, 300_00).slip)


def test_the_hour_is_the_shops(till: Till, customer: str, clock: Clock) -> None:
    clock.advance(days=200)  # winter time
    slip = sell(till, customer, 100_00).slip
    assert clock.now.astimezone(KYIV).utcoffset() == timedelta(hours=2)
    assert "20.11.2026 14:00" in columns(slip)
