"""Pulling: what has changed on the site, page by page; a new ledger's first load is the same request."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from sync.protocol.accounts import Account
from sync.protocol.enrolment import ShopFacts
from sync.protocol.faults import Held
from sync.protocol.limits import (
    MAX_LOTS,
    MAX_PAGE,
    MAX_WAIT_S,
    Amount,
    AtMs,
    Cursor,
    Day,
    Hash,
    Id,
    LongText,
    Seq,
    TerminalId,
    Text,
    Word,
)
from sync.protocol.sales import Sale

PULL = "/v1/pull"

_Many = Meta(max_length=MAX_PAGE)


class Pull(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holder to site: what follows `cursor`? Waits up to `wait_s` seconds until there is something.

    `granted` and `recalled` are the highest numbers the holder knows: the page brings those after them.
    Reads only, so it may be repeated at will; the cursor "" begins anew with everything.
    """

    terminal_id: TerminalId
    cursor: Cursor = ""
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 500
    wait_s: Annotated[int, Meta(ge=0, le=MAX_WAIT_S)] = 0
    granted: Seq = 0
    recalled: Seq = 0


class Applied(Struct, frozen=True, array_like=True):
    """How far a journal is in the page's figures: its last applied entry and the hash there."""

    terminal_id: TerminalId
    seq: Seq
    hash: Hash


Asset = Literal["points", "codes"]
"""What a lease is of: points of lots, or codes of what may be used a limited number of times."""


class GrantedLot(Struct, frozen=True, array_like=True):
    """Points of one lot; of an asset that is codes, a code and 1."""

    lot_id: Id
    points: Amount


class Grant(Struct, frozen=True, kw_only=True):
    """Points of a customer that became this holder's to spend, or codes that became its to use for the customer.

    Numbered for the holder from 1 without a gap. The points are in the account's lots (`held`), the codes in its
    `leased`: a grant is never added to them. The holder keeps the grants that
    it knows, to tell them to a site that was restored from a backup (`Reclaim`).
    """

    number: Seq
    customer_id: Id
    lots: Annotated[tuple[GrantedLot, ...], Meta(max_length=MAX_LOTS)]
    at_ms: AtMs
    asset: Asset = "points"


class Recall(Struct, frozen=True, kw_only=True):
    """A wish that the holder returns up to `points` of a customer, by a `lease_return` entry; numbered like grants.

    A hint: only the entry frees points. What is spent already is not owed, and then no entry is needed: the
    number in the next push (`recalled`) says that it was dealt with. `points` None is all. With the asset "codes"
    it asks for all codes that the holder has leased for the customer.
    """

    number: Seq
    customer_id: Id
    points: Amount | None
    at_ms: AtMs
    asset: Asset = "points"


class HolderName(Struct, frozen=True, array_like=True):
    """What people call a holder."""

    holder: TerminalId
    name: Text


class ProgrammeVersion(Struct, frozen=True, kw_only=True):
    """One version of the programme; `document` is the owner's TOML."""

    number: Annotated[int, Meta(ge=1, le=2**31)]
    valid_from: Day
    document: LongText
    published_ms: AtMs


class Product(Struct, frozen=True, kw_only=True):
    """A product of the catalogue, price in minor units, with all its barcodes."""

    sku: Word
    name: Text
    price_minor: Amount
    category: Word = ""
    brand: Word = ""
    barcodes: Annotated[tuple[Word, ...], Meta(max_length=50)] = ()


class Group(Struct, frozen=True, array_like=True):
    """A group of customers."""

    code: Word
    name: Text


class StaffMember(Struct, frozen=True, kw_only=True):
    """Who may work at the tills. `pin_hash` is argon2id of HMAC-SHA-256(shop's staff_pepper, PIN) in hex."""

    id: Id
    name: Text
    role: Annotated[str, Meta(pattern="^(cashier|manager)$")]
    pin_hash: Text
    active: bool


class PromoCode(Struct, frozen=True, kw_only=True):
    """A promo code, for one customer or for everybody, both days included."""

    code: Word
    offer_id: Id
    customer_id: Id | None
    valid_from: Day
    valid_until: Day


class SiteOrder(Struct, frozen=True, kw_only=True):
    """An order of the shop's own site or of a manager; `document` is JSON: lines, what was spent, what it earns."""

    number: Word
    customer_id: Id | None
    channel: Word
    state: Annotated[str, Meta(pattern="^(held|placed|paid|issued|closed|cancelled|returned)$")]
    total_minor: Amount
    at_ms: AtMs
    document: LongText


class UseTotal(Struct, frozen=True, array_like=True):
    """How often an offer or promo code was used by all customers, this holder's applied entries included."""

    code: Id
    count: Amount


class Removed(Struct, frozen=True, array_like=True):
    """Something that is no longer there: kind is product, group, promo_code, staff or order."""

    kind: Word
    key: Word


class Page(Struct, frozen=True, kw_only=True):
    """Site to holder: a part of the feed, read in one transaction.

    The holder applies rows, `cursor` and `applied` in one transaction. While `more` is true it asks again at once.
    `phase` is "bulk" while a new ledger is loaded (`total` accounts, `done` of them sent up to this page) and
    "changes" afterwards. Kinds may come in any order among each other; the later page wins.

    Every account in the page is as of `applied`; one that is not in it is as of its own last page. So a holder
    keeps with each account the `seq` of `applied` that it came with; once `more` is false, all are as of `applied`.
    `granted` and `recalled` are the last numbers given out to this holder; the lists may end before them. A load
    tells the `sales` of the last month, and as far back as the programme's tiers count.
    """

    phase: Annotated[str, Meta(pattern="^(bulk|changes)$")]
    cursor: Cursor
    more: bool
    site_ms: AtMs
    applied: Annotated[tuple[Applied, ...], _Many]
    granted: Seq
    recalled: Seq
    done: Seq = 0
    total: Seq = 0
    held: Held | None = None
    shop: ShopFacts | None = None
    holders: Annotated[tuple[HolderName, ...], Meta(max_length=20_000)] = ()
    accounts: Annotated[tuple[Account, ...], _Many] = ()
    grants: Annotated[tuple[Grant, ...], _Many] = ()
    recalls: Annotated[tuple[Recall, ...], _Many] = ()
    programmes: Annotated[tuple[ProgrammeVersion, ...], _Many] = ()
    products: Annotated[tuple[Product, ...], _Many] = ()
    groups: Annotated[tuple[Group, ...], _Many] = ()
    staff: Annotated[tuple[StaffMember, ...], _Many] = ()
    promo_codes: Annotated[tuple[PromoCode, ...], _Many] = ()
    orders: Annotated[tuple[SiteOrder, ...], _Many] = ()
    uses: Annotated[tuple[UseTotal, ...], _Many] = ()
    sales: Annotated[tuple[Sale, ...], _Many] = ()
    removed: Annotated[tuple[Removed, ...], _Many] = ()
