"""What a cashier waits for: more points of a customer, a limited offer or code, a customer unknown to the till."""

from typing import Annotated

from msgspec import Meta, Struct

from sync.protocol.accounts import Account
from sync.protocol.limits import MAX_WAIT_S, Amount, AtMs, Id, Seq, TerminalId
from sync.protocol.pulling import Applied, Grant

ASK_GRANT = "/v1/grants/ask"
ASK_CODES = "/v1/grants/codes"
RECLAIM = "/v1/grants/reclaim"
LOOK_UP = "/v1/lookup"


class AskGrant(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holder to site: this customer wants to spend `points` here; bring what the holder has leased up to that.

    The site grants from what is free, recalls the rest from the other holders and waits up to `wait_s` seconds for
    their returns. Safe to repeat: it asks for a level, not for more.
    """

    terminal_id: TerminalId
    customer_id: Id
    points: Annotated[int, Meta(ge=1, le=10**15)]
    wait_s: Annotated[float, Meta(ge=0, le=MAX_WAIT_S)] = 2.0


class AskCodes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holder to site: this customer wants to use these limited offers, promo codes or stamp cards here.

    The site leases each that is free to this holder alone, recalls the others from who has them, and waits up to
    `wait_s` seconds for their returns. Safe to repeat: what the holder has already is not granted again.
    """

    terminal_id: TerminalId
    customer_id: Id
    codes: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=100)]
    wait_s: Annotated[float, Meta(ge=0, le=MAX_WAIT_S)] = 2.0


class Told(Struct, frozen=True, kw_only=True):
    """Site to holder: accounts as in a page, under the same rules, outside of the feed's order.

    `short` is how many of the points, or codes, asked for could not be had in time; where points are is in the
    account.
    `grants` are new ones, perhaps ahead of the feed, which will bring them again.
    """

    applied: Annotated[tuple[Applied, ...], Meta(max_length=2000)]
    accounts: Annotated[tuple[Account, ...], Meta(max_length=2000)]
    grants: Annotated[tuple[Grant, ...], Meta(max_length=100)] = ()
    granted: Seq
    short: Amount = 0
    site_ms: AtMs


class LookUp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holder to site: the accounts with this phone (E.164 digits), card or id; `Told` has none, or them."""

    terminal_id: TerminalId
    by: Annotated[str, Meta(pattern="^(phone|card|id)$")]
    values: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=200)]


class Reclaim(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holder to a site that was restored from a backup: the grants it no longer knows, in order of their numbers.

    The site books them again as they were. Grants that it does know are compared and passed over.
    """

    terminal_id: TerminalId
    grants: Annotated[tuple[Grant, ...], Meta(max_length=1000)]


class Reclaimed(Struct, frozen=True, kw_only=True):
    """Site to holder: the last grant that the site knows now."""

    granted: Seq
    site_ms: AtMs
