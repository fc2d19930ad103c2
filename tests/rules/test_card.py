"""Cards: loyalty cards are read in one form, bank cards are refused and never repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.rules.card import ean13_check_digit, ean13_valid, is_payment_card, luhn_valid, read_card
from terminal.rules.phrase import Refused
from tests.shop import said

BANK_CARDS = {
    "Visa": "4111111111111111",
    "Visa of 13 digits": "4222222222222",
    "Mastercard": "5555555555554444",
    "Mastercard of the new range": "2223003122003222",
    "American Express": "378282246310005",
    "Diners": "30569309025904",
    "JCB": "3530111333300000",
    "Maestro": "6759649826438453",
    "Maestro of 12 and more": "5018000000000009",
    "Discover": "6011111111111117",
    "UnionPay of 19 digits": "6205500000000000004",
    "Mir": "2200000000000053",
    "Prostir": "9804000000001239",
    "Uzcard": "8600000000000007",
    "Humo": "9860000000000000",
}


@pytest.mark.parametrize("number", BANK_CARDS.values(), ids=BANK_CARDS.keys())
@pytest.mark.parametrize(
    "form", ["{0}", " {0} ", "%B{0}^OLENA KOVALENKO^2805101", ";{0}=28051010000000000000?", "card {0}"]
)
def test_a_bank_card_is_refused_in_any_form(number: str, form: str) -> None:
    text = form.format(number)
    assert is_payment_card(text)
    assert said(read_card(text)) == "This is a bank card. Scan the loyalty card; the number was not kept."


@pytest.mark.parametrize(
    "text", ["4111 1111 1111 1111", "4111-1111-1111-1111", "4111.1111.1111.1111", "4111 - 1111 - 1111 1111"]
)
def test_a_bank_card_in_groups(text: str) -> None:
    assert is_payment_card(text)
    assert isinstance(read_card(text), Refused)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # the check digit is wrong
        "411111111111",  # 12 digits
        "41111111111111111111",  # 20 digits
        "1111111111111117",  # no issuer has it
        "2900000000018",  # an EAN-13
        "4820000000178",  # an EAN-13 that passes Luhn or not: a barcode all the same
        "+4111111111111111",  # a plus begins a phone
        "",
        "Олена",
        "４１１１１１１１１１１１１１１１",  # no scanner and no keypad gives wide digits
    ],
)
def test_what_is_no_bank_card(text: str) -> None:
    assert not is_payment_card(text)


@pytest.mark.parametrize(
    ("scanned", "number"),
    [
        ("2900000000018", "2900000000018"),
        (" 2900000 000018\r", "2900000000018"),
        ("lc-0001", "LC-0001"),
        ("1234", "1234"),
        ("A" * 64, "A" * 64),
        ("0000", "0000"),
        ("123456789012", "123456789012"),
    ],
)
def test_a_loyalty_card_has_one_form(scanned: str, number: str) -> None:
    assert read_card(scanned) == number


@pytest.mark.parametrize(
    ("scanned", "words"),
    [
        ("", "can't be a card number"),
        ("123", "can't be a card number"),
        ("A" * 65, "can't be a card number"),
        ("-1234", "can't be a card number"),
        ("LC_0001", "can't be a card number"),
        ("КАРТА1", "can't be a card number"),
        ("ſſſſ", "can't be a card number"),
        ("12\x001234", "can't be a card number"),
        ("٢٩٠٠٠٠٠٠٠٠٠١٨", "can't be a card number"),
        ("2900000000013", "has a wrong check digit"),
        ("4820000000010", "has a wrong check digit"),
    ],
)
def test_what_is_no_card_is_refused(scanned: str, words: str) -> None:
    refused = read_card(scanned)
    assert words in said(refused)
    assert isinstance(refused, Refused)
    assert refused.field == "card"


@pytest.mark.parametrize("digits", ["4006381333931", "5901234123457", "2900000000018", "0000000000000"])
def test_ean13(digits: str) -> None:
    assert ean13_valid(digits)
    assert ean13_check_digit(digits[:12]) == digits[12]


@pytest.mark.parametrize(
    "digits", ["4006381333932", "400638133393", "40063813339311", "400638133393a", "", "４００６３８１３３３９３１"]
)
def test_ean13_that_is_none(digits: str) -> None:
    assert not ean13_valid(digits)


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 12), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(first_twelve: str, place: int, by: int) -> None:
    digits = first_twelve + ean13_check_digit(first_twelve)
    wrong = digits[:place] + str((int(digits[place]) + by) % 10) + digits[place + 1 :]
    assert ean13_valid(digits)
    assert not ean13_valid(wrong)
    assert read_card(digits) == digits or is_payment_card(digits)
    assert isinstance(read_card(wrong), Refused)


@pytest.mark.parametrize(
    ("digits", "valid"), [("79927398713", True), ("79927398710", False), ("0", True), ("18", True), ("81", False)]
)
def test_luhn(digits: str, valid: bool) -> None:
    assert luhn_valid(digits) == valid


@given(st.text(max_size=80))
def test_any_text_is_a_card_in_one_form_or_refused(text: str) -> None:
    number = read_card(text)
    if isinstance(number, str):
        assert read_card(number) == number
        assert number.isascii()
        assert not is_payment_card(number)
