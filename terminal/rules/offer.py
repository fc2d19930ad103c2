"""What takes money off a bill or gives goods: offers, promo codes, stamp cards, and rewards for points."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from terminal.rules.conditions import Conditions
from terminal.rules.quantity import Minor, MinorAboveZero, Share, UnitsAboveZero
from terminal.rules.table import Table, told

Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class OfferTerms(Conditions, frozen=True, kw_only=True):
    """What every offer has. Offers apply in the order of the file, each to what the ones before it left."""

    code: Annotated[Code, told("A short word of its own; sales and promo codes name it.")]
    name: Annotated[Name, told("What it is called on the screen and the slip.")]
    cap: Annotated[MinorAboveZero | None, told("It takes off at most this sum.")] = None
    best_of: Annotated[
        str, told("Of the offers that share this word only the best for the customer applies; left out: it stacks.")
    ] = ""
    after: Annotated[frozenset[str], told("It applies after these offers, wherever it stands in the file.")] = (
        frozenset()
    )
    needs_code: Annotated[bool, told("Only with a promo code that names it.")] = False
    personal: Annotated[bool, told("Only for customers to whom the site has given it.")] = False
    uses_in_all: Annotated[Count | None, told("So many times over all customers; then it is over.")] = None
    uses_per_customer: Annotated[Count | None, told("So many times for one customer.")] = None

    @property
    def limited(self) -> bool:
        """Tell whether each use is counted, so that a till needs it leased or must leave it out offline."""
        return self.uses_in_all is not None or self.uses_per_customer is not None


class PercentOff(OfferTerms, frozen=True, kw_only=True, tag_field="kind", tag="percent"):
    """A percent off: of the goods it is about, or of one piece of them."""

    percent: Annotated[Share, told("The percent taken off.")]
    of: Annotated[
        Literal["goods", "cheapest", "dearest"],
        told("All of the goods, or one piece of the cheapest or the dearest of them."),
    ] = "goods"


class MoneyOff(OfferTerms, frozen=True, kw_only=True, tag_field="kind", tag="money"):
    """A fixed sum off the goods it is about, never more than they cost."""

    amount: Annotated[MinorAboveZero, told("The sum taken off.")]


class GiftProduct(OfferTerms, frozen=True, kw_only=True, tag_field="kind", tag="gift"):
    """A product for nothing: its price is taken off when it is on the bill, or the cashier is told to add it. One
    around the birthday is given once for each birthday."""

    product: Annotated[Code, told("The product's code (SKU).")]
    quantity: Annotated[Count, told("So many pieces.")] = 1

    @property
    def limited(self) -> bool:
        """Tell whether each use is counted; a birthday gift's is, since nobody has two birthdays a year."""
        return self.when.birthday is not None or self.uses_in_all is not None or self.uses_per_customer is not None


class BuyGet(OfferTerms, frozen=True, kw_only=True, tag_field="kind", tag="buy-get"):
    """Pay for N and get M: the cheapest pieces of each full set are reduced."""

    buy: Annotated[Count, told("So many pieces are paid for.")]
    get: Annotated[Count, told("So many more are reduced.")] = 1
    percent: Annotated[Share, told("By this percent; 100 is free.")] = Share(100)


class FreeDelivery(OfferTerms, frozen=True, kw_only=True, tag_field="kind", tag="free-delivery"):
    """Delivery costs nothing: lines of the programme's delivery category are taken off."""


Offer = PercentOff | MoneyOff | GiftProduct | BuyGet | FreeDelivery


class PromoCode(Table, frozen=True, kw_only=True):
    """A word that customers type or say. It opens an offer or an earn rule that `needs_code`.

    Single-use codes that the site makes one by one are not written here: they come with the customer's data.
    """

    code: Annotated[Code, told("What is typed; small and capital letters are the same.")]
    opens: Annotated[Code, told("The code of the offer or earn rule that it opens.")]
    valid_from: Annotated[date | None, told("First day, included.")] = None
    valid_until: Annotated[date | None, told("Last day, included.")] = None
    uses_in_all: Annotated[Count | None, told("So many times over all customers.")] = None
    uses_per_customer: Annotated[Count | None, told("So many times for one customer.")] = None
    customers: Annotated[frozenset[str], told("Only these customers, by card number or customer id.")] = frozenset()

    @property
    def limited(self) -> bool:
        """Tell whether each use is counted."""
        return self.uses_in_all is not None or self.uses_per_customer is not None


class StampCard(Conditions, frozen=True, kw_only=True):
    """A stamp for each piece or visit; a full card makes one piece of the goods cheaper (the N-th coffee free)."""

    code: Annotated[Code, told("A short word of its own.")]
    name: Annotated[Name, told("What it is called.")]
    needed: Annotated[Count, told("So many stamps fill the card; the next piece is the reduced one.")]
    stamp_per: Annotated[Literal["piece", "visit"], told("A stamp for each piece paid for, or one a bill.")] = (
        "piece"
    )
    percent: Annotated[Share, told("What a full card takes off one piece, the cheapest; 100 is free.")] = Share(100)


class RewardTerms(Conditions, frozen=True, kw_only=True):
    """What every reward has; the customer chooses it at the counter."""

    code: Annotated[Code, told("A short word of its own.")]
    name: Annotated[Name, told("What it is called on the screen and the slip.")]
    points: Annotated[UnitsAboveZero, told("What it costs in points.")]
    most_per_bill: Annotated[Count | None, told("So many times on one bill.")] = None


class HandedOver(RewardTerms, frozen=True, kw_only=True, tag_field="kind", tag="handed-over"):
    """Something that is handed over and stands on no bill, such as a mug."""


class RewardProduct(RewardTerms, frozen=True, kw_only=True, tag_field="kind", tag="product"):
    """Pieces of a product for points: their price is taken off the bill. A pack that is begun is paid in full."""

    product: Annotated[Code, told("The product's code (SKU).")]
    pack: Annotated[Count, told("So many pieces for the points.")] = 1


class RewardPercent(RewardTerms, frozen=True, kw_only=True, tag_field="kind", tag="percent"):
    """A percent off the goods for points."""

    percent: Annotated[Share, told("The percent taken off.")]
    cap: Annotated[MinorAboveZero | None, told("It takes off at most this sum.")] = None


class RewardMoney(RewardTerms, frozen=True, kw_only=True, tag_field="kind", tag="money"):
    """A fixed sum off the goods for points."""

    amount: Annotated[MinorAboveZero, told("The sum taken off.")]


Reward = HandedOver | RewardProduct | RewardPercent | RewardMoney


class Membership(Table, frozen=True, kw_only=True):
    """A paid period with advantages of its own."""

    code: Annotated[Code, told("A short word of its own.")]
    name: Annotated[Name, told("What it is called.")]
    price: Annotated[Minor, told("What it costs; the register sells it.")]
    days: Annotated[int, msgspec.Meta(ge=1, le=3660), told("So many days from the day it is joined.")]
    tier: Annotated[str, told("A tier that members have at least, by code.")] = ""
    discount_percent: Annotated[Share | None, told("A percent off every bill of a member.")] = None
    free_delivery: Annotated[bool, told("Members pay no delivery.")] = False
