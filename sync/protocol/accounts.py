"""An account as the site tells it to one holder: the unit in which customers travel, whole each time."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from sync.protocol.limits import MAX_LOTS, Amount, AtMs, Id, Seq, TerminalId, Text, ToldDay, Word

_Few = Meta(max_length=200)


class LotState(Struct, frozen=True, gc=False, array_like=True):
    """A lot with points left, or leased to this holder, in points: what it began with, what is left of it in all,
    and how much of that is leased to the holder that asks (below 0 when it owes).
    """

    id: Id
    points: Amount
    left: Amount
    held: Amount
    available_from: ToldDay
    expires_on: ToldDay | None


class HeldElsewhere(Struct, frozen=True, gc=False, array_like=True):
    """Points of this customer that another holder has leased; `""` stands for the site, where they are free."""

    holder: Annotated[str, Meta(max_length=64)]
    points: Amount


class Person(Struct, frozen=True, gc=False, kw_only=True):
    """A customer's personal data; `phone` is E.164 digits."""

    name: Text
    phone: Word | None
    email: Text | None
    birthday: ToldDay | None
    language: Word | None
    note: Text


class Consent(Struct, frozen=True, gc=False, array_like=True):
    """What a customer agreed to, or no longer agrees to."""

    purpose: Word
    given: bool
    at_ms: AtMs


class CardState(Struct, frozen=True, gc=False, array_like=True):
    """A card; `state` is active, blocked or replaced."""

    number: Word
    state: Literal["active", "blocked", "replaced"]


class PersonalOffer(Struct, frozen=True, gc=False, array_like=True):
    """An offer to this customer alone, both days included."""

    id: Id
    title: Text
    valid_from: ToldDay
    valid_until: ToldDay


class Mark(Struct, frozen=True, gc=False, array_like=True):
    """What is counted of a customer: kind is stamp, use or action, code the programme's."""

    kind: Literal["stamp", "use", "action"]
    code: Id
    count: Amount


class Membership(Struct, frozen=True, gc=False, array_like=True):
    """A membership and its last day."""

    code: Word
    until: ToldDay


class Referral(Struct, frozen=True, gc=False, array_like=True):
    """Who brought this customer, and whether both were rewarded for it."""

    referrer_id: Id
    rewarded: bool


class Identity(Struct, frozen=True, gc=False, kw_only=True):
    """Who the customer is and what stands to the name. `person` is None once erased.

    What is not in it is gone: the holder replaces all it has.
    """

    person: Person | None
    consents: Annotated[tuple[Consent, ...], _Few]
    cards: Annotated[tuple[CardState, ...], _Few]
    offers: Annotated[tuple[PersonalOffer, ...], _Few]


class Account(Struct, frozen=True, gc=False, kw_only=True):
    """One customer, as of the site's change `version`, for the holder that asks. It replaces the one before it.

    Apply it only when `version` is above the version that the ledger has: then loss, repeat and reordering do no
    harm. Points and money are whole numbers. `points` is the balance in all: the sum of `left`, lots of 0 left out.
    `home` is the holder that the customer's points go to. `merged_into` names the customer that this one became:
    nobody is found under it any more, and what it holds is returned. `identity` is left out when it has not changed
    since the holder's cursor. Marks, memberships and the referral are as of `version` too: own later entries add.
    `leased` are the codes of the limited offers, promo codes and stamp cards that the asking holder alone may use
    for this customer now: an own later entry that uses one, or returns it, ends that.
    """

    customer_id: Id
    version: Seq
    points: Amount
    spend_minor: Amount
    visits: Amount
    registered_ms: AtMs
    last_sale_ms: AtMs | None = None
    group: Word | None = None
    tier: Word | None = None
    home: TerminalId | None = None
    merged_into: Id | None = None
    lots: Annotated[tuple[LotState, ...], Meta(max_length=MAX_LOTS)] = ()
    elsewhere: Annotated[tuple[HeldElsewhere, ...], _Few] = ()
    marks: Annotated[tuple[Mark, ...], Meta(max_length=MAX_LOTS)] = ()
    memberships: Annotated[tuple[Membership, ...], _Few] = ()
    referral: Referral | None = None
    leased: Annotated[tuple[Id, ...], _Few] = ()
    identity: Identity | UnsetType = UNSET
