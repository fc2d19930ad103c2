"""What a shop's own site says to this one and is told: customers, events, quotes and orders."""

from typing import Annotated

from msgspec import Meta, Struct

from sync.protocol import Account
from sync.protocol.limits import MAX_WAIT_S, Amount, Day, Id, Text, Word

_Lines = Annotated[tuple["OrderLine", ...], Meta(min_length=1, max_length=500)]
_Redeem = Annotated[int, Meta(ge=-1, le=10**15)]
_Codes = Annotated[tuple[Word, ...], Meta(max_length=20)]
_Money = Annotated[int, Meta(ge=0, le=10**10)]


class OrderLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of an order: its price in minor units, after the shop's own discounts; quantity in thousandths."""

    name: Text
    total_minor: _Money
    quantity_milli: Annotated[int, Meta(ge=1, le=10**9)] = 1000
    sku: Word = ""
    category: Word = ""
    brand: Word = ""


class RegisterCustomer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A customer registered on the shop's site. The phone may be typed in the national form.

    Idempotent by phone: who has it already is answered, unchanged.
    """

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    phone: Annotated[str, Meta(min_length=5, max_length=40)]
    email: Text = ""
    birthday: Day | None = None
    language: Annotated[str, Meta(pattern="^(uk|pl|ru|en)?$")] = ""
    messages_agreed: bool = False


class FindCustomer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who has this phone (any national form), card or id?"""

    by: Annotated[str, Meta(pattern="^(phone|card|id)$")]
    value: Annotated[str, Meta(min_length=1, max_length=64)]


class Found(Struct, frozen=True, kw_only=True):
    """The customers that were found; `registered` tells that this request made one."""

    accounts: tuple[Account, ...]
    registered: bool = False


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something a customer did: `kind` is an action of the programme (newsletter once the e-mail was verified,
    review once it was accepted, profile, or the owner's own word). `about` names what an action that may come often
    was about. Idempotent by (customer, event).
    """

    event_id: Id
    kind: Annotated[str, Meta(min_length=1, max_length=40)]
    customer_id: Id
    about: Word = ""


class Rewarded(Struct, frozen=True, kw_only=True):
    """Points (units) that the event gave, 0 with the reason in `text`; and the balance."""

    points: Amount
    balance: Amount
    text: Text = ""


class AskQuote(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What would this order come to? `redeem` is points to use (units), -1 for the most."""

    customer_id: Id
    lines: _Lines
    redeem: _Redeem = 0
    codes: _Codes = ()


class Where(Struct, frozen=True, array_like=True):
    """Points of the customer that a holder has, by what people call it."""

    name: Text
    points: Amount


class LeftOut(Struct, frozen=True, array_like=True):
    """An offer, reward, code or stamp card that an order goes without, and why, in English."""

    code: Text
    why: Text


class Quoted(Struct, frozen=True, kw_only=True):
    """The order's figures. `steps` are what each rule did, in English, with money and points.

    `available` is what can be used on this site at once; `elsewhere` is where the rest of the balance is. Codes
    that tills have leased are in `left_out`, with who has them: an order recalls them.
    """

    total_minor: Amount
    taken_off_minor: Amount
    pay_minor: Amount
    redeemed: Amount
    earns: Amount
    available: Amount
    elsewhere: tuple[Where, ...]
    steps: tuple[tuple[str, int, int], ...]
    left_out: tuple[LeftOut, ...] = ()


class PlaceOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order placed: the points it uses are taken at once, what it earns is given when it is paid.

    When tills hold points, limited offers or codes that it needs they are recalled, for up to `wait_s` seconds.
    Idempotent by `number`.
    """

    number: Annotated[str, Meta(min_length=1, max_length=64)]
    customer_id: Id
    lines: _Lines
    redeem: _Redeem = 0
    codes: _Codes = ()
    wait_s: Annotated[float, Meta(ge=0, le=MAX_WAIT_S)] = 2.0


class OrderNumber(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order that was paid, or cancelled. Idempotent."""

    number: Annotated[str, Meta(min_length=1, max_length=64)]


class ReturnOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Goods of a paid order that came back: minor units by line, None for all that is left. Idempotent by id."""

    number: Annotated[str, Meta(min_length=1, max_length=64)]
    return_id: Id
    line_minor: Annotated[tuple[_Money, ...], Meta(max_length=500)] | None = None


class Ordered(Struct, frozen=True, kw_only=True):
    """How an order stands. `state` is placed, paid, cancelled, returned, or `short`: then nothing was done.

    A short order wanted `short` points (units) more than could be had in time; `elsewhere` says who holds them.
    `back_minor` is what a return pays back in money, `balance` the customer's after it. `over_minor` is money to
    give back, because the order was paid at a till too; below 0, so much was paid back too much. `left_out` is told
    when it is placed.
    """

    number: Word
    state: Word
    total_minor: Amount
    taken_off_minor: Amount
    pay_minor: Amount
    redeemed: Amount
    earns: Amount
    balance: Amount
    short: Amount = 0
    back_minor: Amount = 0
    over_minor: Amount = 0
    elsewhere: tuple[Where, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
