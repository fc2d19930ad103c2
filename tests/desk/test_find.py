"""Finding a customer by whatever the cashier has: card, phone in any form, its end, a name in any alphabet."""

from dataclasses import replace

import pytest

from terminal import desk
from terminal.desk import Match, Till, Unknown
from terminal.rules.phrase import Refused
from tests.shop import CASHIER, SHOP, register, said

CARD = "2900000000018"
OLENA, MARIANA, JOZEF, GALYNA = "Олена Коваленко", "Марʼяна Їжак", "Józef Żółw", "Ґалина Ковальчук"


@pytest.fixture
def full(till: Till) -> Till:
    """A till with four customers, one with a card."""
    register(till, OLENA, "067 123-45-67", CARD)
    register(till, MARIANA, "050 765-43-21")
    register(till, JOZEF, "+48 512 345 678")
    register(till, GALYNA, "067 999-45-67", "LC-0001")
    return till


def found(till: Till, text: str) -> list[str]:
    """The names that are found, in their order."""
    matches = desk.find(till, text)
    assert isinstance(matches, tuple), matches
    return [match.name for match in matches]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (CARD, [OLENA]),
        (" 2900000 000018\r\n", [OLENA]),
        ("lc-0001", [GALYNA]),
        ("0671234567", [OLENA]),
        ("067 123-45-67", [OLENA]),
        ("80671234567", [OLENA]),
        ("0 67 123-45-67", [OLENA]),
        ("+380671234567", [OLENA]),
        ("380671234567", [OLENA]),
        ("671234567", [OLENA]),
        ("+48 512 345 678", [JOZEF]),
        ("48512345678", [JOZEF]),
        ("4321", [MARIANA]),
        ("56 78", [JOZEF]),
        ("4567", [OLENA, GALYNA]),
        ("олена", [OLENA]),
        ("ОЛ", [OLENA]),
        ("Олена Ков", [OLENA]),
        ("ковал", [GALYNA, OLENA]),
        ("КОВАЛЬ", [GALYNA]),
        ("їжак", [MARIANA]),
        ("Марʼяна", [MARIANA]),
        ("мар'яна", [MARIANA]),
        ("марян", [MARIANA]),
        ("галина", [GALYNA]),
        ("jozef", [JOZEF]),
        ("ŻÓŁW", [JOZEF]),
        ("zolw", [JOZEF]),
        ("ＪＯＺＥＦ", [JOZEF]),
        ("коваленко олена", [OLENA]),
    ],
)
def test_a_customer_is_found(full: Till, text: str, names: list[str]) -> None:
    assert sorted(found(full, text)) == sorted(names)


def test_who_begins_with_it_comes_first(full: Till) -> None:
    register(full, "Коваль Адам", "067 000-00-01")
    assert found(full, "ковал")[0] == found(full, "коваль")[0] == "Коваль Адам"
    assert sorted(found(full, "ковал")[1:]) == sorted([OLENA, GALYNA])


@pytest.mark.parametrize(
    ("country", "typed"),
    [("PL", "512 345 678"), ("KZ", "8 701 123 45 67"), ("KZ", "87011234567"), ("PL", "+48512345678")],
)
def test_phones_are_read_as_the_shops_country_means_them(till: Till, country: str, typed: str) -> None:
    abroad = replace(till, shop=replace(SHOP, country=country))
    register(abroad, phone={"PL": "512345678", "KZ": "7011234567"}[country])
    assert found(abroad, typed) == [OLENA]


@pytest.mark.parametrize(
    ("text", "words", "phone", "card"),
    [
        ("067 765 43 21", "Nobody has the phone", "380677654321", ""),
        ("2900000000025", "is not known here", "", "2900000000025"),
        ("4912345678904", "is not known here", "", "4912345678904"),
        ("LC-0002", "is not known here", "", "LC-0002"),
        ("9999", "No phone here ends in", "", ""),
        ("Ганна", "Nobody here is called", "", ""),
        ("Anna", "Nobody here is called", "", ""),
        ('"; DROP TABLE person; --', "Nobody here is called", "", ""),
        ("＂＂＂абв OR", "Nobody here is called", "", ""),
        ("NEAR(абв)", "Nobody here is called", "", ""),
        ("а*б^в:г", "Nobody here is called", "", ""),
        ("%%%", "Nobody here is called", "", ""),
        ("___", "Nobody here is called", "", ""),
    ],
)
def test_nobody_is_found_and_what_was_typed_goes_into_the_form(
    full: Till, text: str, words: str, phone: str, card: str
) -> None:
    unknown = desk.find(full, text)
    assert isinstance(unknown, Unknown), unknown
    assert words in unknown.reason.text
    assert (unknown.phone, unknown.card) == (phone, card)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Scan the card, or type a phone"),
        (" \t\u200b", "Scan the card, or type a phone"),
        ("о", "two letters"),
        ("2900000000013", "wrong check digit"),
        ("067123456", "not a possible phone"),
        ("99999", "not a possible phone"),
        ("4111 1111 1111 1111", "This is a bank card"),
        ("4111111111111111", "This is a bank card"),
        ("378282246310005", "This is a bank card"),
        ("%B4111111111111111^KOVALENKO/OLENA^28051010000?", "This is a bank card"),
    ],
)
def test_what_can_find_nobody_is_refused(full: Till, text: str, words: str) -> None:
    refused = desk.find(full, text)
    assert words in said(refused)
    assert "4111" not in said(refused)


def test_a_long_list_is_cut_at_twenty(till: Till) -> None:
    for number in range(25):
        register(till, f"Іван {number}", f"067 000 00 {number:02d}")
    assert len(found(till, "іван")) == 20
    assert len(found(till, "ван")) == 20


def test_a_blocked_and_a_replaced_card_find_nobody(full: Till) -> None:
    desk.replace_card(full, CARD, "2900000000025", CASHIER)
    desk.block_card(full, "LC-0001", CASHIER)
    assert "was replaced by a new one" in said(desk.find(full, CARD))
    assert "is blocked" in said(desk.find(full, "LC-0001"))
    assert found(full, "2900000000025") == [OLENA]


def test_a_name_that_looks_like_a_card_is_still_a_name(till: Till) -> None:
    register(till, "ANNA 2", "067 123 45 67")
    assert found(till, "anna 2") == ["ANNA 2"]
    assert found(till, "anna") == ["ANNA 2"]


def test_what_is_found_is_told_in_full(full: Till) -> None:
    matches = desk.find(full, CARD)
    assert isinstance(matches, tuple)
    assert [replace(match, customer_id="") for match in matches] == [Match("", OLENA, "380671234567")]


@pytest.mark.parametrize(
    "text", ["\ud800", "a" * 10_000, "0" * 10_000, "\x00\x1b[2J", "' OR 1=1", "😀😀😀", "ß" * 300]
)
def test_anything_may_be_typed(full: Till, text: str) -> None:
    assert isinstance(desk.find(full, text), Unknown | Refused | tuple)


def test_several_words_find_whole_names_in_any_order_first(full: Till) -> None:
    """Only when no name begins with them are they looked for anywhere in a name."""
    register(full, "Коваленко Олена Іванівна", "067 000-00-01")
    register(full, "Марія-Олена Коваленко", "067 000-00-02")
    assert found(full, "коваленко олена") == ["Коваленко Олена Іванівна", OLENA]
    assert found(full, "олена коваленко") == [OLENA, "Коваленко Олена Іванівна"]
    assert found(full, "іванівна олена коваленко") == ["Коваленко Олена Іванівна"]
    assert found(full, "коваленко марія-олена") == ["Марія-Олена Коваленко"]
    assert sorted(found(full, "валенко лена")) == sorted(
        [OLENA, "Коваленко Олена Іванівна", "Марія-Олена Коваленко"]
    )


def test_a_phone_comes_before_a_card_of_the_same_digits(till: Till) -> None:
    """A shop may give its cards the customers' phones for numbers."""
    register(till, "Іван Мельник", "067 765-43-21", "0671234567")
    assert found(till, "0671234567") == ["Іван Мельник"]
    register(till, OLENA, "067 123-45-67")
    assert found(till, "0671234567") == [OLENA]


def test_a_card_of_four_digits_comes_before_phones_that_end_in_them(till: Till) -> None:
    by_phone = register(till, "Олена Коваленко", "067 123-45-67")
    by_card = register(till, "Іван Мельник", "067 765-43-21", "4567")
    found = desk.find(till, "4567")
    assert isinstance(found, tuple)
    assert [match.customer_id for match in found] == [by_card, by_phone]
    assert desk.block_card(till, "4567", CASHIER) == "4567"
    left = desk.find(till, "4567")
    assert isinstance(left, tuple)
    assert [match.customer_id for match in left] == [by_phone]
