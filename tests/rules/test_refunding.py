"""Refunds add up: parts come to the whole, and the whole returns the start."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from terminal.rules.document import read_programme
from terminal.rules.lots import Lot, Move
from terminal.rules.phrase import Refused
from terminal.rules.programme import RefundTerms, WhenSpent
from terminal.rules.refunding import EarnedLot, Refund, RefundedBefore, Sold, SoldLine, refund_sale, sold_lines
from tests.shop import PROGRAMME

ON = date(2026, 5, 4)
PLAIN = read_programme(PROGRAMME)
YEAR = timedelta(days=365)


def _refund(sold: Sold, lots: tuple[Lot, ...], line_minor: tuple[int, ...], before: RefundedBefore | None = None,
            when_spent: WhenSpent = WhenSpent.BELOW_ZERO) -> Refund | Refused:  # fmt: skip
    programme = structs.replace(PLAIN, refund=RefundTerms(when_spent=when_spent, grace_days=30))
    return refund_sale(programme, sold, before or RefundedBefore((0,) * len(sold.lines)), line_minor, lots, ON)


def _lot(name: str, left: int, expires: date | None = ON + YEAR) -> Lot:
    return Lot(name, left, left, ON, expires)


def test_half_a_bill_claws_back_half_of_what_it_earned() -> None:
    # Odoo, pos_loyalty: test_refund_prorates_earned_points
    sold = Sold((SoldLine("pen", 10_000, 0),), (), (EarnedLot("new", 100, 0),))
    back = _refund(sold, (_lot("new", 100),), (5_000,))
    assert isinstance(back, Refund)
    assert (back.back_minor, back.clawed, back.returned) == (5_000, (Move("new", -50),), ())


def test_half_a_bill_returns_half_of_what_was_spent() -> None:
    # Odoo, pos_loyalty: test_refund_prorates_earned_and_spent
    sold = Sold((SoldLine("pen", 10_000, 1_000),), (Move("old", -150),), (EarnedLot("new", 70, 0),))
    back = _refund(sold, (_lot("old", 50), _lot("new", 70)), (5_000,))
    assert isinstance(back, Refund)
    assert (back.back_minor, back.clawed, back.returned) == (4_500, (Move("new", -35),), (Move("old", 75),))


def test_more_than_was_sold_is_refused() -> None:
    sold = Sold((SoldLine("pen", 10_000, 0),), (), ())
    assert isinstance(_refund(sold, (), (10_001,)), Refused)
    assert isinstance(_refund(sold, (), (6_000,), RefundedBefore((5_000,))), Refused)
    assert isinstance(_refund(sold, (), (0,)), Refused)


def test_points_that_were_spent_are_owed_cut_or_refused() -> None:
    sold = Sold((SoldLine("pen", 10_000, 0),), (), (EarnedLot("new", 100, 0),))
    spent_since = (_lot("new", 0), _lot("other", 30))
    owed = _refund(sold, spent_since, (10_000,))
    assert isinstance(owed, Refund)
    assert {move.lot_id: move.points for move in owed.clawed} == {"other": -30, "new": -70}
    assert owed.owed_points == 70
    cut = _refund(sold, spent_since, (10_000,), when_spent=WhenSpent.CUT)
    assert isinstance(cut, Refund)
    assert (cut.back_minor, cut.cut_minor, cut.clawed) == (3_000, 7_000, (Move("other", -30),))
    assert isinstance(_refund(sold, spent_since, (10_000,), when_spent=WhenSpent.REFUSE), Refused)


def test_what_a_bill_spent_of_its_own_earning_is_asked_of_nobody_else() -> None:
    sold = Sold((SoldLine("pen", 10_000, 400),), (Move("new", -4),), (EarnedLot("new", 10, 0),))
    for policy in WhenSpent:
        back = _refund(sold, (_lot("new", 6),), (10_000,), when_spent=policy)
        assert isinstance(back, Refund)
        assert (back.back_minor, back.returned, back.clawed) == (9_600, (Move("new", 4),), (Move("new", -10),))


def test_what_another_till_holds_is_owed_and_never_cut_from_the_money() -> None:
    sold = Sold((SoldLine("pen", 10_000, 0),), (), (EarnedLot("new", 100, 0),))
    leased = (Lot("new", 100, 40, ON, ON + YEAR),)
    for policy in WhenSpent:
        back = _refund(sold, leased, (10_000,), when_spent=policy)
        assert isinstance(back, Refund)
        assert (back.back_minor, back.cut_minor, back.owed_points) == (10_000, 0, 60)
        assert back.clawed == (Move("new", -100),)


def test_a_debt_stands_in_a_lot_of_its_own_where_the_sales_lot_is_not_known() -> None:
    sold = Sold((SoldLine("pen", 10_000, 0),), (), (EarnedLot("at another till", 100, 0),))
    back = _refund(sold, (_lot("other", 30),), (10_000,))
    assert isinstance(back, Refund)
    assert (back.clawed, back.debt_points, back.taken_points) == ((Move("other", -30),), 70, 100)


STAMPED = Sold(
    (SoldLine("coffee", 12_000, 0), SoldLine("cake", 6_000, 0), SoldLine("coffee", 8_000, 0)),
    (),
    (),
    (("use", "may", 1), ("stamp", "coffee", 5), ("stamp", "visit", 1), ("stamp", "full", -3)),
    (("coffee", ((0, 3), (2, 2))), ("full", ((1, 1),))),
)
"""Three coffees and two; a code was used; the visit was stamped; a card of five was full and got two more."""


@pytest.mark.parametrize(
    ("before", "line_minor", "marks"),
    [
        ((0, 0, 0), (4_000, 0, 0), [("stamp", "coffee", -1)]),
        ((0, 0, 0), (3_999, 0, 0), []),
        ((3_999, 0, 0), (1, 0, 0), [("stamp", "coffee", -1)]),
        ((0, 0, 0), (12_000, 0, 4_000), [("stamp", "coffee", -4)]),
        ((0, 0, 0), (0, 6_000, 0), [("stamp", "full", -1)]),
        ((0, 0, 0), (12_000, 6_000, 8_000),
         [("use", "may", -1), ("stamp", "coffee", -5), ("stamp", "visit", -1), ("stamp", "full", 3)]),
        ((12_000, 6_000, 0), (0, 0, 8_000),
         [("use", "may", -1), ("stamp", "coffee", -2), ("stamp", "visit", -1), ("stamp", "full", 4)]),
    ],
)  # fmt: skip
def test_a_stamp_goes_with_its_piece_and_the_rest_with_the_whole_bill(
    before: tuple[int, ...], line_minor: tuple[int, ...], marks: list[tuple[str, str, int]]
) -> None:
    back = _refund(STAMPED, (), line_minor, RefundedBefore(before))
    assert isinstance(back, Refund)
    assert list(back.marks) == marks


def test_a_bill_that_filled_and_used_a_card_gives_back_what_it_stamped_until_it_is_whole() -> None:
    six = Sold((SoldLine("coffee", 20_000, 0),), (), (), (), (("coffee", ((0, 5),)),))
    part = _refund(six, (), (8_000,))
    rest = _refund(six, (), (12_000,), RefundedBefore((8_000,)))
    assert isinstance(part, Refund)
    assert isinstance(rest, Refund)
    assert (part.marks, rest.marks) == ((("stamp", "coffee", -2),), (("stamp", "coffee", 2),))


@given(st.lists(st.tuples(st.integers(0, 12_000), st.integers(0, 6_000), st.integers(0, 8_000)), max_size=6))
def test_stamps_in_parts_come_to_the_whole(parts: list[tuple[int, int, int]]) -> None:
    before: tuple[int, ...] = (0, 0, 0)
    counted = {(kind, code): count for kind, code, count in STAMPED.marks}
    whole = tuple(line.total_minor for line in STAMPED.lines)
    for part in [*parts, whole]:
        left = tuple(min(new, line - old) for new, line, old in zip(part, whole, before, strict=True))
        if not sum(left):
            continue
        back = _refund(STAMPED, (), left, RefundedBefore(before))
        assert isinstance(back, Refund)
        for kind, code, count in back.marks:
            counted[kind, code] += count
        before = tuple(old + new for old, new in zip(before, left, strict=True))
    assert before == whole
    assert set(counted.values()) == {0}


LINES = [
    ([("pen", 100, 0, 0)], [(100, 0)]),
    ([("pen", 100, 40, 0)], [(100, 40)]),
    ([("pen", 100, 40, 30)], [(70, 10)]),
    ([("pen", 100, 100, 100), ("ink", 50, 0, 0)], [(0, 0), (50, 0)]),
    ([("pen", 100, 0, 0), ("ink", 300, 0, 0), ("voucher", -40, 0, 0)], [(90, 0), (270, 0), (0, 0)]),
    ([("pen", 100, 20, 0), ("ink", 100, 0, 0), ("voucher", -170, 0, 0)], [(15, 15), (15, 5), (0, 0)]),
    ([("pen", 100, 0, 0), ("voucher", -120, 0, 0)], [(0, 0), (0, 0)]),
    ([("voucher", -120, 0, 0)], [(0, 0)]),
]


@pytest.mark.parametrize(("told", "sold"), LINES)
def test_a_line_was_sold_for_what_discounts_left(
    told: list[tuple[str, int, int, int]], sold: list[tuple[int, int]]
) -> None:
    assert [(line.total_minor, line.off_minor) for line in sold_lines(told)] == sold


def test_points_that_expired_unspent_are_asked_of_nobody() -> None:
    sold = Sold((SoldLine("pen", 10_000, 0),), (), (EarnedLot("new", 100, 100),))
    back = _refund(sold, (_lot("other", 500),), (10_000,))
    assert isinstance(back, Refund)
    assert back.clawed == ()


def test_points_return_into_a_grace_lot_when_theirs_has_expired() -> None:
    sold = Sold((SoldLine("pen", 10_000, 4_000),), (Move("gone", -10), Move("old", -30)), ())
    back = _refund(sold, (_lot("gone", 0, ON - timedelta(days=1)), _lot("old", 0)), (10_000,))
    assert isinstance(back, Refund)
    assert (back.returned, back.revived_points, back.revived_until) == (
        (Move("old", 30),),
        10,
        ON + timedelta(days=30),
    )


@given(
    prices=st.lists(st.integers(1, 5_000), min_size=1, max_size=4),
    data=st.data(),
    spent=st.lists(st.integers(1, 400), max_size=3),
    earned=st.integers(0, 500),
)
def test_parts_in_any_sequence_come_to_the_whole(
    prices: list[int], data: st.DataObject, spent: list[int], earned: int
) -> None:
    offs = [data.draw(st.integers(0, price)) for price in prices]
    sold = Sold(
        tuple(SoldLine("", price, off) for price, off in zip(prices, offs, strict=True)),
        tuple(Move(f"s{number}", -points) for number, points in enumerate(spent)),
        (EarnedLot("new", earned, 0),) if earned else (),
    )
    if not sum(offs):
        sold = replace(sold, spent=())
    lots = {"new": earned, **{move.lot_id: 0 for move in sold.spent}}
    before = RefundedBefore((0,) * len(prices))
    back = 0
    while any(price > old for price, old in zip(prices, before.line_minor, strict=True)):
        part = tuple(
            data.draw(st.integers(0, price - old)) for price, old in zip(prices, before.line_minor, strict=True)
        )
        if not sum(part):
            part = tuple(price - old for price, old in zip(prices, before.line_minor, strict=True))
        given_back = _refund(sold, tuple(_lot(name, left) for name, left in lots.items()), part, before)
        assert isinstance(given_back, Refund)
        for move in (*given_back.clawed, *given_back.returned):
            lots[move.lot_id] += move.points
        assert all(left >= 0 for left in lots.values())
        back += given_back.back_minor
        before = RefundedBefore(
            tuple(old + new for old, new in zip(before.line_minor, part, strict=True)),
            before.clawed_points + given_back.clawed_points,
            before.returned_points + given_back.returned_points,
        )
    assert back == sum(prices) - sum(offs)
    assert lots == {"new": 0, **{move.lot_id: -move.points for move in sold.spent}}
