"""Money: the one rounding function, splitting without loss, and every way a sum is typed."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.rules.money import MAX_AMOUNT_MINOR, Rounding, minor_units, read_amount, round_to_int, split
from terminal.rules.phrase import Refused
from tests.shop import said

DOWN, UP, EVEN = Rounding.DOWN, Rounding.HALF_UP, Rounding.HALF_EVEN


@pytest.mark.parametrize(
    ("value", "down", "half_up", "half_even"),
    [
        ("0", 0, 0, 0),
        ("1/3", 0, 0, 0),
        ("1/2", 0, 1, 0),
        ("3/2", 1, 2, 2),
        ("5/2", 2, 3, 2),
        ("7/2", 3, 4, 4),
        ("2/3", 0, 1, 1),
        ("7", 7, 7, 7),
        ("-1/3", 0, 0, 0),
        ("-1/2", 0, -1, 0),
        ("-3/2", -1, -2, -2),
        ("-5/2", -2, -3, -2),
        ("2499999/1000000", 2, 2, 2),
        ("2500001/1000000", 2, 3, 3),
    ],
)
def test_rounding(value: str, down: int, half_up: int, half_even: int) -> None:
    exact = Fraction(value)
    assert [round_to_int(exact, rounding) for rounding in (DOWN, UP, EVEN)] == [down, half_up, half_even]


@given(st.fractions(), st.sampled_from(list(Rounding)))
def test_rounding_moves_less_than_one_and_is_the_same_below_zero(value: Fraction, rounding: Rounding) -> None:
    rounded = round_to_int(value, rounding)
    assert abs(rounded - value) < 1
    assert abs(rounded - value) <= Fraction(1, 2) or rounding is DOWN
    assert round_to_int(-value, rounding) == -rounded


@given(st.fractions())
def test_half_even_is_what_python_rounds_to(value: Fraction) -> None:
    assert round_to_int(value, EVEN) == round(value)


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1], [50, 50]),
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (100, [0, 1], [0, 100]),
        (1, [1, 1, 1], [1, 0, 0]),
        (1, [1, 3], [0, 1]),
        (0, [5, 5], [0, 0]),
        (100, [0, 0], [0, 0]),
        (100, [], []),
        (999, [3333, 3333, 3334], [333, 333, 333]),
        (7, [10, 0, 20], [2, 0, 5]),
    ],
)
def test_split(amount: int, weights: list[int], parts: list[int]) -> None:
    assert split(amount, weights) == parts


@given(st.lists(st.integers(0, 10**10), min_size=1, max_size=40), st.data())
def test_parts_sum_to_the_whole_and_none_passes_its_weight(weights: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(weights)))
    parts = split(amount, weights)
    assert sum(parts) == (amount if sum(weights) else 0)
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize(
    ("amount", "decimals", "minor"),
    [("1", 2, 100), ("0.01", 2, 1), ("12.5", 2, 1250), ("3", 0, 3), ("-1.25", 2, -125), ("1.50", 1, 15)],
)
def test_minor_units(amount: str, decimals: int, minor: int) -> None:
    assert minor_units(Decimal(amount), decimals) == minor


@pytest.mark.parametrize(("amount", "decimals"), [("0.001", 2), ("1.25", 1), ("0.5", 0)])
def test_minor_units_lose_nothing(amount: str, decimals: int) -> None:
    with pytest.raises(ValueError, match=f"more than {decimals} decimals"):
        minor_units(Decimal(amount), decimals)


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("123.45", 12345),
        ("123,45", 12345),
        ("123", 12300),
        ("123.", 12300),
        ("123,4", 12340),
        ("0.01", 1),
        ("00012", 1200),
        (" 12 ", 1200),
        ("1 234,50", 123450),
        ("1\u00a0234,50", 123450),
        ("1\u202f234,50", 123450),
        ("1'234.50", 123450),
        ("12.3400", 1234),
        ("12.000000", 1200),
        ("100 000 000,00", MAX_AMOUNT_MINOR),
    ],
)
def test_a_sum_is_read_as_it_is_typed(typed: str, minor: int) -> None:
    assert read_amount(typed) == minor


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "is not a sum"),
        ("abc", "is not a sum"),
        ("12.34.56", "is not a sum"),
        ("1,234.56", "is not a sum"),
        (".", "is not a sum"),
        (".50", "is not a sum"),
        ("12грн", "is not a sum"),
        ("1e5", "is not a sum"),
        ("+5", "is not a sum"),
        ("١٢٣", "is not a sum"),
        ("²", "is not a sum"),
        ("9" * 5000, "is not a sum"),
        ("-5", "can't be negative"),
        ("- 5,00", "can't be negative"),
        ("−5", "can't be negative"),
        ("–5", "can't be negative"),
        ("0", "The bill is 0"),
        ("0,00", "The bill is 0"),
        ("0.001", "too many decimals"),
        ("12,345", "too many decimals"),
        ("100000000.01", "Was a barcode scanned here?"),
        ("4820000000017", "Was a barcode scanned here?"),
        ("9" * 60, "Was a barcode scanned here?"),
    ],
)
def test_a_sum_that_is_none_is_refused(typed: str, words: str) -> None:
    refused = read_amount(typed)
    assert words in said(refused)
    assert isinstance(refused, Refused)
    assert refused.field == "amount"
    assert len(said(refused)) < 200


@pytest.mark.parametrize(
    ("typed", "decimals", "minor"), [("12", 0, 12), ("12,0", 0, 12), ("1.234", 3, 1234), ("5", 3, 5000)]
)
def test_a_sum_in_a_currency_with_other_decimals(typed: str, decimals: int, minor: int) -> None:
    assert read_amount(typed, decimals) == minor


def test_a_sum_of_zero_where_it_may_be() -> None:
    assert read_amount("0,00", zero_allowed=True) == 0


@given(st.integers(1, MAX_AMOUNT_MINOR), st.sampled_from([".", ","]))
def test_what_is_shown_is_read_back(minor: int, point: str) -> None:
    assert read_amount(f"{minor // 100}{point}{minor % 100:02d}") == minor


@given(st.text(max_size=40))
def test_any_text_is_a_sum_within_the_limit_or_refused(text: str) -> None:
    read = read_amount(text)
    assert isinstance(read, Refused) or 0 < read <= MAX_AMOUNT_MINOR
