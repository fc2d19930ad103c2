"""The arithmetic below the figures, by cases and by properties."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.rules.reporting import (
    OfferFigures,
    OfferGroup,
    OpenPoints,
    Period,
    by_age,
    by_expiry,
    decimal_mean,
    last_months,
    mean,
    month_after,
    months,
    next_month,
    share,
)
from terminal.screens.report_text import scale

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_a_share_is_rounded_half_up_once(part: int, whole: int) -> None:
    found = share(part, whole)
    assert found is not None
    assert abs(Fraction(part * 10_000, whole) - found) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("total", "count", "expected"),
    [(5, 2, "2.50"), (2, 3, "0.67"), (-5, 2, "-2.50"), (1, 200, "0.01"), (0, 7, "0.00")],
)
def test_a_mean_as_a_decimal(total: int, count: int, expected: str) -> None:
    assert decimal_mean(total, count) == expected


def test_of_nothing_there_is_no_share() -> None:
    assert (share(0, 0), mean(5, 0), decimal_mean(5, 0)) == (None, None, None)


@given(DAYS, st.integers(0, 900))
def test_the_months_of_a_period_follow_each_other_and_hold_every_day(first: date, length: int) -> None:
    period = Period(first, first + timedelta(days=length))
    found = list(months(period))
    assert found[0] <= period.first
    assert found[-1] <= period.last < next_month(found[-1])
    assert all(next_month(before) == after for before, after in pairwise(found))
    assert period.before().days == period.days
    assert period.before().last + timedelta(days=1) == period.first


@given(DAYS)
def test_twelve_months_end_today_and_the_next_month_follows(day: date) -> None:
    period = last_months(day, 12)
    assert len(list(months(period))) == 12
    assert period.last == day
    after = month_after(day)
    assert after.first.day == 1
    assert (after.first - timedelta(days=1)).month == day.month
    assert (after.last + timedelta(days=1)).day == 1


@given(
    st.lists(st.tuples(st.integers(-400, 800), st.none() | st.integers(0, 900), st.integers(1, 10**9)), max_size=20)
)
def test_bands_hold_every_point_once(lots: list[tuple[int, int | None, int]]) -> None:
    on = date(2026, 5, 4)
    found = [
        OpenPoints(on - timedelta(days=age), None if left is None else on + timedelta(days=left), points)
        for age, left, points in lots
    ]
    for bands in (by_age(found, on), by_expiry(found, on)):
        assert len(bands) == 6
        assert sum(band.points for band in bands) == sum(points for _, _, points in lots)
    assert by_age(found, on)[0].points == sum(points for age, _, points in lots if age < 0)
    assert by_expiry(found, on)[-1].points == sum(points for _, left, points in lots if left is None)


@pytest.mark.parametrize(("age", "band"), [(-1, 0), (0, 1), (30, 1), (31, 2), (90, 2), (91, 3), (365, 4), (366, 5)])
def test_the_edges_of_the_bands(age: int, band: int) -> None:
    on = date(2026, 5, 4)
    found = by_age([OpenPoints(on - timedelta(days=age), None, 1)], on)
    assert [one.points for one in found].index(1) == band


def test_what_an_offer_brought_and_its_return() -> None:
    # 10 customers with it paid 500 more than before, 40 without it 800 more: 200 of the 500 would have come anyway.
    offer = OfferFigures(
        "x",
        "X",
        Period(date(2026, 5, 1), date(2026, 5, 31)),
        OfferGroup(10, 8, 12, 1500, 1000),
        OfferGroup(40, 9, 20, 2800, 2000),
    )
    assert offer.extra_minor == 300
    assert offer.return_bp(200) == 5000
    assert offer.return_bp(600) == -5000
    alone = OfferFigures("x", "X", offer.period, offer.having, OfferGroup(0, 0, 0, 0, 0))
    assert (alone.extra_minor, alone.return_bp(200)) == (None, None)


@given(st.integers(0, 10**12))
def test_the_steps_of_a_chart_are_round_and_reach_its_top(most: int) -> None:
    steps = scale(most)
    assert steps[0] == 0
    assert steps[-1] >= most
    assert 2 <= len(steps) <= 6
    assert {after - before for before, after in pairwise(steps)} == {steps[1]}
    assert str(steps[1]).rstrip("0") in ("1", "2", "5")
    assert steps[-2] < max(most, 1)
