"""A loyalty programme: the owner's rules of one version, as they are written and as the rules use them.

The classes are the language: their fields are the keys of the TOML file. Money is kept in minor units, points in
the smallest part of a point, rates as exact fractions; `read_programme` is the one way from a file to here.
"""

from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal

import msgspec

from terminal.rules.conditions import Conditions, GoodsChosen, Tax
from terminal.rules.money import Rounding
from terminal.rules.offer import Code, Count, Membership, Name, Offer, PromoCode, Reward, StampCard
from terminal.rules.quantity import Minor, MinorAboveZero, Ratio, Share, Units, UnitsAboveZero
from terminal.rules.table import Table, told

Days = Annotated[int, msgspec.Meta(ge=0, le=36_500)]
DaysAboveZero = Annotated[int, msgspec.Meta(ge=1, le=36_500)]


class EarnTerms(Conditions, frozen=True, kw_only=True):
    """When an earn rule applies and when its points become usable; the same for every kind of rule."""

    code: Annotated[str, told("A short word of its own, when a promo code opens it.")] = ""
    pending_days: Annotated[Days, told("Its points can be spent so many days later.")] = 0
    base: Annotated[Tax, told("Whether the sum that earns counts with or without tax.")] = "with"
    after_discounts: Annotated[bool, told("Earn on what is left after offers; false: on the full price.")] = True
    on_part_paid_by_points: Annotated[bool, told("Earn on the part of the bill that points paid too.")] = False
    best_of: Annotated[
        str, told("Of the earn rules that share this word only the best for the customer counts.")
    ] = ""
    needs_code: Annotated[bool, told("Only with a promo code that names it.")] = False


class PerAmount(EarnTerms, frozen=True, kw_only=True, tag_field="kind", tag="per-amount"):
    """Points for each sum."""

    points: Annotated[Ratio, told("So many points for each sum.")]
    per_minor: Annotated[MinorAboveZero, told("That sum.")] = msgspec.field(name="per")
    whole_steps: Annotated[bool, told("Only for full steps of that sum; false: for a part of one too.")] = True


class Cashback(EarnTerms, frozen=True, kw_only=True, tag_field="kind", tag="cashback"):
    """A percent of the bill, given as points of that worth."""

    percent: Annotated[Share, told("The percent of what earns, in the worth of points.")]


class PerUnit(EarnTerms, frozen=True, kw_only=True, tag_field="kind", tag="per-unit"):
    """Points for each piece of the goods."""

    points: Annotated[Ratio, told("So many points for each piece.")]


class PerOrder(EarnTerms, frozen=True, kw_only=True, tag_field="kind", tag="per-order"):
    """A fixed number of points for a bill."""

    points: Annotated[Ratio, told("So many points for the bill.")]


EarnRule = PerAmount | Cashback | PerUnit | PerOrder


class Multiplier(Conditions, frozen=True, kw_only=True):
    """More points for some goods, days or customers."""

    name: Annotated[Name, told("What it is called on the quote.")]
    factor: Annotated[Ratio, told("What those goods earn is multiplied by this.")]


class Earning(Table, frozen=True, kw_only=True):
    """How several advantages come together."""

    multipliers: Annotated[
        Literal["multiply", "best", "add"],
        told("Several multipliers, the tier's among them: x2 and x3 make 6, 3, or 4 (each adds its part above 1)."),
    ] = "multiply"


class Redeem(GoodsChosen, frozen=True, kw_only=True):
    """How points become money off a bill."""

    money_per_point: Annotated[Ratio, told("What one point takes off, in money.")]
    block: Annotated[UnitsAboveZero | None, told("Only in steps of so many points.")] = None
    max_share_percent: Annotated[Share, told("Points pay at most this part of the goods they may pay.")] = Share(
        100
    )
    keep_at_least: Annotated[Units, told("So many points stay on the account.")] = Units(0)
    minimum_bill: Annotated[Minor, told("Only on bills of this sum and above.")] = Minor(0)
    channels: Annotated[
        frozenset[Literal["store", "manager", "site"]], told("Only on bills made there; left out: everywhere.")
    ] = frozenset()
    earn_or_spend: Annotated[bool, told("A bill on which points are spent earns none.")] = False
    spend_earned_at_once: Annotated[bool, told("Points earned on this bill may be spent on it.")] = False


class Expiry(Table, frozen=True, kw_only=True):
    """When points are gone, counted for each earning by itself. Without a key here they never are."""

    after_days: Annotated[DaysAboveZero | None, told("The last day is so many days after they are usable.")] = None
    after_months: Annotated[Annotated[int, msgspec.Meta(ge=1, le=600)] | None, told("The same, in months.")] = None
    end_of: Annotated[
        Literal["month", "year"] | None,
        told("They live on to the end of that month or year; alone or with the above."),
    ] = None
    inactive_days: Annotated[
        DaysAboveZero | None, told("All points go when the customer has bought nothing for so many days.")
    ] = None
    warn_days: Annotated[Days, told('So many days before, points are called "expiring soon".')] = 30


class TierRules(Table, frozen=True, kw_only=True):
    """What tiers are counted by, and when they rise and fall."""

    by: Annotated[Literal["spend", "points"], told("Money spent, or points earned.")] = "spend"
    period: Annotated[
        Literal["ever", "rolling", "month", "quarter", "year"],
        told("Counted since the beginning, over the last `days`, or over a period of the calendar."),
    ] = "ever"
    days: Annotated[DaysAboveZero, told("The length of a rolling period.")] = 365
    rises: Annotated[
        Literal["at-once", "next-period"], told("A tier holds from the next bill on, or from the next period on.")
    ] = "at-once"
    keeps: Annotated[
        Literal["period", "next-period"],
        told("A tier of the calendar holds in its period, or in the next one too."),
    ] = "next-period"


class Tier(Table, frozen=True, kw_only=True, cache_hash=True):
    """A level that customers reach."""

    code: Annotated[Code, told("A short word of its own.")]
    name: Annotated[Name, told("What it is called.")]
    from_spend_minor: Annotated[Minor | None, told("Reached by this sum, when tiers count by spend.")] = (
        msgspec.field(default=None, name="from_spend")
    )
    from_points: Annotated[Units | None, told("Reached by so many points, when tiers count by points.")] = None
    multiplier: Annotated[Ratio, told("What is earned is multiplied by this.")] = Ratio(1)
    discount_percent: Annotated[
        Share | None, told("A percent off every bill; with it tiers are a cumulative discount.")
    ] = None
    free_delivery: Annotated[bool, told("Delivery costs nothing.")] = False
    privileges: Annotated[tuple[Name, ...], told("Other advantages, in words; the counter shows them.")] = ()


class WhenSpent(StrEnum):
    """What happens when points that must go back were spent already."""

    BELOW_ZERO = "below-zero"
    CUT = "cut-from-refund"
    REFUSE = "refuse"


class RefundTerms(Table, frozen=True, kw_only=True):
    """The policy for goods that come back."""

    when_spent: Annotated[
        WhenSpent, told("Points to take back were spent: owe them, cut their worth from the money, or refuse.")
    ] = WhenSpent.BELOW_ZERO
    grace_days: Annotated[DaysAboveZero, told("Spent points whose own lot has expired return for so long.")] = 30


class RoundingRules(Table, frozen=True, kw_only=True):
    """How parts of a point and of the smallest coin are dropped."""

    points: Annotated[Rounding, told("What happens to a part of the smallest part of a point.")] = Rounding.DOWN
    money: Annotated[Rounding, told("What happens to a part of the smallest coin.")] = Rounding.HALF_UP
    cash_step: Annotated[
        MinorAboveZero | None, told("The register rounds a bill to this coin before bonuses, half up.")
    ] = None


class Action(Table, frozen=True, kw_only=True):
    """Points for something other than buying."""

    code: Annotated[
        Code,
        told(
            "registration, newsletter (address verified), review (accepted), birthday, profile, or your own word."
        ),
    ]
    name: Annotated[Name, told("What it is called.")]
    points: Annotated[UnitsAboveZero, told("So many points.")]
    how_often: Annotated[Literal["once", "year", "each"], told("Once a customer, once a year, or each time.")] = (
        "once"
    )
    pending_days: Annotated[Days, told("They can be spent so many days later.")] = 0


class Referral(Table, frozen=True, kw_only=True):
    """A customer brings a friend; both are rewarded after the friend's first purchase."""

    referrer_points: Annotated[Units, told("For who brought the friend.")]
    friend_points: Annotated[Units, told("For the friend.")]
    minimum_bill: Annotated[Minor, told("The friend's first purchase comes to this sum at least.")] = Minor(0)
    pending_days: Annotated[Days, told("They can be spent so many days later.")] = 0
    most_friends: Annotated[Count | None, told("So many friends are rewarded at most.")] = None


class Notice(Table, frozen=True, kw_only=True):
    """A change that customers are told of, if they agreed to it."""

    change: Annotated[
        Literal["earned", "expiring", "tier", "offer", "order", "registration", "birthday"], told("Which change.")
    ]
    channel: Annotated[Literal["email", "sms"], told("By which way.")]
    days_before: Annotated[Days, told("For expiring and birthday: so many days ahead.")] = 7
    template: Annotated[str, told("The name of the words to use; left out: the standard ones.")] = ""


class Programme(Table, frozen=True, kw_only=True, cache_hash=True):
    """The owner's rules of one version, in force from a day of the shop's calendar."""

    name: Annotated[Name, told("What the programme is called.")]
    number: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000), told("The version: 1, then 2, and so on.")]
    valid_from: Annotated[date, told("The first day it is in force.")]
    currency: Annotated[str, told("Three letters, such as UAH or PLN.")]
    points_decimals: Annotated[
        int, msgspec.Meta(ge=0, le=4), told("0: whole points; 2: hundredths. It can't change once points exist.")
    ] = 0
    categories: Annotated[
        frozenset[str], told("The catalogue's categories; when given, no rule may name another one.")
    ] = frozenset()
    delivery_category: Annotated[str, told("Lines of this category are delivery.")] = "delivery"
    rounding: Annotated[RoundingRules, told("Rounding.")] = RoundingRules()
    earn: Annotated[
        tuple[EarnRule, ...], msgspec.Meta(max_length=200), told("Rules that give points; they add up.")
    ] = ()
    multipliers: Annotated[tuple[Multiplier, ...], msgspec.Meta(max_length=200), told("More points for some.")] = ()
    earning: Annotated[Earning, told("How multipliers come together.")] = Earning()
    redeem: Annotated[Redeem | None, told("Money for points.")] = None
    expiry: Annotated[Expiry, told("When points are gone.")] = Expiry()
    tier_rules: Annotated[TierRules, told("How tiers are counted.")] = TierRules()
    tiers: Annotated[tuple[Tier, ...], msgspec.Meta(max_length=50), told("Levels, in rising order.")] = ()
    offers: Annotated[tuple[Offer, ...], msgspec.Meta(max_length=1000), told("What takes money off a bill.")] = ()
    promo_codes: Annotated[
        tuple[PromoCode, ...], msgspec.Meta(max_length=5000), told("Words that open offers.")
    ] = ()
    stamps: Annotated[tuple[StampCard, ...], msgspec.Meta(max_length=50), told("Stamp cards.")] = ()
    rewards: Annotated[
        tuple[Reward, ...], msgspec.Meta(max_length=500), told("Products and discounts for points.")
    ] = ()
    memberships: Annotated[tuple[Membership, ...], msgspec.Meta(max_length=50), told("Paid periods.")] = ()
    actions: Annotated[tuple[Action, ...], msgspec.Meta(max_length=100), told("Points for other things.")] = ()
    referral: Annotated[Referral | None, told("Bringing a friend.")] = None
    refund: Annotated[RefundTerms, told("Goods that come back.")] = RefundTerms()
    notices: Annotated[tuple[Notice, ...], msgspec.Meta(max_length=50), told("What customers are told.")] = ()

    @property
    def points_rounding(self) -> Rounding:
        """How parts of a point are dropped."""
        return self.rounding.points

    @property
    def money_rounding(self) -> Rounding:
        """How parts of the smallest coin are dropped."""
        return self.rounding.money

    @property
    def minor_per_point(self) -> Fraction:
        """What a point takes off, in minor units, exactly; 0 when points pay nothing."""
        return self.redeem.money_per_point * int(10**self.currency_decimals) if self.redeem else Fraction(0)

    @property
    def currency_decimals(self) -> int:
        """Decimals of the currency's minor unit (ISO 4217)."""
        return CURRENCY_DECIMALS[self.currency]

    @property
    def units_per_point(self) -> int:
        """Smallest parts in one whole point (1 for whole points, 100 for two decimals)."""
        return int(10**self.points_decimals)


CURRENCY_DECIMALS = {
    "UAH": 2,
    "PLN": 2,
    "EUR": 2,
    "KZT": 2,
    "USD": 2,
    "CZK": 2,
    "RON": 2,
    "GBP": 2,
    "MDL": 2,
}
"""Minor units of the currencies a programme can count in (ISO 4217)."""
