"""Customers by tier: however a programme counts them, the owner's figure is what the till shows of each."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from terminal import desk
from terminal.desk.figures import Asked, figures
from terminal.desk.memberships import join
from terminal.desk.tier_figures import TierFigures
from terminal.desk.till import Till
from terminal.rules.phrase import Refused
from terminal.rules.reporting import Period
from tests.shop import CASHIER, MANAGER, PROGRAMME, Clock, new_ledger, new_till, register, sell

RULES = {
    "spending to date": "",
    "points to date": 'by = "points"',
    "rolling": 'period = "rolling"\ndays = 40',
    "points of 90 days": 'by = "points"\nperiod = "rolling"\ndays = 90',
    "month, rises at once": 'period = "month"',
    "month, rises in the next": 'period = "month"\nrises = "next-period"',
    "quarter, kept no longer": 'period = "quarter"\nkeeps = "period"',
}
MEMBERS = '[[memberships]]\ncode = "club"\nname = "Club"\nprice = 500\ndays = 30\ntier = "gold"\n'


def text(rules: str, more: str = "") -> str:
    by, least = ("from_points", (5, 40)) if '"points"' in rules else ("from_spend", (50, 400))
    tiers = "".join(
        f'[[tiers]]\ncode = "{code}"\nname = "{code.title()}"\n{by} = {value}\n'
        for code, value in zip(("silver", "gold"), least, strict=True)
    )
    return f"{PROGRAMME}\n[tier_rules]\n{rules}\n{tiers}{more}"


@pytest.fixture
def open_till(tmp_path: Path, clock: Clock) -> Callable[[str], Till]:
    """A till on a programme, for as many programmes as a test wants."""
    made: list[Till] = []

    def make(programme: str) -> Till:
        ledger = new_ledger(tmp_path / f"{len(made)}.ledger", programme=programme)
        made.append(new_till(ledger, clock))
        return made[-1]

    return make


def a_spring(till: Till, clock: Clock) -> list[str]:
    """Customers who bought much, little, long ago and lately; one brought goods back, one's sale was voided."""
    customers = [register(till, f"Клієнт {number}", f"067 100 00 0{number}") for number in range(7)]
    clock.now = clock.now.replace(month=2, day=10)
    sell(till, customers[0], 500_00)
    sell(till, customers[1], 60_00)
    clock.now = clock.now.replace(month=4, day=15)
    sell(till, customers[1], 60_00)
    kept = sell(till, customers[2], 450_00)
    voided = sell(till, customers[3], 450_00)
    assert not isinstance(desk.void(till, voided.sale.id, CASHIER), Refused)
    clock.now = clock.now.replace(month=5, day=2)
    sell(till, customers[4], 55_00)
    shown = desk.show_refund(till, kept.sale.id, (400_00,))
    assert not isinstance(shown, Refused)
    assert not isinstance(desk.refund(till, shown, MANAGER), Refused)
    sell(till, customers[5], 4_00)
    return customers


def shown_at_the_till(till: Till, customers: list[str]) -> Counter[str | None]:
    """The tier of each, as the counter says it."""
    tiers: Counter[str | None] = Counter()
    for customer_id in customers:
        found = desk.profile(till, customer_id)
        assert not isinstance(found, Refused)
        tiers[found.standing.tier.name if found.standing.tier else None] += 1
    return tiers


@pytest.mark.parametrize("rules", RULES.values(), ids=list(RULES))
def test_the_figure_is_what_the_till_shows(open_till: Callable[[str], Till], clock: Clock, rules: str) -> None:
    clock.now = clock.now.replace(month=2, day=1)
    till = open_till(text(rules))
    customers = a_spring(till, clock)
    found = figures(till, Asked(Period(date(2026, 5, 1), date(2026, 5, 31)))).tiers
    assert [tier.name for tier in found] == [None, "Silver", "Gold"]
    assert {tier.name: tier.customers for tier in found if tier.customers} == shown_at_the_till(till, customers)
    assert sum(tier.active for tier in found) == 2


def test_a_membership_counts_as_long_as_it_holds(open_till: Callable[[str], Till], clock: Clock) -> None:
    clock.now = clock.now.replace(month=2, day=1)
    till = open_till(text('period = "month"', MEMBERS))
    customers = a_spring(till, clock)
    assert not isinstance(join(till, customers[6], "club", CASHIER), Refused)
    for days in (0, 40):
        clock.advance(days=days)
        found = figures(till, Asked(Period(date(2026, 5, 1), date(2026, 5, 31)))).tiers
        assert {tier.name: tier.customers for tier in found if tier.customers} == shown_at_the_till(till, customers)


def test_without_tiers_everybody_is_below_the_first(till: Till, customer: str) -> None:
    sell(till, customer, 100_00)
    assert figures(till, Asked(Period(date(2026, 5, 1), date(2026, 5, 31)))).tiers == (TierFigures(None, 1, 1),)
