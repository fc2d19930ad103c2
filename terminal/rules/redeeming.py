"""Redeeming: how many points a bill can take, and which rule sets the limit."""

from dataclasses import dataclass

from terminal.rules.facts import Facts
from terminal.rules.money import Rounding, round_ratio
from terminal.rules.phrase import Money, Percent, Phrase, Points, phrase
from terminal.rules.plan import Plan, plan_of
from terminal.rules.programme import Programme, Redeem
from terminal.rules.reckoning import Part, Reckoning

NOTHING_TO_SPEND = phrase("The customer has no bonuses to spend yet.")
"""What is said to who wants to spend and has nothing."""

NO_COIN = phrase("So few bonuses are not worth a coin yet.")
"""What is said where points would take off nothing."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The most points (units) that a bill can take, and why not more (None: it is all the customer has)."""

    points: int
    reason: Phrase | None


def redeem_limit(plan: Plan, facts: Facts, reckoning: Reckoning, spendable: int) -> Limit:
    """Find the most points that may be redeemed on what is left of a bill by who may spend `spendable` units."""
    redeem = plan.programme.redeem
    if redeem is None:
        return Limit(0, phrase("This programme gives no money for bonuses."))
    if redeem.channels and facts.moment.channel not in redeem.channels:
        return Limit(0, phrase("Bonuses don't pay bills that are made here."))
    if facts.total_minor < redeem.minimum_bill:
        return Limit(0, phrase("Bonuses are taken from {minimum} on.", minimum=Money(redeem.minimum_bill)))
    payable = _payable(plan, facts, reckoning)
    share = payable * redeem.max_share_percent.numerator // (100 * redeem.max_share_percent.denominator)
    worth, parts = plan.unit_worth
    # Points rounded down are worth at most the share, a whole number, and so is their worth rounded in any way.
    most = share * parts // worth
    free = max(0, spendable - redeem.keep_at_least)
    points = min(most, free)
    block = redeem.block or 1
    whole = points - points % block
    if whole and worth_of(plan, whole) == 0:
        return Limit(0, NO_COIN)
    if spendable == 0:
        return Limit(0, NOTHING_TO_SPEND)
    if whole == spendable:
        return Limit(whole, None)
    if whole < points:
        return Limit(whole, phrase("Bonuses are taken in steps of {block}.", block=Points(block)))
    if free < most:
        return Limit(whole, phrase("{points} stay on the account.", points=Points(redeem.keep_at_least)))
    return Limit(whole, _share_reason(redeem, payable < reckoning.left_minor))


def worth_minor(programme: Programme, points: int) -> int:
    """Return what `points` units take off a bill, in minor units, by the programme's rounding of money."""
    return worth_of(plan_of(programme), points)


def worth_of(plan: Plan, points: int) -> int:
    """Return the same of a programme that was made ready."""
    return _worth(points, *plan.unit_worth, plan.programme.rounding.money)


def _worth(points: int, worth: int, parts: int, rounding: Rounding) -> int:
    return round_ratio(points * worth, parts, rounding)


def taken_off(plan: Plan, facts: Facts, reckoning: Reckoning, minor: int) -> list[Part]:
    """Spread the sum taken off over the lines that points may pay, in proportion to what is left of them."""
    assert plan.payable is not None
    return reckoning.spread(minor, facts.shelf.places(plan.payable))


def _payable(plan: Plan, facts: Facts, reckoning: Reckoning) -> int:
    assert plan.payable is not None
    return min(reckoning.payable(facts.shelf.places(plan.payable)), reckoning.left_minor)


def _share_reason(redeem: Redeem, not_everything: bool) -> Phrase:
    share = Percent(
        round_ratio(redeem.max_share_percent.numerator * 100, redeem.max_share_percent.denominator, Rounding.DOWN)
    )
    if not_everything:
        return phrase("Bonuses pay up to {share} of the goods they may be used for.", share=share)
    if redeem.max_share_percent == 100:
        return phrase("Bonuses pay the whole bill.")
    return phrase("Bonuses pay up to {share} of a bill.", share=share)
