"""What has to be leased: which codes, how often in all, which of them a sale used, and what a quote asks for."""

import pytest

from terminal.rules.account import Account, Coupon
from terminal.rules.limited import limits_of, used_codes
from terminal.rules.wish import Wish
from tests.rules.quoted import MONDAY, lines, quoted, shop

RULES = """
[[offers]]
kind = "percent"
code = "free"
name = "For everybody"
percent = 5

[[offers]]
kind = "percent"
code = "each"
name = "Once each"
percent = 10
uses_per_customer = 1
needs_code = true

[[offers]]
kind = "gift"
code = "cake"
name = "Cake"
product = "cake"
when = { birthday = {} }

[[promo_codes]]
code = "FEW"
opens = "each"
uses_in_all = 3

[[promo_codes]]
code = "MANY"
opens = "each"

[[stamps]]
code = "card"
name = "Card"
needed = 2
"""


def test_what_is_limited_and_how_often_in_all() -> None:
    assert limits_of(shop(RULES)) == {"each": None, "cake": None, "FEW": 3, "card": None}


def test_what_a_sale_used() -> None:
    marks = [
        ("use", "each", 1),
        ("use", "FEW", -1),
        ("stamp", "card", -2),
        ("stamp", "other", 3),
        ("action", "a", 1),
    ]
    assert used_codes(marks) == ("each", "card")


@pytest.mark.parametrize(
    ("typed", "leased", "needs", "off"),
    [
        ("few", (), ["FEW"], 500),
        ("few", ("FEW",), ["each", "each"], 500),
        ("few", ("FEW", "each"), [], 500 + 950),
        ("many", (), ["each", "each"], 500),
        ("q", (), ["Q"], 500),
        ("nothing", (), [""], 500),
    ],
)
def test_a_quote_says_what_the_site_would_have_to_lease(
    typed: str, leased: tuple[str, ...], needs: list[str], off: int
) -> None:
    coupon = Coupon("Q", "each", MONDAY, MONDAY)
    account = Account("a", leased=frozenset(leased), coupons=(coupon,))
    quote = quoted(shop(RULES), lines("pen 1 x 100"), account, Wish(codes=(typed,)))
    assert [left.needs for left in quote.left_out] == needs
    assert quote.taken_off_minor == off
