"""Customers by tier, counted for the owner by the rule that the till itself goes by."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from terminal.desk.till import Till
from terminal.ledger import figures as ledger_figures
from terminal.ledger import tier_figures as ledger_tiers
from terminal.rules.account import Account, Member, PeriodFigures
from terminal.rules.programme import Programme, Tier
from terminal.rules.tiers import tier_of, tier_periods


@dataclass(frozen=True, slots=True)
class TierFigures:
    """Customers of a tier (None: below the first), and how many of them bought in the period."""

    name: str | None
    customers: int
    active: int


def count_tiers(till: Till, programme: Programme, on: date) -> tuple[TierFigures, ...]:
    """Count the customers of each tier on a day, and those below the first. Only inside a snapshot."""
    active = ledger_figures.active_customers(till.ledger)
    customers, buying = Counter[Tier | None](), Counter[Tier | None]()
    for account in _accounts(till, programme, on) if programme.tiers else ():
        tier = tier_of(programme, account, on)
        customers[tier] += 1
        buying[tier] += account.customer_id in active
    # Whoever has nothing that counts is not read: they all have the tier of an empty account.
    lowest = tier_of(programme, Account(), on)
    customers[lowest] += ledger_tiers.everybody(till.ledger) - customers.total()
    buying[lowest] += len(active) - buying.total()
    return tuple(
        TierFigures(tier.name if tier else None, customers[tier], buying[tier]) for tier in (None, *programme.tiers)
    )


def _accounts(till: Till, programme: Programme, on: date) -> Iterator[Account]:
    """Yield what tiers are counted by, of each customer who has any of it."""
    ledger, rules = till.ledger, programme.tier_rules
    periods = tier_periods(rules, on)
    to_date = not periods and rules.by == "points"
    spent = ledger_tiers.spent_to_date(ledger) if not periods and not to_date else {}
    counted: dict[str, list[ledger_tiers.Counted]] = {}
    if periods:
        starts = tuple(till.start_ms(first) for first, _ in periods)
        counted = ledger_tiers.counted_by_period(ledger, starts, till.start_ms(periods[0][1] + timedelta(days=1)))
    elif to_date:
        counted = ledger_tiers.counted_by_period(ledger, (0,), 1 << 62)
    members = ledger_tiers.memberships_on(ledger, on) if programme.memberships else {}
    for customer_id in dict.fromkeys((*spent, *counted, *members)):
        figures = tuple(PeriodFigures(*one) for one in counted.get(customer_id, ()))
        yield Account(
            customer_id,
            spend_minor=spent.get(customer_id, 0),
            earned_points=figures[0].points if to_date and figures else 0,
            periods=figures if periods else (),
            memberships=tuple(Member(*one) for one in members.get(customer_id, ())),
        )
