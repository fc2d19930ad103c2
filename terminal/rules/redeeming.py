"""Redeeming: how many points a bill can take, and which rule sets the limit."""

from dataclasses import dataclass

from terminal.rules.bill import Bill
from terminal.rules.money import round_ratio, split
from terminal.rules.phrase import Money, Percent, Phrase, Points, phrase
from terminal.rules.programme import Programme, Redeem


@dataclass(frozen=True, slots=True)
class Limit:
    """The most points (units) that a bill can take, and why not more (None: it is all the customer has)."""

    points: int
    reason: Phrase | None


def redeem_limit(programme: Programme, bill: Bill, spendable: int) -> Limit:
    """Find the most points that may be redeemed on a bill by a customer who may spend `spendable` units."""
    redeem = programme.redeem
    if redeem is None:
        return Limit(0, phrase("This programme gives no money for bonuses."))
    if bill.total_minor < redeem.minimum_bill:
        return Limit(0, phrase("Bonuses are taken from {minimum} on.", minimum=Money(redeem.minimum_bill)))
    free = spendable - redeem.keep_at_least
    limits = [
        (_share(programme, redeem, bill), _share_reason(redeem, bill)),
        (max(0, free), _kept(redeem)),
    ]
    points: int
    reason: Phrase | None
    points, reason = min(limits, key=lambda limit: limit[0])
    block = redeem.block or 1
    if points % block:
        points, reason = (
            points - points % block,
            phrase("Bonuses are taken in steps of {block}.", block=Points(block)),
        )
    if points and worth_minor(programme, points) == 0:
        points, reason = 0, phrase("So few bonuses are not worth a coin yet.")
    if spendable == 0:
        reason = phrase("The customer has no bonuses to spend yet.")
    elif points == spendable:
        reason = None
    return Limit(points, reason)


def worth_minor(programme: Programme, points: int) -> int:
    """Return what `points` units take off a bill, in minor units, by the programme's rounding of money."""
    worth = programme.minor_per_point
    return round_ratio(
        points * worth.numerator, worth.denominator * programme.units_per_point, programme.money_rounding
    )


def taken_off_lines(programme: Programme, bill: Bill, taken_off_minor: int) -> list[int]:
    """Spread the sum taken off over the lines that may be paid with points, in proportion to their price."""
    assert programme.redeem is not None
    return split(taken_off_minor, _payable(programme.redeem, bill))


def _payable(redeem: Redeem, bill: Bill) -> list[int]:
    excluded = redeem.excluded.categories if redeem.excluded else frozenset()
    return [0 if line.category in excluded else max(0, line.total_minor) for line in bill.lines]


def _share(programme: Programme, redeem: Redeem, bill: Bill) -> int:
    money = sum(_payable(redeem, bill)) * redeem.max_share_percent // 100
    # Points rounded down are worth at most `money`, a whole number, and so is their worth rounded in any way.
    worth = programme.minor_per_point
    return money * programme.units_per_point * worth.denominator // worth.numerator


def _share_reason(redeem: Redeem, bill: Bill) -> Phrase:
    if sum(_payable(redeem, bill)) < bill.total_minor:
        return phrase(
            "Bonuses pay up to {share} of the goods they may be used for.",
            share=Percent(int(redeem.max_share_percent * 100)),
        )
    if redeem.max_share_percent == 100:
        return phrase("Bonuses pay the whole bill.")
    return phrase("Bonuses pay up to {share} of a bill.", share=Percent(int(redeem.max_share_percent * 100)))


def _kept(redeem: Redeem) -> Phrase:
    return phrase("{points} stay on the account.", points=Points(redeem.keep_at_least))
