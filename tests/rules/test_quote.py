"""Redeeming and the quote: how much a bill takes and why not more, and what is always true of the two together."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.rules.bill import Bill, Line, bill_of_total
from terminal.rules.conditions import Goods
from terminal.rules.document import read_programme
from terminal.rules.lots import Lot, spend, spendable
from terminal.rules.money import Rounding
from terminal.rules.phrase import Refused
from terminal.rules.programme import (
    Cashback,
    Expiry,
    PerAmount,
    Programme,
    Redeem,
    RoundingRules,
    Tier,
)
from terminal.rules.quantity import Minor, MinorAboveZero, Ratio, Share, Units, UnitsAboveZero
from terminal.rules.quote import ALL, Account, Earning, Quote
from terminal.rules.quoting import quote_bill
from terminal.rules.redeeming import worth_minor
from terminal.rules.wish import Moment, Wish
from tests.shop import said

TODAY = date(2026, 5, 4)
NOW = Moment(TODAY)
HEAD = 'name = "T"\nnumber = 7\nvalid_from = 2020-01-01\ncurrency = "UAH"\n'
GOODS = Bill((Line("bread", 3_000, category="food"), Line("cigarettes", 7_000, category="tobacco")))


def programme(redeem: str = "money_per_point = 1", head: str = "", rest: str = "") -> Programme:
    return read_programme(f"{HEAD}{head}[redeem]\n{redeem}\n{rest}")


def account(points: int, spend_minor: int = 0) -> Account:
    lots = (Lot("lot", points, points, TODAY, None),) if points else ()
    return Account("a", lots, spend_minor)


@pytest.mark.parametrize(
    ("redeem", "bill", "spendable_points", "most", "why"),
    [
        ("", bill_of_total(10_000), 0, 0, "The customer has no bonuses to spend yet."),
        ("", bill_of_total(10_000), 50, 50, None),
        ("", bill_of_total(10_000), 100, 100, None),
        ("", bill_of_total(10_000), 101, 100, "Bonuses pay the whole bill."),
        ("", bill_of_total(10_099), 500, 100, "Bonuses pay the whole bill."),
        ("", bill_of_total(0), 500, 0, "Bonuses pay the whole bill."),
        ("max_share_percent = 30", bill_of_total(10_000), 500, 30, "Bonuses pay up to"),
        ("max_share_percent = 30", bill_of_total(9_999), 500, 29, "Bonuses pay up to"),
        ("max_share_percent = 30", bill_of_total(10_000), 30, 30, None),
        ("keep_at_least = 10", bill_of_total(10_000), 50, 40, "stay on the account"),
        ("keep_at_least = 10", bill_of_total(10_000), 10, 0, "stay on the account"),
        ("keep_at_least = 10", bill_of_total(10_000), 5, 0, "stay on the account"),
        ("keep_at_least = 10", bill_of_total(10_000), 0, 0, "The customer has no bonuses to spend yet."),
        ("keep_at_least = 10", bill_of_total(3_000), 50, 30, "Bonuses pay the whole bill."),
        ("block = 25", bill_of_total(10_000), 60, 50, "in steps of"),
        ("block = 25", bill_of_total(10_000), 24, 0, "in steps of"),
        ("block = 25", bill_of_total(10_000), 75, 75, None),
        ("block = 25\nmax_share_percent = 50", bill_of_total(10_000), 75, 50, "Bonuses pay up to"),
        ("minimum_bill = 100", bill_of_total(9_999), 50, 0, "Bonuses are taken from"),
        ("minimum_bill = 100", bill_of_total(10_000), 50, 50, None),
        ('except = { categories = ["tobacco"] }', GOODS, 50, 30, "of the goods they may be used for"),
        ('except = { categories = ["tobacco"] }\nmax_share_percent = 50', GOODS, 50, 15, "of the goods"),
        ('except = { categories = ["tobacco", "food"] }', GOODS, 50, 0, "of the goods"),
        ('except = { categories = ["tobacco"] }', GOODS, 20, 20, None),
    ],
)
def test_the_most_that_a_bill_takes(
    redeem: str, bill: Bill, spendable_points: int, most: int, why: str | None
) -> None:
    shop = programme(f"money_per_point = 1\n{redeem}")
    quote = quote_bill(shop, account(spendable_points), bill, Wish(), NOW)
    assert isinstance(quote, Quote)
    assert quote.max_redeem_points == most
    if why is None:
        assert quote.max_reason is None
    else:
        assert quote.max_reason is not None
        assert why in quote.max_reason.text


def test_a_programme_without_redeeming() -> None:
    shop = read_programme(HEAD)
    quote = quote_bill(shop, account(50), bill_of_total(10_000), Wish(), NOW)
    assert isinstance(quote, Quote)
    assert quote.max_redeem_points == 0
    assert quote.max_reason is not None
    assert quote.max_reason.text == "This programme gives no money for bonuses."
    assert "gives no money for bonuses" in said(quote_bill(shop, account(50), bill_of_total(100), Wish(1), NOW))


@pytest.mark.parametrize(
    ("money_per_point", "decimals", "rounding", "points", "minor"),
    [
        ("1", 0, "half-up", 5, 500),
        ("0.05", 0, "half-up", 3, 15),
        ("0.005", 0, "half-up", 1, 1),
        ("0.005", 0, "half-even", 1, 0),
        ("0.005", 0, "down", 3, 1),
        ("0.005", 0, "half-up", 3, 2),
        ("1", 2, "half-up", 1, 1),
        ("0.1", 2, "half-up", 1234, 123),
    ],
)
def test_worth(money_per_point: str, decimals: int, rounding: str, points: int, minor: int) -> None:
    shop = programme(
        f"money_per_point = {money_per_point}", f'points_decimals = {decimals}\n[rounding]\nmoney = "{rounding}"\n'
    )
    assert worth_minor(shop, points) == minor


def test_bonuses_that_are_worth_no_coin_are_never_taken() -> None:
    shop = programme("money_per_point = 0.001")
    few = quote_bill(shop, account(4), bill_of_total(10_000), Wish(ALL), NOW)
    assert isinstance(few, Quote)
    assert (few.redeem_points, few.max_redeem_points, few.taken_off_minor) == (0, 0, 0)
    assert few.max_reason is not None
    assert "not worth a coin" in few.max_reason.text
    assert "not worth a coin" in said(quote_bill(shop, account(500), bill_of_total(10_000), Wish(4), NOW))
    assert isinstance(quote_bill(shop, account(500), bill_of_total(10_000), Wish(5), NOW), Quote)


def test_what_is_taken_off_is_spread_over_what_may_be_paid() -> None:
    shop = programme('money_per_point = 0.01\nexcept = { categories = ["tobacco"] }')
    bill = Bill((*GOODS.lines, Line("milk", 1_000), Line("bag", 0)))
    quote = quote_bill(shop, account(2_001), bill, Wish(2_001), NOW)
    assert isinstance(quote, Quote)
    assert quote.off_lines == quote.points_lines == quote.adjustments[0].lines == (1501, 0, 500, 0)


@pytest.mark.parametrize(
    ("redeem", "words"),
    [
        (-2, "Type how many bonuses to take, 0 or more."),
        (31, "can be taken here"),
        (10_000, "can be taken here"),
        (7, "in steps of"),
    ],
)
def test_what_can_not_be_redeemed_is_refused(redeem: int, words: str) -> None:
    shop = programme("money_per_point = 1\nblock = 5")
    refused = quote_bill(shop, account(30), bill_of_total(10_000), Wish(redeem), NOW)
    assert words in said(refused)
    assert isinstance(refused, Refused)
    assert refused.field == "redeem"


def test_where_nothing_can_be_taken_the_reason_is_said() -> None:
    shop = programme("money_per_point = 1\nminimum_bill = 100")
    assert "Bonuses are taken from" in said(quote_bill(shop, account(30), bill_of_total(5_000), Wish(1), NOW))
    assert "no bonuses to spend yet" in said(quote_bill(shop, account(0), bill_of_total(50_000), Wish(1), NOW))


EARN = """
[[earn]]
kind = "cashback"
percent = 10

[[earn]]
kind = "per-amount"
points = 1
per = 10
pending_days = 14
"""


def test_a_quote_says_every_figure() -> None:
    shop = programme(
        rest=EARN + "[expiry]\nafter_days = 30\n"
        '[[tiers]]\ncode = "g"\nname = "Gold"\nfrom_spend = 100\nmultiplier = 2\n'
    )
    quote = quote_bill(shop, account(30, spend_minor=10_000), bill_of_total(10_000), Wish(20), NOW)
    assert isinstance(quote, Quote)
    assert (quote.customer_id, quote.programme_number, quote.on) == ("a", 7, TODAY)
    assert (quote.redeem_points, quote.taken_off_minor, quote.pay_minor, quote.off_lines) == (
        20,
        2_000,
        8_000,
        (2_000,),
    )
    assert (quote.max_redeem_points, quote.max_taken_off_minor, quote.max_reason) == (30, 3_000, None)
    later = TODAY + timedelta(14)
    assert quote.earnings == (
        Earning(16, TODAY, TODAY + timedelta(30)),
        Earning(16, later, later + timedelta(30)),
    )
    assert quote.earned_points == 32
    assert [(line.rule, line.money_minor, line.points) for line in quote.adjustments] == [
        ("redeem", 2_000, -20),
        ("earn", 0, 8),
        ("tier", 0, 8),
        ("earn", 0, 8),
        ("tier", 0, 8),
    ]


def test_what_never_expires_has_no_last_day_and_nothing_earned_is_no_lot() -> None:
    shop = programme(rest=EARN)
    quote = quote_bill(shop, account(0), bill_of_total(10_000), Wish(0), NOW)
    assert isinstance(quote, Quote)
    assert [earning.expires_on for earning in quote.earnings] == [None, None]
    small = quote_bill(shop, account(0), bill_of_total(99), Wish(0), NOW)
    assert isinstance(small, Quote)
    assert (small.earnings, small.earned_points) == ((), 0)


CATEGORIES = st.sampled_from(["", "food", "tobacco"])
ROUNDINGS = st.sampled_from(list(Rounding))
DAYS = st.integers(-10, 10).map(lambda days: TODAY + timedelta(days))


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    terms = {
        "minimum_bill": st.integers(0, 5_000).map(Minor),
        "excluded": st.frozensets(CATEGORIES, max_size=2).map(lambda words: Goods(categories=words)),
    }
    earn_terms = terms | {"pending_days": st.integers(0, 20), "on_part_paid_by_points": st.booleans()}
    points = st.fractions(Fraction(1, 100), 3, max_denominator=100).map(Ratio)
    per = st.integers(1, 5_000).map(MinorAboveZero)
    per_amount = st.builds(PerAmount, points=points, per_minor=per, whole_steps=st.booleans(), **earn_terms)
    percent = st.fractions(Fraction(1, 10), 100, max_denominator=100).map(Share)
    multiplier = st.fractions(Fraction(1, 2), 3, max_denominator=10).map(Ratio)
    redeem = st.builds(
        Redeem,
        money_per_point=st.fractions(Fraction(1, 10_000), 5, max_denominator=10_000).map(Ratio),
        block=st.none() | st.integers(1, 50).map(UnitsAboveZero),
        max_share_percent=st.integers(1, 100).map(Share),
        keep_at_least=st.integers(0, 20).map(Units),
        **terms,
    )
    return Programme(
        number=1,
        name="T",
        valid_from=TODAY,
        currency="UAH",
        points_decimals=draw(st.integers(0, 4)),
        rounding=RoundingRules(points=draw(ROUNDINGS), money=draw(ROUNDINGS)),
        earn=tuple(draw(st.lists(per_amount | st.builds(Cashback, percent=percent, **earn_terms), max_size=3))),
        redeem=draw(redeem),
        expiry=Expiry(after_days=draw(st.none() | st.integers(1, 400))),
        tiers=(Tier(code="t", name="T", from_spend_minor=Minor(5_000), multiplier=draw(multiplier)),),
    )


BILLS = st.lists(
    st.builds(Line, st.just("x"), st.integers(0, 100_000), category=CATEGORIES), min_size=1, max_size=6
).map(lambda lines: Bill(tuple(lines)))


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    lots = [
        Lot(
            f"lot-{number}",
            draw(st.integers(-500, 5_000)),
            draw(st.integers(0, 5_000)),
            draw(DAYS),
            draw(st.none() | DAYS),
        )
        for number in range(draw(st.integers(0, 4)))
    ]
    return Account("a", tuple(lots), draw(st.integers(0, 20_000)))


@given(programmes(), accounts(), BILLS, st.data())
def test_what_is_always_true_of_a_quote(shop: Programme, who: Account, bill: Bill, data: st.DataObject) -> None:
    held = spendable(who.lots, TODAY)
    redeem = data.draw(st.just(ALL) | st.integers(0, max(held, 1)))
    quote = quote_bill(shop, who, bill, Wish(redeem), NOW)
    assert quote_bill(shop, who, bill, Wish(redeem), NOW) == quote, "the same twice is the same"
    if isinstance(quote, Refused):
        assert redeem not in (ALL, 0), "taking all, or nothing, is never refused"
        return
    rules = shop.redeem
    assert rules is not None
    excluded = rules.excluded.categories if rules.excluded else frozenset()
    payable = [0 if line.category in excluded else line.total_minor for line in bill.lines]
    assert 0 <= quote.taken_off_minor <= sum(payable) * rules.max_share_percent // 100
    assert 0 <= quote.redeem_points <= quote.max_redeem_points <= held
    assert sum(quote.off_lines) == quote.taken_off_minor
    assert all(0 <= off <= most for off, most in zip(quote.off_lines, payable, strict=True))
    assert quote.pay_minor >= 0
    assert (quote.redeem_points == 0) == (quote.taken_off_minor == 0)
    if quote.redeem_points:
        assert bill.total_minor >= rules.minimum_bill
        assert held - quote.redeem_points >= rules.keep_at_least
        assert quote.redeem_points % (rules.block or 1) == 0
    assert quote.max_reason is not None or quote.max_redeem_points == held
    assert all(earning.points > 0 for earning in quote.earnings)
    assert sum(line.points for line in quote.adjustments) == quote.earned_points - quote.redeem_points
    assert -sum(move.points for move in spend(who.lots, quote.redeem_points, TODAY)) == quote.redeem_points
    again = quote_bill(shop, who, bill, Wish(quote.redeem_points), NOW)
    assert again == quote, "the number that ALL came to is quoted alike"
