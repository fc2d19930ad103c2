"""Earning: one table for each kind of rule, then what they share: tier, minimum, categories, pending."""

from datetime import date

import pytest

from terminal.rules.account import Account
from terminal.rules.bill import Bill, Line, bill_of_total
from terminal.rules.boosts import decimal_text
from terminal.rules.document import read_programme
from terminal.rules.earning import Earned, Earner
from terminal.rules.facts import Facts
from terminal.rules.phrase import Factor, Money, Percent, Points, phrase
from terminal.rules.plan import plan_of
from terminal.rules.programme import Programme, Tier
from terminal.rules.quantity import Minor, Ratio
from terminal.rules.reckoning import PaidByPoints, Reckoning
from terminal.rules.wish import Moment

TODAY = date(2026, 5, 4)
HEAD = 'name = "T"\nnumber = 1\nvalid_from = 2020-01-01\ncurrency = "UAH"\n'


def programme(rule: str, head: str = "", money_per_point: str = "1") -> Programme:
    return read_programme(f"{HEAD}{head}[redeem]\nmoney_per_point = {money_per_point}\n[[earn]]\n{rule}\n")


def earned(shop: Programme, bill: Bill, off: list[int] | None = None, tier: Tier | None = None) -> Earned:
    facts, reckoning = Facts(Account("a"), bill, Moment(TODAY), tier), Reckoning(bill)
    paid = PaidByPoints(off or [0] * len(bill.lines), [0] * len(bill.lines))
    return Earner(plan_of(shop), facts, reckoning, frozenset()).earned(paid)


def points_of(given: Earned) -> int:
    return sum(given.by_pending_days.values())


def tier(multiplier: str) -> Tier:
    return Tier(code="t", name="Золотий", from_spend_minor=Minor(0), multiplier=Ratio(multiplier))


@pytest.mark.parametrize(
    ("rule", "total_minor", "points"),
    [
        ("points = 1\nper = 10", 0, 0),
        ("points = 1\nper = 10", 999, 0),
        ("points = 1\nper = 10", 1000, 1),
        ("points = 1\nper = 10", 1999, 1),
        ("points = 1\nper = 10", 123_456, 123),
        ("points = 3\nper = 10", 2500, 6),
        ("points = 0.5\nper = 10", 2500, 1),
        ("points = 1\nper = 10\nwhole_steps = false", 2599, 2),
        ("points = 3\nper = 10\nwhole_steps = false", 2500, 7),
        ("points = 1\nper = 0.01", 123, 123),
    ],
)
def test_points_per_amount(rule: str, total_minor: int, points: int) -> None:
    assert points_of(earned(programme(f'kind = "per-amount"\n{rule}'), bill_of_total(total_minor))) == points


@pytest.mark.parametrize(
    ("percent", "money_per_point", "decimals", "rounding", "total_minor", "points"),
    [
        ("10", "1", 0, "down", 0, 0),
        ("10", "1", 0, "down", 999, 0),
        ("10", "1", 0, "down", 1000, 1),
        ("10", "1", 0, "down", 12_999, 12),
        ("10", "1", 0, "half-up", 1499, 1),
        ("10", "1", 0, "half-up", 1500, 2),
        ("10", "1", 0, "half-even", 2500, 2),
        ("10", "1", 0, "half-even", 3500, 4),
        ("10", "1", 2, "down", 1234, 123),
        ("2.5", "1", 0, "down", 10_000, 2),
        ("5", "0.05", 0, "down", 10_000, 100),
        ("5", "3", 0, "down", 10_000, 1),
        ("100", "1", 0, "down", 700, 7),
    ],
)
def test_cashback(
    percent: str, money_per_point: str, decimals: int, rounding: str, total_minor: int, points: int
) -> None:
    shop = programme(
        f'kind = "cashback"\npercent = {percent}',
        f'points_decimals = {decimals}\n[rounding]\npoints = "{rounding}"\n',
        money_per_point,
    )
    assert points_of(earned(shop, bill_of_total(total_minor))) == points


TEN_PERCENT = 'kind = "cashback"\npercent = 10\n'


@pytest.mark.parametrize(
    ("multiplier", "total_minor", "points"),
    [("1", 10_000, 10), ("1.5", 10_000, 15), ("2", 1_500, 3), ("1.2", 10_500, 12), ("0.5", 10_000, 5)],
)
def test_a_tier_multiplies_before_rounding(multiplier: str, total_minor: int, points: int) -> None:
    assert points_of(earned(programme(TEN_PERCENT), bill_of_total(total_minor), tier=tier(multiplier))) == points


@pytest.mark.parametrize(("total_minor", "points"), [(4999, 0), (5000, 5), (5001, 5)])
def test_a_minimum_bill(total_minor: int, points: int) -> None:
    result = earned(programme(TEN_PERCENT + "minimum_bill = 50"), bill_of_total(total_minor))
    assert points_of(result) == points
    if not points:
        assert result.why_nothing == phrase("From a bill of {sum} on.", sum=Money(5000))


GOODS = Bill(
    (
        Line("bread", 3_000, category="food"),
        Line("cigarettes", 10_000, category="tobacco"),
        Line("gift card", 50_000, category="gift-card"),
        Line("milk", 2_000, category="food"),
    )
)


@pytest.mark.parametrize(
    ("terms", "off", "points"),
    [
        ("", [0, 0, 0, 0], 65),
        ('except = { categories = ["tobacco"] }', [0, 0, 0, 0], 55),
        ('except = { categories = ["tobacco", "gift-card"] }', [0, 0, 0, 0], 5),
        ('except = { categories = ["tobacco", "gift-card", "food"] }', [0, 0, 0, 0], 0),
        ('except = { categories = [""] }', [0, 0, 0, 0], 65),
        ("", [3_000, 0, 0, 2_000], 60),
        ('except = { categories = ["tobacco", "gift-card"] }', [1_000, 0, 0, 2_000], 2),
        ('except = { categories = ["tobacco", "gift-card"] }', [0, 5_000, 0, 0], 5),
        ("on_part_paid_by_points = true", [3_000, 0, 0, 2_000], 65),
        ('on_part_paid_by_points = true\nexcept = { categories = ["tobacco"] }', [3_000, 0, 0, 2_000], 55),
    ],
)
def test_what_of_a_bill_earns(terms: str, off: list[int], points: int) -> None:
    assert points_of(earned(programme(TEN_PERCENT + terms), GOODS, off)) == points


def test_pending_days_are_told() -> None:
    assert earned(programme(TEN_PERCENT + "pending_days = 14"), bill_of_total(10_000)).by_pending_days == {14: 10}


def test_every_step_is_said() -> None:
    result = earned(programme(TEN_PERCENT), bill_of_total(10_500), tier=tier("1.25"))
    assert [(line.rule, line.words, line.points) for line in result.adjustments] == [
        ("earn", phrase("{percent} of {sum} in bonuses", percent=Percent(1000), sum=Money(10_500)), 10),
        ("tier", phrase("Tier “{tier}”: × {multiplier}", tier="Золотий", multiplier=Factor("1.25")), 3),
    ]
    assert points_of(result) == 13
    per_amount = earned(programme('kind = "per-amount"\npoints = 2\nper = 10'), bill_of_total(2_000))
    words = phrase("{points} for each {sum}", points=Points(2), sum=Money(1_000))
    assert [line.words for line in per_amount.adjustments] == [words]


@pytest.mark.parametrize(
    ("value", "text"),
    [("2", "2"), ("3/2", "1.5"), ("5/4", "1.25"), ("1234567/1000000", "1.234567"), ("100", "100"), ("1/10", "0.1")],
)
def test_a_multiplier_is_said_exactly(value: str, text: str) -> None:
    assert decimal_text(Ratio(value)) == text
