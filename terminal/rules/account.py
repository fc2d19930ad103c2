"""An account: all that a quote knows of a customer, on one day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from terminal.rules.lots import Lot


@dataclass(frozen=True, slots=True)
class PeriodFigures:
    """What a tier is counted by, within some time: money spent (minor units) and points earned (units)."""

    spend_minor: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A membership that was paid for, by its code, and its last day."""

    code: str
    until: date


@dataclass(frozen=True, slots=True)
class Coupon:
    """A code that the site made, as it is known here for this customer; both days included.

    `opens` is the code of an offer or earn rule. `owner` is the only customer who may use it, "" is whoever has it.
    """

    code: str
    opens: str
    valid_from: date
    valid_until: date
    owner: str = ""
    used: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """What a quote needs to know of a customer; a `customer_id` of "" is somebody who is not registered.

    `spend_minor` and `earned_points` are to date. `periods` are the same figures of the period that goes on, of the
    one before it and of the one before that, as `tier_periods` names them. `stamps` are by stamp card, `used` and
    `used_in_all` by the code of an offer or promo code. `leased` are the codes of what is limited and was leased to
    this till (offers, promo codes, stamp cards); None where the till is its own grantor. `taken` are the codes of
    what a grantor has leased away, or holds for an order.
    """

    customer_id: str = ""
    lots: tuple[Lot, ...] = ()
    spend_minor: int = 0
    earned_points: int = 0
    periods: tuple[PeriodFigures, ...] = ()
    purchases: int = 0
    last_purchase: date | None = None
    birthday: date | None = None
    subscriber: bool = False
    groups: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()
    memberships: tuple[Member, ...] = ()
    offers: frozenset[str] = frozenset()
    coupons: tuple[Coupon, ...] = ()
    stamps: Mapping[str, int] = field(default_factory=dict)
    used: Mapping[str, int] = field(default_factory=dict)
    used_in_all: Mapping[str, int] = field(default_factory=dict)
    leased: frozenset[str] | None = None
    taken: frozenset[str] = frozenset()

    @property
    def registered(self) -> bool:
        """Tell whether the bill has a customer."""
        return bool(self.customer_id)
