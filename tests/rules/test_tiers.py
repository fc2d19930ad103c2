"""Tiers: reached by what was spent to date, with the way to the next one."""

from datetime import date

import pytest

from terminal.rules.account import Account, Member, PeriodFigures
from terminal.rules.document import read_programme
from terminal.rules.programme import TierRules
from terminal.rules.tiers import standing, tier_of, tier_periods
from tests.shop import PROGRAMME

TODAY = date(2026, 5, 4)
TIERS = """
[[tiers]]
code = "silver"
name = "Silver"
from_spend = 100

[[tiers]]
code = "gold"
name = "Gold"
from_spend = 300.50
multiplier = 1.5
"""


@pytest.mark.parametrize(
    ("spend_minor", "tier", "next_tier", "missing_minor", "progress_percent"),
    [
        (0, None, "silver", 10_000, 0),
        (9_999, None, "silver", 1, 99),
        (10_000, "silver", "gold", 20_050, 0),
        (20_025, "silver", "gold", 10_025, 50),
        (30_049, "silver", "gold", 1, 99),
        (30_050, "gold", None, 0, 100),
        (9_000_000, "gold", None, 0, 100),
    ],
)
def test_standing(
    spend_minor: int, tier: str | None, next_tier: str | None, missing_minor: int, progress_percent: int
) -> None:
    stands = standing(read_programme(PROGRAMME + TIERS), Account("a", spend_minor=spend_minor), TODAY)
    assert (stands.tier and stands.tier.code) == tier
    assert (stands.next_tier and stands.next_tier.code) == next_tier
    assert (stands.missing_minor, stands.progress_percent) == (missing_minor, progress_percent)


def test_a_programme_without_tiers() -> None:
    stands = standing(read_programme(PROGRAMME), Account("a", spend_minor=5), TODAY)
    assert (stands.tier, stands.next_tier, stands.missing_minor) == (None, None, 0)


LEVELS = '[[tiers]]\ncode = "a"\nname = "A"\nfrom_{by} = 100\n[[tiers]]\ncode = "b"\nname = "B"\nfrom_{by} = 200\n'


@pytest.mark.parametrize(
    ("rules", "periods", "tier"),
    [
        ('period = "year"', (100, 0, 0), "a"),
        ('period = "year"', (0, 200, 0), "b"),
        ('period = "year"', (0, 0, 200), None),
        ('period = "year"', (100, 200, 0), "b"),
        ('period = "year"\nkeeps = "period"', (0, 200, 0), None),
        ('period = "year"\nkeeps = "period"', (100, 200, 0), "a"),
        ('period = "month"\nrises = "next-period"', (200, 0, 0), None),
        ('period = "month"\nrises = "next-period"', (200, 100, 0), "a"),
        ('period = "month"\nrises = "next-period"', (0, 0, 200), "b"),
        ('period = "month"\nrises = "next-period"\nkeeps = "period"', (0, 0, 200), None),
        ('period = "rolling"\ndays = 30', (100,), "a"),
        ('period = "rolling"\ndays = 30', (), None),
    ],
)
@pytest.mark.parametrize("by", ["spend", "points"])
def test_a_tier_of_a_period(rules: str, periods: tuple[int, ...], tier: str | None, by: str) -> None:
    shop = read_programme(PROGRAMME + f'[tier_rules]\nby = "{by}"\n{rules}\n' + LEVELS.format(by=by))
    figures = [PeriodFigures(n * 100, 0) if by == "spend" else PeriodFigures(0, n) for n in periods]
    stands = standing(shop, Account("x", spend_minor=99_999, periods=tuple(figures)), TODAY)
    assert (stands.tier and stands.tier.code) == tier
    assert tier_of(shop, Account("x", periods=tuple(figures)), TODAY) == stands.tier


def test_what_is_missing_is_told_in_what_counts() -> None:
    shop = read_programme(PROGRAMME + '[tier_rules]\nby = "points"\n' + LEVELS.format(by="points"))
    stands = standing(shop, Account("x", earned_points=150), TODAY)
    assert (stands.missing_points, stands.missing_minor, stands.progress_percent) == (50, 0, 50)


@pytest.mark.parametrize(
    ("rules", "on", "periods"),
    [
        (TierRules(), TODAY, ()),
        (TierRules(period="rolling", days=30), TODAY, ((date(2026, 4, 5), TODAY),)),
        (
            TierRules(period="month"),
            date(2026, 1, 31),
            (
                (date(2026, 1, 1), date(2026, 1, 31)),
                (date(2025, 12, 1), date(2025, 12, 31)),
                (date(2025, 11, 1), date(2025, 11, 30)),
            ),
        ),
        (
            TierRules(period="quarter"),
            TODAY,
            (
                (date(2026, 4, 1), date(2026, 6, 30)),
                (date(2026, 1, 1), date(2026, 3, 31)),
                (date(2025, 10, 1), date(2025, 12, 31)),
            ),
        ),
    ],
)
def test_the_days_of_a_period(rules: TierRules, on: date, periods: tuple[tuple[date, date], ...]) -> None:
    assert tier_periods(rules, on) == periods


def test_a_membership_gives_its_tier_at_least() -> None:
    club = '[[memberships]]\ncode = "m"\nname = "M"\nprice = 1\ndays = 9\ntier = "a"\n'
    shop = read_programme(PROGRAMME + LEVELS.format(by="spend") + club)
    for spend, until, tier in ((0, TODAY, "a"), (0, date(2026, 5, 3), None), (20_000, TODAY, "b")):
        stands = standing(shop, Account("x", spend_minor=spend, memberships=(Member("m", until),)), TODAY)
        assert (stands.tier and stands.tier.code) == tier
