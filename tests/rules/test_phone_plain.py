"""The short way of reading a plain mobile says what the library's long way says."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.rules import phone
from terminal.rules.phone import read_phone

_COUNTRIES = ("UA", "PL", "KZ", "RO", "SK", "DE")


def _long_way(text: str, country: str) -> str:
    number = phonenumbers.parse(text, country)
    assert phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


@st.composite
def _typed(draw: st.DrawFn) -> tuple[str, str]:
    country = draw(st.sampled_from(_COUNTRIES))
    example = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    assert example is not None
    national = phonenumbers.national_significant_number(example)
    kept = draw(st.integers(0, 4))
    length = len(national) - kept + draw(st.sampled_from((-1, 0, 0, 0, 1)))
    digits = national[:kept] + draw(st.text("0123456789", min_size=length, max_size=length))
    before = draw(st.sampled_from(("", "0", "8", f"{example.country_code}", f"+{example.country_code} ")))
    return before + digits, country


@given(_typed())
def test_the_short_way_agrees_with_the_long_way(typed: tuple[str, str]) -> None:
    text, country = typed
    short = phone.plain_mobile(text, country)
    if short is not None and len(text) >= 7:
        assert short == _long_way(text, country)


@pytest.mark.parametrize(
    "text", ["0671234567", "067 123-45-67", "(067)1234567", "380671234567", "+380 67 123 4567"]
)
def test_plain_mobiles_take_the_short_way(text: str) -> None:
    assert phone.plain_mobile(text, "UA") == read_phone(text, "UA") == "380671234567"


@pytest.mark.parametrize(
    ("text", "country"), [("80671234567", "UA"), ("+48501234567", "UA"), ("0", "UA"), ("1", "AR")]
)
def test_all_else_takes_the_long_way(text: str, country: str) -> None:
    assert phone.plain_mobile(text, country) is None
