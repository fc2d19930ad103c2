"""What a rule may be about: which goods, which bills, when, where and for whom. The same words in every rule."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from terminal.rules.quantity import Hours, Minor
from terminal.rules.table import Table, told

Channel = Literal["store", "manager", "site"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Tax = Literal["with", "without"]


class Goods(Table, frozen=True, kw_only=True):
    """Goods by any of their words: a line that has one of them belongs to these goods."""

    products: Annotated[frozenset[str], told("Product codes (SKU).")] = frozenset()
    categories: Annotated[frozenset[str], told("Categories of the catalogue.")] = frozenset()
    brands: Annotated[frozenset[str], told("Brands or producers of the catalogue.")] = frozenset()


class GoodsChosen(Table, frozen=True, kw_only=True):
    """The lines of a bill that a rule is about."""

    only: Annotated[Goods | None, told("Only these goods; left out: all goods.")] = None
    excluded: Annotated[Goods | None, told("Without these goods.")] = msgspec.field(default=None, name="except")
    reduced: Annotated[
        Literal["any", "without", "only"],
        told('Goods whose price the register has reduced already: "any" counts them, "without" leaves them out.'),
    ] = "any"


class Birthday(Table, frozen=True, kw_only=True):
    """The days around a customer's birthday; 29 February is kept on 28 February of other years."""

    days_before: Annotated[int, msgspec.Meta(ge=0, le=180), told("So many days before it.")] = 0
    days_after: Annotated[int, msgspec.Meta(ge=0, le=180), told("So many days after it.")] = 0


class When(Table, frozen=True, kw_only=True):
    """The days and hours of the shop's calendar on which a rule holds."""

    valid_from: Annotated[date | None, told("First day, included.")] = None
    valid_until: Annotated[date | None, told("Last day, included.")] = None
    weekdays: Annotated[frozenset[Weekday], told('Only these days, such as ["sat", "sun"].')] = frozenset()
    hours: Annotated[tuple[Hours, ...], told('Only these hours, such as ["17:00-19:00"].')] = ()
    birthday: Annotated[Birthday | None, told("Only around the customer's birthday.")] = None


class Who(Table, frozen=True, kw_only=True):
    """The customers a rule is for: who belongs to one of the lists that are given in every key that is given."""

    registered: Annotated[bool, told("Only registered customers; a bill without a customer is left out.")] = False
    groups: Annotated[frozenset[str], told("Customers of one of these groups.")] = frozenset()
    tiers: Annotated[frozenset[str], told("Customers of one of these tiers, by code.")] = frozenset()
    memberships: Annotated[frozenset[str], told("Members now, by the membership's code.")] = frozenset()
    customers: Annotated[frozenset[str], told("These customers, by card number or customer id.")] = frozenset()
    subscribers: Annotated[bool, told("Only who has agreed to the newsletter.")] = False
    first_purchase: Annotated[bool, told("Only on a customer's first purchase.")] = False


class Conditions(GoodsChosen, frozen=True, kw_only=True):
    """When a rule holds. Everything that is given must hold."""

    minimum_bill: Annotated[Minor, told("The whole bill comes to this sum at least.")] = Minor(0)
    minimum_goods: Annotated[Minor, told("The goods the rule is about come to this sum at least.")] = Minor(0)
    minimum_quantity: Annotated[
        int, msgspec.Meta(ge=0, le=1_000_000), told("So many pieces of those goods at least.")
    ] = 0
    minimum_tax: Annotated[Tax, told("Whether the minimum sums count with or without tax.")] = "with"
    with_goods: Annotated[Goods | None, told("The bill has at least one of these goods too.")] = None
    channels: Annotated[frozenset[Channel], told("Only bills made there; left out: everywhere.")] = frozenset()
    when: Annotated[When, told("On which days and hours.")] = When()
    who: Annotated[Who, told("For which customers.")] = Who()
