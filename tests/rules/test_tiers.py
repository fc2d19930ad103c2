"""Tiers: reached by what was spent to date, with the way to the next one."""

from datetime import date

import pytest

from terminal.rules.account import Account
from terminal.rules.document import read_programme
from terminal.rules.tiers import standing
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
