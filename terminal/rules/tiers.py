"""Tiers: which one a customer has, and what is missing to the next."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from terminal.rules.account import Account, PeriodFigures
from terminal.rules.programme import Programme, Tier, TierRules

MOVING = frozenset({"sale", "earn", "void", "refund", "gift", "merge", "membership"})
"""Kinds of journal entries that a tier hangs on."""

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's tier, the next one, and what is missing to it: spending (minor units) or points (units).

    The progress is counted in what goes on now: to date, over the last days, or in the calendar's period.
    """

    tier: Tier | None
    next_tier: Tier | None
    missing_minor: int = 0
    missing_points: int = 0
    progress_percent: int = 100


def tier_periods(rules: TierRules, on: date) -> tuple[tuple[date, date], ...]:
    """Return the first and last day of each period that a tier is counted by: the one that goes on, the one before
    it and the one before that; of a rolling one that which ends today; none when they count since the beginning."""
    if rules.period == "ever":
        return ()
    if rules.period == "rolling":
        return ((on - timedelta(days=min(rules.days - 1, (on - date.min).days)), on),)
    months = _MONTHS[rules.period]
    this = (on.year * 12 + on.month - 1) // months * months
    starts = [_month(this - back * months) for back in (-1, 0, 1, 2)]
    return tuple((start, later - timedelta(days=1)) for later, start in pairwise(starts))


def standing(programme: Programme, account: Account, on: date) -> Standing:
    """Place a customer among the programme's tiers, before the bill that is on the counter."""
    tiers, rules = programme.tiers, programme.tier_rules
    place = _place(programme, account, on)
    tier = tiers[place] if place >= 0 else None
    if place + 1 == len(tiers):
        return Standing(tier, None)
    ahead, now = tiers[place + 1], _value(rules, _figures(rules, account)[0])
    wanted, start = _least(rules, ahead), _least(rules, tier) if tier else 0
    missing = max(0, wanted - now)
    progress = min(100, max(0, (now - start) * 100 // (wanted - start))) if wanted > start else 100
    by_spend = rules.by == "spend"
    return Standing(tier, ahead, missing if by_spend else 0, 0 if by_spend else missing, progress)


def tier_of(programme: Programme, account: Account, on: date) -> Tier | None:
    """Return a customer's tier alone."""
    place = _place(programme, account, on)
    return programme.tiers[place] if place >= 0 else None


def _place(programme: Programme, account: Account, on: date) -> int:
    """The place of the tier among the programme's, -1 for none."""
    if not programme.tiers:
        return -1
    rules = programme.tier_rules
    place = -1
    for counted in _that_hold(rules, _figures(rules, account)):
        place = max(place, _reached(programme, counted))
    return max(place, _of_membership(programme, account, on)) if account.memberships else place


def _month(number: int) -> date:
    year, month = divmod(max(number, 12), 12)
    return date(year, month + 1, 1)


def _figures(rules: TierRules, account: Account) -> tuple[PeriodFigures, ...]:
    if rules.period == "ever":
        return (PeriodFigures(account.spend_minor, account.earned_points),)
    return account.periods or (PeriodFigures(),)


def _that_hold(rules: TierRules, figures: tuple[PeriodFigures, ...]) -> tuple[PeriodFigures, ...]:
    """The periods that give the tier of today."""
    if rules.period in ("ever", "rolling"):
        return figures[:1]
    first = 1 if rules.rises == "next-period" else 0
    return figures[first : first + (2 if rules.keeps == "next-period" else 1)]


def _reached(programme: Programme, counted: PeriodFigures) -> int:
    value = _value(programme.tier_rules, counted)
    return bisect_right(_thresholds(programme), value) - 1


@lru_cache(maxsize=8)
def _thresholds(programme: Programme) -> list[int]:
    return [_least(programme.tier_rules, tier) for tier in programme.tiers]


def _of_membership(programme: Programme, account: Account, on: date) -> int:
    """The place of the best tier that a membership gives at least."""
    mine = {member.code for member in account.memberships if on <= member.until}
    given = {membership.tier for membership in programme.memberships if membership.code in mine}
    return max((place for place, tier in enumerate(programme.tiers) if tier.code in given), default=-1)


def _value(rules: TierRules, counted: PeriodFigures) -> int:
    return counted.spend_minor if rules.by == "spend" else counted.points


def _least(rules: TierRules, tier: Tier) -> int:
    return (tier.from_spend_minor if rules.by == "spend" else tier.from_points) or 0
