"""Lots: usable from a day through a day, spent in the order in which they expire, never more than is held."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.rules.lots import Lot, Move, expired, expiring, pending, spend, spendable, spending_order, usable

TODAY = date(2026, 5, 4)
YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)


def lot(name: str, left: int, from_: date = TODAY, until: date | None = None, held: int | None = None) -> Lot:
    return Lot(name, left, left if held is None else held, from_, until)


@pytest.mark.parametrize(
    ("from_", "until", "is_usable", "is_expired"),
    [
        (TODAY, None, True, False),
        (TODAY, TODAY, True, False),
        (YESTERDAY, TODAY, True, False),
        (YESTERDAY, YESTERDAY, False, True),
        (TOMORROW, None, False, False),
        (TOMORROW, TOMORROW, False, False),
    ],
)
def test_both_days_are_included(from_: date, until: date | None, is_usable: bool, is_expired: bool) -> None:
    one = lot("a", 10, from_, until)
    assert (usable(one, TODAY), expired(one, TODAY)) == (is_usable, is_expired)
    assert spendable([one], TODAY) == (10 if is_usable else 0)


def test_the_one_that_expires_first_goes_first_then_the_older_then_by_name() -> None:
    lots = [
        lot("never", 1, YESTERDAY - timedelta(9)),
        lot("late", 1, YESTERDAY - timedelta(5), TODAY + timedelta(9)),
        lot("soon-b", 1, YESTERDAY, TODAY + timedelta(1)),
        lot("soon-c", 1, TODAY, TODAY + timedelta(1)),
        lot("soon-a", 1, YESTERDAY, TODAY + timedelta(1)),
    ]
    order = ["soon-a", "soon-b", "soon-c", "late", "never"]
    assert [one.id for one in sorted(lots, key=spending_order)] == order
    assert spend(lots, 5, TODAY) == tuple(Move(name, -1) for name in order)


@pytest.mark.parametrize(
    ("points", "moves"),
    [
        (0, []),
        (5, [("soon", -5)]),
        (10, [("soon", -10)]),
        (11, [("soon", -10), ("late", -1)]),
        (14, [("soon", -10), ("late", -4)]),
    ],
)
def test_spend_takes_no_more_than_wanted_or_held(points: int, moves: list[tuple[str, int]]) -> None:
    lots = [
        lot("late", 20, until=TODAY + timedelta(9), held=4),
        lot("soon", 10, until=TODAY),
        lot("gone", 10, YESTERDAY, YESTERDAY),
        lot("pending", 10, TOMORROW),
        lot("elsewhere", 10, held=0),
    ]
    assert spendable(lots, TODAY) == 14
    assert spend(lots, points, TODAY) == tuple(Move(*move) for move in moves)


def test_more_than_is_spendable_is_a_fault_of_the_caller() -> None:
    with pytest.raises(AssertionError, match="1 short"):
        spend([lot("a", 10)], 11, TODAY)


def test_a_debt_is_owed_before_anything_is_spent() -> None:
    lots = [lot("debt", -30), lot("a", 20), lot("b", 25)]
    assert spendable(lots, TODAY) == 15
    assert spendable([lot("debt", -30), lot("a", 20)], TODAY) == 0


def test_pending_and_expiring() -> None:
    lots = [
        lot("later", 5, TODAY + timedelta(3)),
        lot("sooner", 7, TOMORROW, TODAY + timedelta(30)),
        lot("last day", 2, YESTERDAY, TODAY),
        lot("in time", 3, YESTERDAY, TODAY + timedelta(31)),
        lot("gone", 9, YESTERDAY, YESTERDAY),
        lot("debt", -4, TOMORROW, TOMORROW),
    ]
    assert pending(lots, TODAY) == (12, TOMORROW)
    assert expiring(lots, TODAY, 30) == (9, TODAY)
    assert expiring(lots, TODAY, 0) == (2, TODAY)
    assert pending([], TODAY) == (0, None)
    assert expiring([lot("never", 5)], TODAY, 30) == (0, None)


DAYS = st.integers(-5, 5).map(lambda days: TODAY + timedelta(days))


@st.composite
def some_lots(draw: st.DrawFn) -> list[Lot]:
    return [
        Lot(f"lot-{number}", draw(st.integers(0, 50)), draw(st.integers(0, 50)), draw(DAYS), draw(st.none() | DAYS))
        for number in range(draw(st.integers(0, 8)))
    ]


@given(some_lots(), st.data())
def test_whatever_the_lots_spending_keeps_to_them(lots: list[Lot], data: st.DataObject) -> None:
    most = spendable(lots, TODAY)
    points = data.draw(st.integers(0, most))
    moves = spend(lots, points, TODAY)
    by_id = {one.id: one for one in lots}
    assert -sum(move.points for move in moves) == points
    assert len({move.lot_id for move in moves}) == len(moves)
    assert all(0 < -move.points <= min(by_id[move.lot_id].left, by_id[move.lot_id].held) for move in moves)
    assert all(usable(by_id[move.lot_id], TODAY) for move in moves)
    for move in moves:
        earlier = [
            one
            for one in lots
            if usable(one, TODAY)
            and spending_order(one) < spending_order(by_id[move.lot_id])
            and min(one.left, one.held)
        ]
        spent = {other.lot_id: -other.points for other in moves}
        assert all(spent.get(one.id) == min(one.left, one.held) for one in earlier), (
            "an earlier lot has points left"
        )
