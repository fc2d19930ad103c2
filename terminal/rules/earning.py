"""Earning: a rule is one function here and one table of cases in the tests."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from terminal.rules.adjustment import Adjustment
from terminal.rules.bill import Bill
from terminal.rules.money import round_ratio, round_to_int
from terminal.rules.phrase import Factor, Money, Percent, Points, phrase
from terminal.rules.programme import Cashback, EarnRule, EarnTerms, PerAmount, Programme, Tier


@dataclass(frozen=True, slots=True)
class Earned:
    """Points (units) that one rule gives, the days until they are usable, and the lines that tell it."""

    points: int
    pending_days: int
    adjustments: tuple[Adjustment, ...]


def earn(programme: Programme, rule: EarnRule, bill: Bill, off_lines: list[int], tier: Tier | None) -> Earned:
    """Apply one earn rule to a bill of which `off_lines` (minor units a line) was paid with points."""
    if bill.total_minor < rule.minimum_bill:
        minimum = Money(rule.minimum_bill)
        return Earned(0, 0, (Adjustment("earn", phrase("Bonuses are given from {minimum} on.", minimum=minimum)),))
    base_minor = earning_base(rule, bill, off_lines)
    match rule:
        case PerAmount():
            exact = per_amount(rule, base_minor) * programme.units_per_point
            words = phrase(
                "{points} for each {sum}",
                points=Points(round_to_int(rule.points * programme.units_per_point, programme.points_rounding)),
                sum=Money(rule.per_minor),
            )
        case Cashback():
            exact = cashback(rule, base_minor) / worth_of_unit(programme)
            words = phrase(
                "{percent} of {sum} in bonuses",
                percent=Percent(round_to_int(rule.percent * 100, programme.points_rounding)),
                sum=Money(base_minor),
            )
    plain = round_to_int(exact, programme.points_rounding)
    lines = [Adjustment("earn", words, points=plain)]
    whole = plain
    if tier is not None and tier.multiplier != 1:
        factor = tier.multiplier
        whole = round_ratio(
            exact.numerator * factor.numerator, exact.denominator * factor.denominator, programme.points_rounding
        )
        words = phrase(
            "Tier “{tier}”: × {multiplier}", tier=tier.name, multiplier=Factor(decimal_text(tier.multiplier))
        )
        lines.append(Adjustment("tier", words, points=whole - plain))
    return Earned(whole, rule.pending_days, tuple(lines))


def per_amount(rule: PerAmount, base_minor: int) -> Fraction:
    """Points for a base: `points` for each full `per_minor`; without whole steps, in proportion."""
    steps = Fraction(base_minor, rule.per_minor)
    return rule.points * (steps.numerator // steps.denominator if rule.whole_steps else steps)


def cashback(rule: Cashback, base_minor: int) -> Fraction:
    """Money in minor units that the percent gives."""
    return Fraction(base_minor * rule.percent.numerator, 100 * rule.percent.denominator)


def earning_base(terms: EarnTerms, bill: Bill, off_lines: list[int]) -> int:
    """The part of the bill that earns, in minor units: without excluded categories and what points paid."""
    excluded = terms.excluded.categories if terms.excluded else frozenset()
    base = 0
    for line, off in zip(bill.lines, off_lines, strict=True):
        if line.category not in excluded:
            base += line.total_minor - (0 if terms.on_part_paid_by_points else off)
    return max(0, base)


def worth_of_unit(programme: Programme) -> Fraction:
    """What the smallest part of a point is worth, in minor units, exactly."""
    worth = programme.minor_per_point
    return Fraction(worth.numerator, worth.denominator * programme.units_per_point)


def decimal_text(value: Fraction) -> str:
    """Return an exact short decimal such as 1.5 (multipliers come from decimals, so it always ends)."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{exact.normalize():f}"
