"""Earning: a rule is one function here and one table of cases in the tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from terminal.rules.adjustment import Adjustment
from terminal.rules.applies import NOTHING_FOR_IT, why_not
from terminal.rules.boosts import Boosts, boosts_of
from terminal.rules.facts import Facts, without_tax
from terminal.rules.money import Rounding, round_ratio
from terminal.rules.phrase import Money, Percent, Phrase, Points, phrase
from terminal.rules.plan import Plan, Ready
from terminal.rules.programme import Cashback, EarnRule, EarnTerms, PerAmount, PerOrder, PerUnit
from terminal.rules.reckoning import PaidByPoints, Reckoning


@dataclass(frozen=True, slots=True)
class Earned:
    """Points (units) of a bill by the days until they are usable, the lines that tell them, the codes of the rules
    that gave some, and where nothing is earned, why."""

    by_pending_days: dict[int, int]
    adjustments: tuple[Adjustment, ...] = ()
    codes: frozenset[str] = frozenset()
    why_nothing: Phrase | None = None

    @property
    def at_once(self) -> int:
        """Points that could be spent on this very bill."""
        return self.by_pending_days.get(0, 0)


NOTHING = Earned({})
"""What a bill without a customer earns, and one that points were spent on where the programme says so."""


class _Given(NamedTuple):
    points: int
    rule: EarnRule
    adjustments: list[Adjustment]


_points_given = attrgetter("points")


class Earner:
    """All that earns on one bill, ready to be asked again and again for another part paid by points."""

    def __init__(self, plan: Plan, facts: Facts, reckoning: Reckoning, opened: frozenset[str]) -> None:
        self._plan = plan
        self._facts = facts
        self._reckoning = reckoning
        self._boosts = boosts_of(plan, facts)
        self._why_nothing: Phrase | None = None
        self._rules = [
            rules for group in plan.earn if (rules := [one for one in group if self._applies(one, opened)])
        ]

    def _applies(self, ready: Ready[EarnRule], opened: frozenset[str]) -> bool:
        if ready.rule.needs_code and ready.rule.code not in opened:
            return False
        reason = why_not(ready.checks, self._facts) if self._facts.shelf.places(ready.scope) else NOTHING_FOR_IT
        if self._why_nothing is None:
            self._why_nothing = reason
        return reason is None

    def earned(self, paid: PaidByPoints) -> Earned:
        """What the bill earns when points have paid so much of it."""
        bases = _Bases(self._facts, self._reckoning, paid)
        days: dict[int, int] = {}
        told: list[Adjustment] = []
        codes = set()
        for group in self._rules:
            best = self._give(group[0], bases)
            for rule in group[1:]:
                best = max(best, self._give(rule, bases), key=_points_given)
            if best.points:
                days[best.rule.pending_days] = days.get(best.rule.pending_days, 0) + best.points
                told += best.adjustments
                codes.add(best.rule.code)
        return Earned(days, tuple(told), frozenset(codes), None if days else self._why_nothing)

    def _give(self, ready: Ready[EarnRule], bases: "_Bases") -> _Given:
        rule, places = ready.rule, self._facts.shelf.places(ready.scope)
        weights = bases.pieces(rule) if isinstance(rule, PerUnit) else bases.minor(rule)
        base = max(0, sum(map(weights.__getitem__, places)))
        numerator, denominator = _exact(self._plan, rule, base)
        rounding = self._plan.programme.rounding.points
        whole = round_ratio(numerator, denominator, rounding)
        told = [Adjustment("earn", _words(self._plan, rule, base), points=whole, code=rule.code)]
        if numerator and self._boosts.told:
            for boost, above, below in _factors(self._boosts, weights, places):
                more = round_ratio(numerator * above, denominator * below, rounding)
                if more != whole:
                    told.append(Adjustment(*self._boosts.told[boost], points=more - whole))
                whole = more
        return _Given(whole, rule, told)


class _Bases:
    """What of each line earns, by the terms of a rule; rules of the same terms share it."""

    def __init__(self, facts: Facts, reckoning: Reckoning, paid: PaidByPoints) -> None:
        self._lines = facts.shelf.lines
        self._reckoning = reckoning
        self._paid = paid
        self._known: dict[tuple[object, ...], list[int]] = {}

    def minor(self, terms: EarnTerms) -> list[int]:
        """Minor units of each line that earn."""
        key = (terms.base, terms.after_discounts, terms.on_part_paid_by_points)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._minor(terms)
        return found

    def _minor(self, terms: EarnTerms) -> list[int]:
        minor = [line.total_minor for line in self._lines]
        if terms.after_discounts:
            minor = list(map(int.__sub__, minor, self._reckoning.by_offers))
        if not terms.on_part_paid_by_points:
            minor = list(map(int.__sub__, minor, self._paid.minor))
        if terms.base == "without":
            minor = [without_tax(sum_, line.tax_bp) for sum_, line in zip(minor, self._lines, strict=True)]
        return minor

    def pieces(self, terms: EarnTerms) -> list[int]:
        """Pieces of each line that earn: those that something was paid for, by what the terms call paid."""
        key = ("pieces", terms.base, terms.after_discounts, terms.on_part_paid_by_points)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._pieces(terms)
        return found

    def _pieces(self, terms: EarnTerms) -> list[int]:
        free = [0] * len(self._lines)
        if terms.after_discounts:
            free = self._reckoning.free_by_offers
        if not terms.on_part_paid_by_points:
            free = list(map(int.__add__, free, self._paid.pieces))
        return [
            max(0, line.pieces - given) if minor > 0 else 0
            for line, given, minor in zip(self._lines, free, self.minor(terms), strict=True)
        ]


def _exact(plan: Plan, rule: EarnRule, base: int) -> tuple[int, int]:
    """Units that a rule gives for its base, exactly: above and below the line."""
    units = plan.programme.units_per_point
    match rule:
        case PerAmount(points=points, per_minor=per) if rule.whole_steps:
            return points.numerator * units * (base // per), points.denominator
        case PerAmount(points=points, per_minor=per):
            return points.numerator * units * base, points.denominator * per
        case Cashback(percent=percent):
            worth, parts = plan.unit_worth
            return base * percent.numerator * parts, 100 * percent.denominator * worth
        case PerUnit(points=points):
            return points.numerator * units * base, points.denominator
        case PerOrder(points=points):
            return (points.numerator * units if base else 0), points.denominator


def _factors(boosts: Boosts, weights: Sequence[int], places: Sequence[int]) -> list[tuple[int, int, int]]:
    """What multiplies the points once each boost has come in: its place, and the factor above and below the line.

    Lines that are boosted in different ways count by their part of the base.
    """
    base = 1
    extras = dict(boosts.extras[0])
    if boosts.group_of:
        base, extras = 0, {}
        for place in places:
            weight = weights[place]
            if weight > 0:
                base += weight
                for boost, extra in boosts.extras[boosts.group_of[place]]:
                    extras[boost] = extras.get(boost, 0) + weight * extra
    above = below = base * boosts.denominator
    factors = []
    for boost in sorted(extras):
        above += extras[boost]
        factors.append((boost, above, below))
    return factors


def _words(plan: Plan, rule: EarnRule, base: int) -> Phrase:
    match rule:
        case Cashback():
            percent = Percent(round_ratio(rule.percent.numerator * 100, rule.percent.denominator, Rounding.HALF_UP))
            return phrase("{percent} of {sum} in bonuses", percent=percent, sum=Money(base))
        case PerAmount():
            return phrase("{points} for each {sum}", points=_points(plan, rule), sum=Money(rule.per_minor))
        case PerUnit():
            return phrase("{points} for each piece", points=_points(plan, rule))
        case PerOrder():
            return phrase("{points} for the bill", points=_points(plan, rule))


def _points(plan: Plan, rule: PerAmount | PerUnit | PerOrder) -> Points:
    units = rule.points.numerator * plan.programme.units_per_point
    return Points(round_ratio(units, rule.points.denominator, plan.programme.rounding.points))
