"""Offers: a table of cases for each kind, then how they come together, and what opens or limits them."""

from dataclasses import replace
from datetime import date

import pytest

from terminal.rules.account import Account, Coupon
from terminal.rules.bill import Bill, Line
from terminal.rules.wish import Wish
from tests.rules.quoted import MONDAY, NOBODY, SOMEBODY, lines, quoted, shop, why

THREE = lines("pen 2 x 50 office x", "cup 1 x 30 home y", "bag 1 x 20 home")


def offer(keys: str, code: str = "o") -> str:
    return f'[[offers]]\ncode = "{code}"\nname = "Offer"\n{keys}\n'


@pytest.mark.parametrize(
    ("keys", "off"),
    [
        ("percent = 10", (1000, 300, 200)),
        ('percent = 10\nonly = { categories = ["home"] }', (0, 300, 200)),
        ('percent = 10\nonly = { products = ["pen"], brands = ["y"] }', (1000, 300, 0)),
        ('percent = 10\nexcept = { brands = ["x"] }', (0, 300, 200)),
        ("percent = 10\ncap = 9", (600, 180, 120)),
        ("percent = 100", (10_000, 3000, 2000)),
        ('percent = 50\nof = "cheapest"', (0, 0, 1000)),
        ('percent = 50\nof = "dearest"', (2500, 0, 0)),
        ('percent = 100\nof = "dearest"', (5000, 0, 0)),
        ('percent = 100\nof = "dearest"\ncap = 10', (1000, 0, 0)),
        ('percent = 10\nonly = { products = ["none"] }', (0, 0, 0)),
        ('percent = 10\nwith_goods = { products = ["cup"] }', (1000, 300, 200)),
        ('percent = 10\nwith_goods = { products = ["none"] }', (0, 0, 0)),
        ('percent = 10\nreduced = "only"', (0, 0, 0)),
        ("percent = 10\nminimum_bill = 150", (1000, 300, 200)),
        ("percent = 10\nminimum_bill = 150.01", (0, 0, 0)),
        ('percent = 10\nonly = { categories = ["home"] }\nminimum_goods = 50', (0, 300, 200)),
        ('percent = 10\nonly = { categories = ["home"] }\nminimum_goods = 50.01', (0, 0, 0)),
        ('percent = 10\nonly = { products = ["pen"] }\nminimum_quantity = 2', (1000, 0, 0)),
        ('percent = 10\nonly = { products = ["pen"] }\nminimum_quantity = 3', (0, 0, 0)),
    ],
)
def test_percent(keys: str, off: tuple[int, ...]) -> None:
    quote = quoted(shop(offer('kind = "percent"\n' + keys)), THREE)
    assert quote.off_lines == off
    assert (quote.discount_minor, quote.points_lines) == (sum(off), (0, 0, 0))


@pytest.mark.parametrize(
    ("amount", "keys", "off"),
    [
        ("15", "", (1000, 300, 200)),
        ("249", "", (10_000, 3000, 2000)),
        ("10", 'only = { categories = ["home"] }', (0, 600, 400)),
        ("0.01", "", (1, 0, 0)),
        ("0.02", "", (1, 1, 0)),
        ("15", "cap = 1.50", (100, 30, 20)),
    ],
)
def test_money(amount: str, keys: str, off: tuple[int, ...]) -> None:
    assert quoted(shop(offer(f'kind = "money"\namount = {amount}\n{keys}')), THREE).off_lines == off


@pytest.mark.parametrize(
    ("keys", "bill", "off", "words"),
    [
        ('product = "cup"', THREE, (0, 3000, 0), "a gift"),
        ('product = "pen"', THREE, (5000, 0, 0), "a gift"),
        ('product = "pen"\nquantity = 3', THREE, (10_000, 0, 0), "give {pieces} of {product}"),
        ('product = "mug"', THREE, (0, 0, 0), "give {pieces} of {product}"),
        ('product = "mug"', lines("mug 1 x 0"), (0,), ""),
        ('product = "cup"\ncap = 10', THREE, (0, 1000, 0), "a gift"),
    ],
)
def test_gift(keys: str, bill: Bill, off: tuple[int, ...], words: str) -> None:
    quote = quoted(shop(offer(f'kind = "gift"\n{keys}')), bill)
    assert quote.off_lines == off
    assert (words in quote.adjustments[0].words.text) if words else not quote.adjustments


@pytest.mark.parametrize(
    ("keys", "bill", "off"),
    [
        ("buy = 2", lines("a 3 x 10"), (1000,)),
        ("buy = 2", lines("a 2 x 10"), (0,)),
        ("buy = 2", lines("a 7 x 10"), (2000,)),
        ("buy = 1\nget = 1\npercent = 50", lines("a 4 x 10"), (1000,)),
        ("buy = 2", lines("a 1 x 10", "b 1 x 30", "c 1 x 20"), (1000, 0, 0)),
        ("buy = 2", lines("a 1 x 8", "b 1 x 10", "c 1 x 5", "d 1 x 1"), (0, 0, 500, 0)),
        ("buy = 2", lines("a 3 x 10", "b 3 x 4"), (1000, 400)),
        ("buy = 1", lines("a 0.35 x 20", "b 1 x 30"), (700, 0)),
    ],
)
def test_buy_and_get(keys: str, bill: Bill, off: tuple[int, ...]) -> None:
    assert quoted(shop(offer(f'kind = "buy-get"\n{keys}')), bill).off_lines == off


@pytest.mark.parametrize(
    ("keys", "bill", "off", "free"),
    [
        ("", lines("a 1 x 10", "van 1 x 5 delivery"), (0, 500), True),
        ("", lines("a 1 x 10"), (0,), True),
        ("minimum_bill = 20", lines("a 1 x 10", "van 1 x 5 delivery"), (0, 0), False),
        ("cap = 3", lines("a 1 x 10", "van 1 x 5 delivery"), (0, 300), True),
    ],
)
def test_free_delivery(keys: str, bill: Bill, off: tuple[int, ...], free: bool) -> None:
    quote = quoted(shop(offer(f'kind = "free-delivery"\n{keys}')), bill)
    assert (quote.off_lines, quote.free_delivery) == (off, free)


TEN, TWENTY_OFF = 'kind = "percent"\npercent = 10\n', 'kind = "money"\namount = 20\n'


@pytest.mark.parametrize(
    ("rules", "taken"),
    [
        (offer(TEN, "a") + offer(TWENTY_OFF, "b"), [("a", 1500), ("b", 2000)]),
        (offer(TWENTY_OFF, "b") + offer(TEN, "a"), [("b", 2000), ("a", 1300)]),
        (offer(TEN + 'after = ["b"]', "a") + offer(TWENTY_OFF, "b"), [("b", 2000), ("a", 1300)]),
        (offer(TEN + 'best_of = "g"', "a") + offer(TWENTY_OFF + 'best_of = "g"', "b"), [("b", 2000)]),
        (
            offer(TEN + 'best_of = "g"', "a") + offer(TWENTY_OFF + 'best_of = "g"\ncap = 15', "b"),
            [("a", 1500)],
        ),
        (
            offer(TEN + 'best_of = "g"', "a") + offer(TWENTY_OFF, "c") + offer(TWENTY_OFF + 'best_of = "g"', "b"),
            [("b", 2000), ("c", 2000)],
        ),
        (offer('kind = "money"\namount = 149', "a") + offer(TWENTY_OFF, "b"), [("a", 14_900), ("b", 100)]),
    ],
)
def test_how_offers_come_together(rules: str, taken: list[tuple[str, int]]) -> None:
    quote = quoted(shop(rules), THREE)
    assert [(step.code, step.money_minor) for step in quote.adjustments] == taken


def test_no_discount_takes_more_than_lines_below_zero_leave_to_pay() -> None:
    tenth = shop(offer('kind = "percent"\npercent = 10\nonly = { products = ["a"] }\ncap = 9'))
    for below, off in ((0, 900), (-11_400, 600), (-11_950, 50), (-12_000, 0)):
        bill = Bill((Line("a", 12_000, sku="a"), Line("b", below, sku="b")))
        assert quoted(tenth, bill).taken_off_minor == off


LIMITED = offer(TEN + "uses_per_customer = 1")
IN_ALL = offer(TEN + "uses_in_all = 2")
GIFT = offer('kind = "gift"\nproduct = "cup"\nwhen = { birthday = { days_before = 3 } }')
PERSONAL = offer(TEN + "personal = true")


@pytest.mark.parametrize(
    ("rules", "account", "off", "uses", "told"),
    [
        (LIMITED, SOMEBODY, 1500, (("o", 1),), ""),
        (LIMITED, Account("a", used={"o": 1}), 0, (), ""),
        (LIMITED, NOBODY, 0, (), ""),
        (LIMITED, Account("a", leased=frozenset()), 0, (), "“Offer” needs the site. Go on without it."),
        (LIMITED, Account("a", leased=frozenset({"o"})), 1500, (("o", 1),), ""),
        (LIMITED, Account("a", leased=frozenset(), used={"o": 1}), 0, (), ""),
        (LIMITED, Account("a", taken=frozenset({"o"})), 0, (), "“Offer” is at another till or on an order."),
        (IN_ALL, Account("a", used_in_all={"o": 1}), 1500, (("o", 1),), ""),
        (IN_ALL, Account("a", used_in_all={"o": 2}), 0, (), ""),
        (GIFT, Account("a", birthday=date(1990, 5, 6)), 3000, (("o", 1), ("o/2026", 1)), ""),
        (GIFT, Account("a", birthday=date(1990, 5, 6), used={"o/2026": 1}), 0, (), ""),
        (GIFT, Account("a", birthday=date(1990, 5, 6), used={"o/2025": 1}), 3000, (("o", 1), ("o/2026", 1)), ""),
        (GIFT, Account("a", birthday=date(1990, 5, 6), leased=frozenset()), 0, (), "“Offer” needs the site."),
        (GIFT, Account("a", birthday=date(1990, 5, 8), leased=frozenset()), 0, (), ""),
        (PERSONAL, SOMEBODY, 0, (), ""),
        (PERSONAL, Account("a", offers=frozenset({"o"})), 1500, (), ""),
    ],
)
def test_what_is_limited(
    rules: str, account: Account, off: int, uses: tuple[tuple[str, int], ...], told: str
) -> None:
    quote = quoted(shop(rules), THREE, account)
    assert (quote.taken_off_minor, quote.uses) == (off, uses)
    assert (told in why(quote)) if told else not quote.left_out


CODES = (
    offer(TEN + "needs_code = true\nminimum_bill = 100", "a")
    + '[[promo_codes]]\ncode = "Ten"\nopens = "a"\nvalid_until = 2026-05-04\n'
    + '[[promo_codes]]\ncode = "OLD"\nopens = "a"\nvalid_until = 2026-05-03\n'
    + '[[promo_codes]]\ncode = "SOON"\nopens = "a"\nvalid_from = 2026-05-05\n'
    + '[[promo_codes]]\ncode = "ONCE"\nopens = "a"\nuses_per_customer = 1\n'
    + '[[promo_codes]]\ncode = "YOURS"\nopens = "a"\ncustomers = ["b", "card-7"]\n'
)
COUPON = Coupon("Q1", "a", MONDAY, MONDAY, "a")


@pytest.mark.parametrize(
    ("typed", "account", "off", "told"),
    [
        ((), SOMEBODY, 0, ""),
        (("TEN",), SOMEBODY, 1500, ""),
        ((" ten ",), SOMEBODY, 1500, ""),
        (("ten",), NOBODY, 1500, ""),
        (("ten", "ten"), SOMEBODY, 1500, ""),
        (("ten", "once"), SOMEBODY, 1500, "Code “once” opens what applies already."),
        (("x",), SOMEBODY, 0, "There is no code “x”."),
        (("x",), Account("a", leased=frozenset()), 0, "only the site can tell"),
        (("old",), SOMEBODY, 0, "Code “old” ended on 2026-05-03."),
        (("soon",), SOMEBODY, 0, "Code “soon” begins on 2026-05-05."),
        (("once",), SOMEBODY, 1500, ""),
        (("once",), Account("a", used={"ONCE": 1}), 0, "The customer has used “ONCE” already."),
        (("once",), NOBODY, 0, "Only for registered customers."),
        (("once",), Account("a", leased=frozenset()), 0, "“ONCE” needs the site. Go on without it."),
        (("yours",), SOMEBODY, 0, "Code “yours” is for another customer."),
        (("yours",), Account("b"), 1500, ""),
        (("yours",), Account("a", cards=frozenset({"card-7"})), 1500, ""),
        (("q1",), Account("a", coupons=(COUPON,)), 1500, ""),
        (("q1",), Account("b", coupons=(COUPON,)), 0, "Code “q1” is for another customer."),
        (("q1",), Account("a", coupons=(replace(COUPON, used=True),)), 0, "Code “q1” was used already."),
        (("q1",), Account("a", coupons=(replace(COUPON, opens="gone"),)), 0, "opens nothing any more"),
        (("q1",), Account("a", coupons=(COUPON,), leased=frozenset()), 0, "“Q1” needs the site."),
        (("q1",), Account("a", coupons=(COUPON,), taken=frozenset({"Q1"})), 0, "“Q1” is at another till"),
        (("q1",), Account("a", coupons=(COUPON,), used_in_all={"Q1": 1}, leased=frozenset()), 0, "is used up"),
    ],
)
def test_promo_codes(typed: tuple[str, ...], account: Account, off: int, told: str) -> None:
    quote = quoted(shop(CODES), THREE, account, Wish(codes=typed))
    assert quote.taken_off_minor == off
    assert bool(quote.codes) == bool(off)
    assert (told in why(quote)) if told else not quote.left_out


def test_a_code_whose_offer_asks_for_more_says_what() -> None:
    quote = quoted(shop(CODES), lines("pen 1 x 50"), wish=Wish(codes=("ten",)))
    assert (quote.taken_off_minor, quote.codes) == (0, ())
    assert "From a bill of" in why(quote)


def test_a_code_that_opens_an_earn_rule() -> None:
    rules = '[[earn]]\nkind = "per-order"\npoints = 10\nneeds_code = true\ncode = "e"\n'
    opened = shop(rules + '[[promo_codes]]\ncode = "P"\nopens = "e"\nuses_in_all = 5\n')
    assert quoted(opened, THREE).earned_points == 0
    quote = quoted(opened, THREE, wish=Wish(codes=("p",)))
    assert (quote.earned_points, quote.codes, quote.uses) == (10, ("p",), (("P", 1),))
    assert "Only for registered customers" in why(quoted(opened, THREE, NOBODY, Wish(codes=("p",))))
