"""What two sides did to one order: the table of cases, and that the answer settles itself."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from terminal.rules.order import OrderConflict, OrderLine, OrderRecord, OrderState
from terminal.rules.order_conflicts import OrderHistory, ReturnBooked, settle_order
from terminal.rules.order_rewards import RewardBooked

AGREED = OrderRecord(
    sale_id="s-1",
    programme=1,
    lines=(OrderLine("Sofa", 80_00, off_minor=16_00), OrderLine("Lamp", 20_00, off_minor=4_00)),
    taken_off_minor=20_00,
    redeemed=20,
    spent=(("lot", -20),),
    earns=((8, 0),),
    marks=(("use", "may", 1),),
)
WHOLE = ReturnBooked((80_00, 20_00), 80_00, 8, 20, (("use", "may", -1),))
LAMP = ReturnBooked((0, 20_00), 16_00, 1, 4)
REST = ReturnBooked((80_00, 0), 64_00, 7, 16, (("use", "may", -1),))


def history(*states: OrderState, **more: object) -> OrderHistory:
    return replace(OrderHistory(AGREED, frozenset(states)), **more)  # type: ignore[arg-type]


PAID_ONCE = history("placed", "paid", paid_at=("till-1",))
PAID_TWICE = replace(PAID_ONCE, paid_at=("till-1", "site"))

CASES: list[tuple[str, OrderHistory, OrderState, tuple[OrderConflict, ...], int, int]] = [
    ("waits", history("placed"), "placed", (), 0, 0),
    ("is paid", PAID_ONCE, "paid", (), 0, 0),
    ("is cancelled", history("placed", "cancelled", cancels=1), "cancelled", (), 0, 0),
    ("is returned", replace(PAID_ONCE, returns=(WHOLE,)), "returned", (), 0, 0),
    ("is returned in parts", replace(PAID_ONCE, returns=(LAMP, REST)), "returned", (), 0, 0),
    ("is returned in part", replace(PAID_ONCE, returns=(LAMP,)), "paid", (), 0, 0),
    (
        "was paid twice: the second money goes back, what it earned goes",
        PAID_TWICE,
        "paid",
        ("paid-twice",),
        80_00,
        -8,
    ),
    (
        "was paid three times",
        replace(PAID_ONCE, paid_at=("till-1", "till-2", "site")),
        "paid",
        ("paid-twice",),
        160_00,
        -16,
    ),
    (
        "was paid though it was cancelled: it is paid, and its points are taken again",
        replace(PAID_ONCE, cancels=1),
        "paid",
        ("paid-though-cancelled",),
        0,
        -20,
    ),
    (
        "was paid and returned though it was cancelled: what went back twice is taken",
        replace(PAID_ONCE, cancels=1, returns=(WHOLE,)),
        "returned",
        ("paid-though-cancelled",),
        0,
        -20,
    ),
    (
        "was cancelled twice: the points went back twice",
        history("placed", "cancelled", cancels=2),
        "cancelled",
        ("cancelled-twice",),
        0,
        -20,
    ),
    (
        "was returned twice: money and points went back twice, and the earned were taken twice",
        replace(PAID_ONCE, returns=(WHOLE, WHOLE)),
        "returned",
        ("returned-twice",),
        -80_00,
        -12,
    ),
    (
        "had one line returned twice",
        replace(PAID_ONCE, returns=(LAMP, LAMP)),
        "paid",
        ("returned-twice",),
        -16_00,
        -3,
    ),
    (
        "was paid twice and both payments went back: nobody owes anything but the points",
        replace(PAID_TWICE, returns=(WHOLE, WHOLE)),
        "returned",
        ("paid-twice", "returned-twice"),
        0,
        -20,
    ),
    (
        "was paid twice and returned once: the second money is owed still",
        replace(PAID_TWICE, returns=(WHOLE,)),
        "returned",
        ("paid-twice",),
        80_00,
        -8,
    ),
    (
        "was issued twice",
        replace(PAID_TWICE, states=frozenset[OrderState]({"issued"}), issued_at=frozenset({"till-1", "till-2"})),
        "issued",
        ("paid-twice", "issued-twice"),
        80_00,
        -8,
    ),
    (
        "was paid twice, and a manager gave the second money back",
        replace(PAID_TWICE, given=(("till-1", 80_00),)),
        "paid",
        ("paid-twice",),
        0,
        -8,
    ),
    (
        "was given back at two tills: that is too much again",
        replace(PAID_TWICE, given=(("till-1", 80_00), ("till-2", 80_00))),
        "paid",
        ("paid-twice",),
        -80_00,
        -8,
    ),
    (
        "was paid twice and is settled",
        replace(PAID_TWICE, settled_points=-8, settled_marks=(("use", "may", -1),)),
        "paid",
        ("paid-twice",),
        80_00,
        0,
    ),
]


@pytest.mark.parametrize(("what", "done", "state", "conflicts", "over_minor", "points"), CASES)
def test_an_order_that(
    what: str,
    done: OrderHistory,
    state: OrderState,
    conflicts: tuple[OrderConflict, ...],
    over_minor: int,
    points: int,
) -> None:
    found = settle_order(done)
    assert (found.state, found.conflicts, found.over_minor, found.points) == (state, conflicts, over_minor, points)


def test_spending_and_uses_count_once() -> None:
    assert settle_order(PAID_TWICE).marks == (("use", "may", -1),)
    assert settle_order(PAID_TWICE).spend_minor == 0, "the second payment never counted"
    twice_back = settle_order(replace(PAID_ONCE, returns=(WHOLE, WHOLE)))
    assert (twice_back.marks, twice_back.spend_minor) == ((("use", "may", 1),), 80_00)


GIVEN = RewardBooked(25, 40)
GONE = RewardBooked(0, 0, taken_back=True)
SPENT = RewardBooked(5, 40, taken_back=True)
"""A reward that was taken back as far as it was there."""


@pytest.mark.parametrize(
    ("what", "done", "points", "referrer_points"),
    [
        ("one payment rewards once", replace(PAID_ONCE, rewards=(GIVEN,)), 0, 0),
        ("the second reward goes", replace(PAID_TWICE, rewards=(GIVEN, GIVEN)), -8 - 25, -40),
        ("one side alone rewarded", replace(PAID_TWICE, rewards=(GIVEN,)), -8, 0),
        ("both took theirs back", replace(PAID_TWICE, returns=(WHOLE, WHOLE), rewards=(GONE, GONE)), -20, 0),
        ("what was spent stands", replace(PAID_ONCE, returns=(WHOLE,), rewards=(SPENT,)), 0, 0),
        (
            "returned at one side: the other's goes too",
            replace(PAID_TWICE, returns=(WHOLE,), rewards=(GIVEN, GONE)),
            -8 - 25,
            -40,
        ),
        (
            "it was put right before",
            replace(PAID_TWICE, rewards=(GIVEN, GIVEN), settled_points=-33, settled_referrer_points=-40),
            0,
            0,
        ),
        (
            "a side took back what the site had taken: it is given again",
            replace(PAID_TWICE, rewards=(GIVEN, GONE), settled_points=-33, settled_referrer_points=-40),
            25,
            40,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whoever_brought_the_customer_is_rewarded_once(
    what: str, done: OrderHistory, points: int, referrer_points: int
) -> None:
    found = settle_order(done)
    assert (found.points, found.referrer_points) == (points, referrer_points), what


sides = st.sampled_from(("till-1", "till-2", "site"))
histories = st.builds(
    OrderHistory,
    agreed=st.just(AGREED),
    states=st.frozensets(
        st.sampled_from(("held", "placed", "paid", "issued", "cancelled", "returned")), min_size=1
    ),
    paid_at=st.lists(sides, max_size=3).map(tuple),
    issued_at=st.frozensets(sides),
    cancels=st.integers(0, 3),
    returns=st.lists(st.sampled_from((WHOLE, LAMP, REST)), max_size=3).map(tuple),
    rewards=st.lists(st.sampled_from((GIVEN, GONE, SPENT)), max_size=3).map(tuple),
)


@given(histories)
def test_what_is_booked_settles_it(done: OrderHistory) -> None:
    """Asked again after what it told was booked, it books nothing, and says the same of state and money."""
    first = settle_order(done)
    again = settle_order(
        replace(
            done,
            settled_points=first.points,
            settled_spend_minor=first.spend_minor,
            settled_marks=first.marks,
            settled_referrer_points=first.referrer_points,
        )
    )
    assert again.books_nothing
    assert again.referrer_points == 0
    assert (again.state, again.over_minor, again.conflicts) == (first.state, first.over_minor, first.conflicts)


@given(histories)
def test_the_balance_ends_where_one_life_of_the_order_would_have_ended(done: OrderHistory) -> None:
    """Whatever was booked twice, at most the held points are gone and at most one earning is kept."""
    assume(done.paid_at or not done.returns)  # what was never sold is never refunded
    found = settle_order(replace(done, rewards=()))
    booked = (
        -20 * (1 - done.cancels)
        + 8 * len(done.paid_at)
        + sum(one.returned_points - one.clawed_points for one in done.returns)
    )
    assert -20 <= booked + found.points <= 8
