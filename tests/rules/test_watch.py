"""What a manager has to let pass: one table of cases a rule, and each rule off at 0."""

from dataclasses import replace

import pytest

from terminal.rules.phrase import Refused
from terminal.rules.watch import (
    ClockFacts,
    CorrectionFacts,
    Flagged,
    RefundFacts,
    ReprintFacts,
    SaleFacts,
    WatchLimits,
    watch_correction,
    watch_refund,
    watch_reprint,
    watch_sale,
)

LIMITS = WatchLimits()
OFF = WatchLimits(frozenset(), 0, 0, 0, 0, 0, 0, 0, 0, 0)
MINUTE = 60_000

SALES = [
    (SaleFacts(), ()),
    (SaleFacts(staff_card=True), ("staff-card",)),
    (SaleFacts(sales_today=4), ()),
    (SaleFacts(sales_today=5), ("often",)),
    (SaleFacts(switched_ms=30 * MINUTE), ()),
    (SaleFacts(switched_ms=30 * MINUTE - 1), ("switched",)),
    (SaleFacts(corrected_ms=0), ()),
    (SaleFacts(redeem_points=1), ()),
    (SaleFacts(redeem_points=1, corrected_ms=60 * MINUTE), ()),
    (SaleFacts(redeem_points=1, corrected_ms=60 * MINUTE - 1), ("after-correction",)),
    (SaleFacts(clock=ClockFacts(-5 * MINUTE)), ()),
    (SaleFacts(clock=ClockFacts(-5 * MINUTE - 1)), ("clock",)),
    (SaleFacts(clock=ClockFacts(5 * MINUTE + 1)), ("clock",)),
    (SaleFacts(clock=ClockFacts(-90 * MINUTE, let_pass=True)), ()),
    (
        SaleFacts(True, 9, 0, 5, 0, ClockFacts(-9 * MINUTE)),
        ("staff-card", "often", "switched", "after-correction", "clock"),
    ),
]


@pytest.mark.parametrize(("facts", "rules"), SALES)
def test_a_sale(facts: SaleFacts, rules: tuple[str, ...]) -> None:
    hits = watch_sale(LIMITS, facts)
    assert tuple(hit.rule for hit in hits) == rules
    assert all(hit.manager and not hit.second_person for hit in hits)
    assert not watch_sale(OFF, replace(facts, staff_card=False))


REFUNDS = [
    (RefundFacts(), ()),
    (RefundFacts(refunded_bills=2), ()),
    (RefundFacts(refunded_bills=3), ("pairs",)),
    (RefundFacts(by_cashier=True), ("refund",)),
    (RefundFacts(True, 3, True, ClockFacts(6 * MINUTE)), ("staff-card", "pairs", "clock", "refund")),
]


@pytest.mark.parametrize(("facts", "rules"), REFUNDS)
def test_a_refund(facts: RefundFacts, rules: tuple[str, ...]) -> None:
    assert tuple(hit.rule for hit in watch_refund(LIMITS, facts)) == rules
    assert not watch_refund(OFF, replace(facts, staff_card=False, by_cashier=False))


CORRECTIONS = [
    (CorrectionFacts(500), ()),
    (CorrectionFacts(501), ("four-eyes",)),
    (CorrectionFacts(-501), ("four-eyes",)),
    (CorrectionFacts(50_000, 100), ()),
    (CorrectionFacts(50_001, 100), ("four-eyes",)),
    (CorrectionFacts(1, staff_card=True), ("staff-card",)),
    (CorrectionFacts(-1, staff_card=True), ()),
]


@pytest.mark.parametrize(("facts", "rules"), CORRECTIONS)
def test_a_correction(facts: CorrectionFacts, rules: tuple[str, ...]) -> None:
    hits = watch_correction(LIMITS, facts)
    assert tuple(hit.rule for hit in hits) == rules
    assert all(hit.second_person for hit in hits)
    assert not watch_correction(OFF, replace(facts, staff_card=False))


REPRINTS = [
    (ReprintFacts(1, 9), ()),
    (ReprintFacts(2, 2), ("reprints",)),
    (ReprintFacts(0, 10), ("reprints",)),
]


@pytest.mark.parametrize(("facts", "rules"), REPRINTS)
def test_a_copy(facts: ReprintFacts, rules: tuple[str, ...]) -> None:
    assert tuple(hit.rule for hit in watch_reprint(LIMITS, facts)) == rules
    assert not watch_reprint(OFF, facts)


def test_what_is_flagged_is_refused_to_whoever_does_not_ask_further() -> None:
    hits = watch_sale(LIMITS, SaleFacts(staff_card=True))
    flagged = Flagged(hits[0].words, hits=hits)
    assert isinstance(flagged, Refused)
    assert flagged.field == ""
