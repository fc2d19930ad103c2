"""What a manager looks at before it goes on: signs that somebody at the till helps themselves. Facts in, hits out.

A limit of 0 turns its rule off. Times are in milliseconds, points in units.
"""

from dataclasses import dataclass
from typing import Literal

from terminal.rules.phrase import Phrase, Points, Refused, phrase

WatchRule = Literal[
    "staff-card", "often", "switched", "pairs", "after-correction", "clock", "reprints", "four-eyes", "refund"
]

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class WatchLimits:
    """How much of each passes without a manager; `staff_cards` are the cards of those who work in the shop."""

    staff_cards: frozenset[str] = frozenset()
    sales_a_day: int = 5
    switched_min: int = 30
    refunds: int = 3
    refunds_days: int = 30
    redeem_after_correction_min: int = 60
    clock_step_min: int = 5
    copies_of_a_slip: int = 2
    copies_an_hour: int = 10
    four_eyes_points: int = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that struck: what to read out, and the figure that the journal keeps.

    `second_person` asks for somebody else than who works at the till, `manager` for a manager.
    """

    rule: WatchRule
    words: Phrase
    figure: int = 0
    second_person: bool = False
    manager: bool = True


@dataclass(frozen=True, slots=True)
class Flagged(Refused):
    """A refusal that the right person's PIN lifts."""

    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """How far the machine's clock was moved, signed; `let_pass` when a manager allowed for that already."""

    moved_ms: int = 0
    let_pass: bool = False


@dataclass(frozen=True, slots=True)
class SaleFacts:
    """What is known of a sale that is about to be booked.

    `switched_ms` is how long ago a bill of the same sum, of another customer, was taken back after it was paid;
    `corrected_ms` how long ago this customer was given points by hand.
    """

    staff_card: bool = False
    sales_today: int = 0
    switched_ms: int | None = None
    redeem_points: int = 0
    corrected_ms: int | None = None
    clock: ClockFacts = ClockFacts()


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What is known of a refund that is about to be booked: this customer's other refunded bills lately."""

    staff_card: bool = False
    refunded_bills: int = 0
    by_cashier: bool = False
    clock: ClockFacts = ClockFacts()


@dataclass(frozen=True, slots=True)
class CorrectionFacts:
    """Points (units, signed) that are given, taken or moved by hand."""

    points: int
    units_per_point: int = 1
    staff_card: bool = False


@dataclass(frozen=True, slots=True)
class ReprintFacts:
    """Copies printed so far: of this slip, and of any slip within the last hour."""

    of_slip: int = 0
    last_hour: int = 0


def watch_sale(limits: WatchLimits, facts: SaleFacts) -> tuple[Hit, ...]:
    """Look at a sale before it is booked and its slip printed."""
    hits = _staff_card(facts.staff_card)
    if limits.sales_a_day and facts.sales_today >= limits.sales_a_day:
        words = phrase("This customer has bought here {times} times today already.", times=facts.sales_today)
        hits.append(Hit("often", words, facts.sales_today))
    if facts.switched_ms is not None and facts.switched_ms < limits.switched_min * _MINUTE_MS:
        minutes = facts.switched_ms // _MINUTE_MS
        words = phrase("A paid bill of this sum was taken back from another customer {n} min ago.", n=minutes)
        hits.append(Hit("switched", words, minutes))
    limit_ms = limits.redeem_after_correction_min * _MINUTE_MS
    if facts.redeem_points and facts.corrected_ms is not None and facts.corrected_ms < limit_ms:
        minutes = facts.corrected_ms // _MINUTE_MS
        words = phrase("This customer was given bonuses by hand {n} min ago and spends some now.", n=minutes)
        hits.append(Hit("after-correction", words, minutes))
    return (*hits, *_clock(limits, facts.clock))


def watch_refund(limits: WatchLimits, facts: RefundFacts) -> tuple[Hit, ...]:
    """Look at a refund before it is booked; a cashier's always needs a manager."""
    hits = _staff_card(facts.staff_card)
    if limits.refunds and facts.refunded_bills >= limits.refunds:
        words = phrase(
            "Bought and brought back: {bills} bills of this customer in {days} days.",
            bills=facts.refunded_bills,
            days=limits.refunds_days,
        )
        hits.append(Hit("pairs", words, facts.refunded_bills))
    hits += _clock(limits, facts.clock)
    if facts.by_cashier:
        hits.append(Hit("refund", phrase("A refund needs a manager.")))
    return tuple(hits)


def watch_correction(limits: WatchLimits, facts: CorrectionFacts) -> tuple[Hit, ...]:
    """Look at points given, taken or moved by hand."""
    hits = []
    if facts.staff_card and facts.points > 0:
        words = phrase("The card belongs to somebody who works here.")
        hits.append(Hit("staff-card", words, second_person=True, manager=False))
    limit = limits.four_eyes_points * facts.units_per_point
    if limit and abs(facts.points) > limit:
        words = phrase("More than {limit} by hand: a second person confirms it.", limit=Points(limit))
        hits.append(Hit("four-eyes", words, abs(facts.points), second_person=True, manager=False))
    return tuple(hits)


def watch_reprint(limits: WatchLimits, facts: ReprintFacts) -> tuple[Hit, ...]:
    """Look at a copy of a slip before it is printed."""
    if limits.copies_of_a_slip and facts.of_slip >= limits.copies_of_a_slip:
        words = phrase("This slip has {copies} copies already.", copies=facts.of_slip)
        return (Hit("reprints", words, facts.of_slip),)
    if limits.copies_an_hour and facts.last_hour >= limits.copies_an_hour:
        words = phrase("{copies} copies of slips were printed in the last hour.", copies=facts.last_hour)
        return (Hit("reprints", words, facts.last_hour),)
    return ()


def _staff_card(is_staff: bool) -> list[Hit]:
    return [Hit("staff-card", phrase("The card belongs to somebody who works here."))] if is_staff else []


def _clock(limits: WatchLimits, clock: ClockFacts) -> list[Hit]:
    limit_ms = limits.clock_step_min * _MINUTE_MS
    if not limit_ms or clock.let_pass or abs(clock.moved_ms) <= limit_ms:
        return []
    minutes = abs(clock.moved_ms) // _MINUTE_MS
    if clock.moved_ms < 0:
        words = phrase("This machine's clock is {n} min behind the last entry. Set it right.", n=minutes)
    else:
        words = phrase("This machine's clock was moved {n} min forward. Check it.", n=minutes)
    return [Hit("clock", words, clock.moved_ms // _MINUTE_MS)]
