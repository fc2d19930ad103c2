"""Phones: every form people say them in, brought to E.164 digits."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terminal.rules.card import is_payment_card
from terminal.rules.phone import last_digits, read_phone, show_phone
from terminal.rules.phrase import Refused
from tests.shop import said


@pytest.mark.parametrize(
    ("typed", "country", "digits"),
    [
        ("067 123-45-67", "UA", "380671234567"),
        ("(067) 123 45 67", "UA", "380671234567"),
        ("0671234567", "UA", "380671234567"),
        ("671234567", "UA", "380671234567"),
        ("80671234567", "UA", "380671234567"),
        ("8 067 123-45-67", "UA", "380671234567"),
        ("0 67 123-45-67", "UA", "380671234567"),
        ("380671234567", "UA", "380671234567"),
        ("+380 67 123 45 67", "UA", "380671234567"),
        ("+38 (067) 123-45-67", "UA", "380671234567"),
        ("00380671234567", "UA", "380671234567"),
        ("044 123 45 67", "UA", "380441234567"),
        ("тел. 067 123 45 67", "UA", "380671234567"),
        ("٠٦٧١٢٣٤٥٦٧", "UA", "380671234567"),
        ("＋３８０６７１２３４５６７", "UA", "380671234567"),
        ("512 345 678", "PL", "48512345678"),
        ("512-345-678", "PL", "48512345678"),
        ("48512345678", "PL", "48512345678"),
        ("+48 512 345 678", "PL", "48512345678"),
        ("0048512345678", "PL", "48512345678"),
        ("8 701 123 45 67", "KZ", "77011234567"),
        ("8-701-123-45-67", "KZ", "77011234567"),
        ("87011234567", "KZ", "77011234567"),
        ("7011234567", "KZ", "77011234567"),
        ("77011234567", "KZ", "77011234567"),
        ("+7 701 123 45 67", "KZ", "77011234567"),
        ("8 029 123 45 67", "BY", "375291234567"),
        ("+48 512 345 678", "UA", "48512345678"),
        ("48512345678", "UA", "48512345678"),
        ("380671234567", "PL", "380671234567"),
        ("+7 701 123 45 67", "UA", "77011234567"),
        ("+1 650 253 0000", "UA", "16502530000"),
        ("+49 1512 3456789", "UA", "4915123456789"),
    ],
)
def test_a_phone_in_any_form(typed: str, country: str, digits: str) -> None:
    assert read_phone(typed, country) == digits


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("", "UA"),
        ("067", "UA"),
        ("1234567", "UA"),
        ("067 123 45 6", "UA"),
        ("067 123 45 67 8", "UA"),
        ("0000000000", "UA"),
        ("099 999", "UA"),
        ("0501234567", "PL"),
        ("512 345 67", "PL"),
        ("+999 123 456 789", "UA"),
        ("+38 067 123 45", "UA"),
        ("1" * 40, "UA"),
        ("Олена", "UA"),
        ("2900000000018", "UA"),
    ],
)
def test_an_impossible_phone_is_refused(typed: str, country: str) -> None:
    refused = read_phone(typed, country)
    assert "is not a possible phone" in said(refused)
    assert isinstance(refused, Refused)
    assert refused.field == "phone"


def test_a_bank_card_in_the_place_of_a_phone_is_not_repeated() -> None:
    refused = read_phone("3782 822463 10005", "UA")
    assert said(refused).startswith("This is a bank card.")
    assert "3782" not in said(refused)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("4567", "4567"),
        (" 45 67 ", "4567"),
        ("45-67", "4567"),
        ("456", None),
        ("45678", None),
        ("45a7", None),
        ("", None),
        ("٤٥٦٧", None),
        ("²²²²", None),
    ],
)
def test_last_digits(typed: str, digits: str | None) -> None:
    assert last_digits(typed) == digits


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("380671234567", "+380 67 123 4567"),
        ("48512345678", "+48 512 345 678"),
        ("77011234567", "+7 701 123 4567"),
        ("999", "+999"),
    ],
)
def test_show_phone(digits: str, shown: str) -> None:
    assert show_phone(digits) == shown


@given(st.integers(0, 9_999_999).map(lambda tail: f"067{tail:07d}"))
def test_every_form_of_one_number_is_one_number(national: str) -> None:
    forms = [
        national,
        national[1:],
        "8" + national,
        "38" + national,
        "+38" + national,
        f"0 {national[1:3]} {national[3:6]}-{national[6:8]}-{national[8:]}",
    ]
    assert {str(read_phone(form, "UA")) for form in forms} == {"38" + national}


@given(st.text(max_size=30), st.sampled_from(["UA", "PL", "KZ"]))
def test_any_text_is_digits_of_e164_or_refused(text: str, country: str) -> None:
    read = read_phone(text, country)
    assert isinstance(read, Refused) or (read.isascii() and read.isdigit() and 7 <= len(read) <= 15)
    if isinstance(read, str):
        assert read_phone("+" + read, country) == read


def by_the_library(text: str, country: str) -> str | None:
    """What Google's plans make of a phone: as typed, with the old 8-0 prefix of Ukraine, or after a plus."""
    digits = "".join(character for character in text if character.isdigit())
    forms = [text] if text.startswith("+") else [text, "+" + digits]
    if country == "UA" and len(digits) == 11 and digits.startswith("80"):
        forms.insert(0, digits[1:])
    for form in forms:
        try:
            number = phonenumbers.parse(form, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return f"{number.country_code}{phonenumbers.national_significant_number(number)}"
    return None


COUNTRIES = st.sampled_from(["UA", "PL", "KZ", "RU", "BY", "DE", "LT", "MD", "RO", "CZ", "IT", "US"])
BEGINNINGS = st.sampled_from(
    ["", "+", "0", "8", "80", "810", "067", "50", "380", "+380", "38", "48", "7", "77", "+7", "00", "375"]
)


@settings(max_examples=1000)
@given(BEGINNINGS, st.text("0123456789", min_size=4, max_size=11), COUNTRIES, st.sampled_from(["", " ", "-"]))
def test_a_phone_is_read_as_the_numbering_plans_have_it(start: str, rest: str, country: str, gap: str) -> None:
    text = start + gap.join([rest[:2], rest[2:5], rest[5:]])
    read = read_phone(text, country)
    digits = sum(character.isdigit() for character in text)
    if 7 <= digits <= 15 and not is_payment_card(text):
        assert (read if isinstance(read, str) else None) == by_the_library(text, country)
