"""Expiry: the last day of an earning by every key, and the end that inactivity brings."""

from datetime import date

import pytest

from terminal.rules.expiry import expires_on, living
from terminal.rules.lots import Lot
from terminal.rules.programme import Expiry


@pytest.mark.parametrize(
    ("expiry", "from_", "last"),
    [
        (Expiry(), date(2026, 5, 4), None),
        (Expiry(after_days=90), date(2026, 5, 4), date(2026, 8, 2)),
        (Expiry(after_months=1), date(2026, 1, 31), date(2026, 2, 28)),
        (Expiry(after_months=1), date(2028, 1, 31), date(2028, 2, 29)),
        (Expiry(after_months=12), date(2028, 2, 29), date(2029, 2, 28)),
        (Expiry(after_months=10), date(2026, 5, 4), date(2027, 3, 4)),
        (Expiry(end_of="month"), date(2026, 2, 4), date(2026, 2, 28)),
        (Expiry(end_of="year"), date(2026, 2, 4), date(2026, 12, 31)),
        (Expiry(after_days=30, end_of="month"), date(2026, 5, 4), date(2026, 6, 30)),
        (Expiry(after_months=12, end_of="year"), date(2026, 5, 4), date(2027, 12, 31)),
        (Expiry(after_days=30, after_months=1), date(2026, 5, 4), date(2026, 6, 3)),
        (Expiry(after_days=36_500), date(9999, 1, 1), date.max),
        (Expiry(after_months=600), date(9990, 1, 1), date.max),
        (Expiry(inactive_days=30), date(2026, 5, 4), None),
    ],
)
def test_the_last_day(expiry: Expiry, from_: date, last: date | None) -> None:
    assert expires_on(expiry, from_) == last


@pytest.mark.parametrize(
    ("bought", "available", "own_end", "end"),
    [
        (date(2026, 4, 1), date(2026, 1, 1), None, date(2026, 5, 1)),
        (date(2026, 4, 1), date(2026, 1, 1), date(2026, 4, 20), date(2026, 4, 20)),
        (date(2026, 4, 1), date(2026, 4, 10), None, date(2026, 5, 10)),
        (None, date(2026, 4, 10), date(2027, 1, 1), date(2026, 5, 10)),
    ],
)
def test_who_stays_away(bought: date | None, available: date, own_end: date | None, end: date) -> None:
    lot = Lot("l", 5, 5, available, own_end)
    assert [one.expires_on for one in living(Expiry(inactive_days=30), [lot], bought)] == [end]
    assert living(Expiry(), [lot], bought) == (lot,)
