"""A loyalty programme as the rules use it: whole numbers and exact fractions, already checked."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from terminal.rules.money import Rounding


@dataclass(frozen=True, slots=True)
class EarnTerms:
    """When an earn rule applies and when its points become usable; the same for every kind of rule."""

    minimum_bill_minor: int
    excluded_categories: frozenset[str]
    pending_days: int
    on_part_paid_by_points: bool


@dataclass(frozen=True, slots=True)
class PerAmount:
    """`points` (whole points) for each `per_minor` of the bill; only for full steps when `whole_steps`."""

    points: Fraction
    per_minor: int
    whole_steps: bool
    terms: EarnTerms


@dataclass(frozen=True, slots=True)
class Cashback:
    """`percent` of the bill, given as points of that worth."""

    percent: Fraction
    terms: EarnTerms


EarnRule = PerAmount | Cashback


@dataclass(frozen=True, slots=True)
class Redeem:
    """How points become money off a bill. Money in minor units, points in whole points."""

    minor_per_point: Fraction
    block: int
    max_share_percent: int
    keep_at_least: int
    minimum_bill_minor: int
    excluded_categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Expiry:
    """A lot is gone `after_days` from the day it was usable (None: never); the customer is told before."""

    after_days: int | None
    warn_days: int


@dataclass(frozen=True, slots=True)
class Tier:
    """A level reached by spending; `multiplier` applies to what is earned."""

    code: str
    name: str
    from_spend_minor: int
    multiplier: Fraction


@dataclass(frozen=True, slots=True)
class Reward:
    """A product for points: what is within reach is shown at the counter. `points` are whole points."""

    code: str
    name: str
    points: int


class WhenSpent(StrEnum):
    """What happens when points that must go back were spent already."""

    BELOW_ZERO = "below-zero"
    CUT = "cut-from-refund"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class RefundTerms:
    """The programme's policy; returned points whose lot has expired live on for `grace_days`."""

    when_spent: WhenSpent
    grace_days: int


@dataclass(frozen=True, slots=True)
class Programme:
    """The owner's rules of one version, in force from a day of the shop's calendar."""

    number: int
    name: str
    valid_from: date
    currency: str
    currency_decimals: int
    points_decimals: int
    points_rounding: Rounding
    money_rounding: Rounding
    earn: tuple[EarnRule, ...]
    redeem: Redeem | None
    expiry: Expiry
    tiers: tuple[Tier, ...]
    rewards: tuple[Reward, ...]
    refund: RefundTerms

    @property
    def units_per_point(self) -> int:
        """Smallest parts in one whole point (1 for whole points, 100 for two decimals)."""
        return int(10**self.points_decimals)
