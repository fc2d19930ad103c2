"""A quote: what will be taken off a bill and what it will earn, every step with its rule and its words."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from terminal.rules.adjustment import Adjustment
from terminal.rules.bill import Bill
from terminal.rules.earning import earn
from terminal.rules.lots import Lot, Move, spend, spendable
from terminal.rules.phrase import Money, Phrase, Points, Refused, phrase
from terminal.rules.programme import Programme
from terminal.rules.redeeming import redeem_limit, taken_off_lines, worth_minor
from terminal.rules.tiers import standing


@dataclass(frozen=True, slots=True)
class Account:
    """What a quote needs to know of a customer: the lots, and the spending to date in minor units."""

    customer_id: str
    lots: tuple[Lot, ...]
    spend_minor: int


@dataclass(frozen=True, slots=True)
class Earning:
    """Points of one lot to be, usable from and through days of the shop's calendar."""

    points: int
    available_from: date
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer for one bill. Money in minor units, points in the smallest part of a point.

    `moves` are the lots that the points come from: the ledger's own affair, and no part of what was shown.
    """

    customer_id: str
    programme_number: int
    on: date
    bill: Bill
    redeem_points: int
    taken_off_minor: int
    off_lines: tuple[int, ...]
    max_redeem_points: int
    max_taken_off_minor: int
    max_reason: Phrase | None
    earnings: tuple[Earning, ...]
    adjustments: tuple[Adjustment, ...]
    moves: tuple[Move, ...] = field(default=(), compare=False)

    @property
    def pay_minor(self) -> int:
        """What the customer pays in money."""
        return self.bill.total_minor - self.taken_off_minor

    @property
    def earned_points(self) -> int:
        """All that the bill earns, usable now or later."""
        return sum(earning.points for earning in self.earnings)


ALL = -1
"""Redeem as much as the bill takes."""


def quote_bill(programme: Programme, account: Account, bill: Bill, redeem: int, on: date) -> Quote | Refused:
    """Quote a bill for a customer who redeems `redeem` points (units; `ALL` for the most) on a day.

    The order is fixed: money for points first, then earning on what is left to pay.
    """
    limit = redeem_limit(programme, bill, spendable(account.lots, on))
    points = limit.points if redeem == ALL else redeem
    refused = _refuse(programme, points, limit.points, limit.reason)
    if refused is not None:
        return refused
    taken_off = worth_minor(programme, points) if points else 0
    if points and not taken_off:
        return Refused(phrase("So few bonuses are not worth a coin yet."), "redeem")
    off_lines = taken_off_lines(programme, bill, taken_off) if taken_off else [0] * len(bill.lines)
    adjustments: list[Adjustment] = []
    if points:
        words = phrase("{points} pay {sum}", points=Points(points), sum=Money(taken_off))
        adjustments.append(Adjustment("redeem", words, money_minor=taken_off, points=-points))
    tier = standing(programme, account.spend_minor).tier
    earnings: dict[int, int] = {}
    for rule in programme.earn:
        earned = earn(programme, rule, bill, off_lines, tier)
        earnings[earned.pending_days] = earnings.get(earned.pending_days, 0) + earned.points
        adjustments.extend(earned.adjustments)
    return Quote(
        customer_id=account.customer_id,
        programme_number=programme.number,
        on=on,
        bill=bill,
        redeem_points=points,
        taken_off_minor=taken_off,
        off_lines=tuple(off_lines),
        max_redeem_points=limit.points,
        max_taken_off_minor=worth_minor(programme, limit.points) if limit.points else 0,
        max_reason=limit.reason,
        earnings=tuple(
            lot_to_be(programme, earned_points, on + timedelta(days=days))
            for days, earned_points in sorted(earnings.items())
            if earned_points
        ),
        adjustments=tuple(adjustments),
        moves=spend(account.lots, points, on) if points else (),
    )


def lot_to_be(programme: Programme, points: int, available_from: date) -> Earning:
    """Return an earning whose expiry is counted from the day it becomes usable."""
    days = programme.expiry.after_days
    return Earning(points, available_from, available_from + timedelta(days=days) if days else None)


def _refuse(programme: Programme, points: int, most: int, reason: Phrase | None) -> Refused | None:
    if points < 0:
        return Refused(phrase("Type how many bonuses to take, 0 or more."), "redeem")
    if points > most:
        if most == 0 and reason is not None:
            return Refused(reason, "redeem")
        return Refused(phrase("At most {most} can be taken here.", most=Points(most)), "redeem")
    block = (programme.redeem.block if programme.redeem else None) or 1
    if points % block:
        return Refused(phrase("Bonuses are taken in steps of {block}.", block=Points(block)), "redeem")
    return None
