"""What a site tells of customers, as far as the replica needs to know: any object with these fields will do.

Points and money are whole numbers (units, minor units), times UTC milliseconds, days YYYY-MM-DD.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from msgspec import UnsetType


@dataclass(frozen=True, slots=True)
class AsOf:
    """What an account counts: own entries up to `seq`; `epoch` numbers the beginnings of the site's feed."""

    seq: int
    epoch: int


class ToldLot(Protocol):
    """A lot: what it began with, what is left, and how much of that this till holds."""

    @property
    def id(self) -> str: ...
    @property
    def points(self) -> int: ...
    @property
    def left(self) -> int: ...
    @property
    def held(self) -> int: ...
    @property
    def available_from(self) -> str: ...
    @property
    def expires_on(self) -> str | None: ...


class ToldHolding(Protocol):
    """Points that another holder has leased; `""` is the site itself."""

    @property
    def holder(self) -> str: ...
    @property
    def points(self) -> int: ...


class ToldMark(Protocol):
    """What is counted of a customer: kind is stamp, use or action."""

    @property
    def kind(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def count(self) -> int: ...


class ToldMembership(Protocol):
    """A membership and its last day."""

    @property
    def code(self) -> str: ...
    @property
    def until(self) -> str: ...


class ToldReferral(Protocol):
    """Who brought a customer, and whether both were rewarded."""

    @property
    def referrer_id(self) -> str: ...
    @property
    def rewarded(self) -> bool: ...


class ToldPerson(Protocol):
    """Personal data; the phone is E.164 digits."""

    @property
    def name(self) -> str: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def birthday(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def note(self) -> str: ...


class ToldConsent(Protocol):
    """What a customer agreed to, or no longer agrees to."""

    @property
    def purpose(self) -> str: ...
    @property
    def given(self) -> bool: ...
    @property
    def at_ms(self) -> int: ...


class ToldCard(Protocol):
    """A card: active, blocked or replaced."""

    @property
    def number(self) -> str: ...
    @property
    def state(self) -> str: ...


class ToldOffer(Protocol):
    """An offer to one customer, both days included."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def valid_from(self) -> str: ...
    @property
    def valid_until(self) -> str: ...


class ToldIdentity(Protocol):
    """Who a customer is, whole: what is not in it is gone. `person` is None once erased."""

    @property
    def person(self) -> ToldPerson | None: ...
    @property
    def consents(self) -> Sequence[ToldConsent]: ...
    @property
    def cards(self) -> Sequence[ToldCard]: ...
    @property
    def offers(self) -> Sequence[ToldOffer]: ...


class ToldAccount(Protocol):
    """One customer as of the site's change `version`; `identity` is UNSET when it is as it was told before."""

    @property
    def customer_id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def points(self) -> int: ...
    @property
    def spend_minor(self) -> int: ...
    @property
    def visits(self) -> int: ...
    @property
    def registered_ms(self) -> int: ...
    @property
    def last_sale_ms(self) -> int | None: ...
    @property
    def group(self) -> str | None: ...
    @property
    def tier(self) -> str | None: ...
    @property
    def home(self) -> str | None: ...
    @property
    def merged_into(self) -> str | None: ...
    @property
    def lots(self) -> Sequence[ToldLot]: ...
    @property
    def elsewhere(self) -> Sequence[ToldHolding]: ...
    @property
    def marks(self) -> Sequence[ToldMark]: ...
    @property
    def memberships(self) -> Sequence[ToldMembership]: ...
    @property
    def referral(self) -> ToldReferral | None: ...
    @property
    def leased(self) -> Sequence[str]: ...
    @property
    def identity(self) -> ToldIdentity | UnsetType: ...
