"""Programmes twice: as the owner writes them for the till, and as constants for the computation beside it."""

from fractions import Fraction

from terminal.desk.replay import default_programme
from tests.replay.independent import Each, Percent, Terms

_HEAD = 'name = "Test"\nnumber = 1\nvalid_from = 2020-01-01\ncurrency = "USD"\n'

BUILT_IN = Terms(
    earn=(Percent(Fraction(5), from_cents=5_00, wait=14),),
    worth=Fraction(1, 2),
    share=50,
    keep=10_0,
    from_cents=10_00,
    life=180,
    tiers=((0, Fraction(1)), (100_00, Fraction(6, 5)), (500_00, Fraction(3, 2))),
    round_points="half-up",
)

_STAMPS = """
[[earn]]
kind = "per-amount"
points = 3
per = 10
minimum_bill = 15

[redeem]
money_per_point = 1
block = 5
minimum_bill = 8
"""

_SHORT_LIVED = """
points_decimals = 2

[rounding]
points = "half-even"
money = "half-even"

[[earn]]
kind = "cashback"
percent = 3.5
pending_days = 3
on_part_paid_by_points = true

[[earn]]
kind = "per-amount"
points = 0.25
per = 3.33
whole_steps = false

[redeem]
money_per_point = 0.75
max_share_percent = 33
keep_at_least = 1

[expiry]
after_days = 6

[[tiers]]
code = "new"
name = "New"
from_spend = 20

[[tiers]]
code = "big"
name = "Big"
from_spend = 150
multiplier = 1.25

[[tiers]]
code = "tired"
name = "Tired"
from_spend = 400
multiplier = 0.5
"""

_CENTS = """
[rounding]
points = "down"
money = "down"

[[earn]]
kind = "cashback"
percent = 10
pending_days = 1

[redeem]
money_per_point = 0.01
block = 100

[expiry]
after_days = 20
"""

_DUST = """
[rounding]
points = "half-up"
money = "half-up"

[[earn]]
kind = "cashback"
percent = 0.5

[redeem]
money_per_point = 0.004
max_share_percent = 75
"""

PROGRAMMES: dict[str, tuple[str, Terms]] = {
    "built-in": (default_programme(), BUILT_IN),
    "stamps": (
        _HEAD + _STAMPS,
        Terms(earn=(Each(Fraction(3), 10_00, from_cents=15_00),), worth=Fraction(100), block=5, from_cents=8_00),
    ),
    "short-lived": (
        _HEAD + _SHORT_LIVED,
        Terms(
            earn=(
                Percent(Fraction(7, 2), wait=3, on_paid_with_points=True),
                Each(Fraction(25), 3_33, full=False),
            ),
            worth=Fraction(3, 4),
            share=33,
            keep=100,
            life=6,
            tiers=((20_00, Fraction(1)), (150_00, Fraction(5, 4)), (400_00, Fraction(1, 2))),
            round_points="half-even",
            round_money="half-even",
        ),
    ),
    "cents": (
        _HEAD + _CENTS,
        Terms(
            earn=(Percent(Fraction(10), wait=1),),
            worth=Fraction(1),
            block=100,
            life=20,
            round_money="down",
        ),
    ),
    "dust": (
        _HEAD + _DUST,
        Terms(earn=(Percent(Fraction(1, 2)),), worth=Fraction(2, 5), share=75, round_points="half-up"),
    ),
}
