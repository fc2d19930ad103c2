"""Sums, points and days are written as Babel writes them, though Babel is asked for the form only once."""

from datetime import UTC, date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from terminal.locale.words import LANGUAGES, Words
from terminal.rules.phrase import Factor, phrase

CURRENCIES = ("UAH", "PLN", "EUR", "KZT", "USD", "CZK", "RON", "GBP", "MDL")
WHOLE = st.integers(-(10**13), 10**13)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@given(st.sampled_from(LANGUAGES), st.sampled_from(CURRENCIES), WHOLE)
def test_money(language: str, currency: str, minor: int) -> None:
    expected = plain(format_currency(Decimal(minor).scaleb(-2), currency, locale=language))
    assert Words(language, currency, UTC).money(minor) == expected


@given(st.sampled_from(LANGUAGES), st.integers(0, 3), WHOLE)
def test_points(language: str, decimals: int, units: int) -> None:
    expected = plain(format_decimal(Decimal(units).scaleb(-decimals), locale=language))
    assert Words(language, "EUR", UTC, decimals).points_number(units) == expected


def test_four_decimals_are_shown_in_full() -> None:
    assert Words("en", "EUR", UTC, 4).points_number(1_0001) == "1.0001"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day(language: str) -> None:
    pattern = "d MMM yyyy" if language == "en" else "dd.MM.yyyy"
    day = date(2026, 2, 3)
    assert Words(language, "EUR", UTC).day(day) == format_date(day, pattern, locale=language)


@pytest.mark.parametrize(("language", "said"), [("uk", "× 1,5"), ("pl", "× 1,5"), ("ru", "× 1,5"), ("en", "× 1.5")])
def test_a_factor_has_the_languages_decimal_sign(language: str, said: str) -> None:
    told = phrase("× {multiplier}", multiplier=Factor("1.5"))
    assert Words(language, "UAH", UTC).say(told) == said


@pytest.mark.parametrize(
    ("language", "currency", "minor", "said"),
    [
        ("en", "UAH", 123450, "UAH 1,234.50"),
        ("en", "UAH", -2900, "-UAH 29.00"),
        ("en", "EUR", 2900, "€29.00"),
        ("uk", "UAH", 123450, "1 234,50 грн"),
        ("pl", "UAH", 123450, "1 234,50 UAH"),
        ("pl", "PLN", 123450, "1 234,50 zł"),
        ("ru", "RUB", 2900, "29,00 руб."),
    ],
)
def test_money_on_paper(language: str, currency: str, minor: int, said: str) -> None:
    assert Words(language, currency, UTC).paper_money(minor) == said
