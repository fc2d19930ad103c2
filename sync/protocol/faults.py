"""What may go wrong between a holder and the site, as codes that a program can act on."""

from enum import StrEnum

from msgspec import Struct

from sync.protocol.limits import AtMs, Seq, Text


class Code(StrEnum):
    """Why a request was not done. The HTTP status that carries it is in `STATUS`."""

    UNKNOWN_VERSION = "unknown_version"
    """The protocol's version is not one of the site's. One end is older: update it. Nothing was done."""
    MALFORMED = "malformed"
    """The body is no JSON, or not this message. The text names the place."""
    TOO_LARGE = "too_large"
    """More bytes, entries or rows than the limits allow. Send less at a time."""
    UNAUTHORISED = "unauthorised"
    """No token, an unknown one, or a code that is wrong, used or too old."""
    REVOKED = "revoked"
    """The holder was revoked or declared lost. It keeps its journal and may be enrolled under a new id."""
    FORBIDDEN = "forbidden"
    """The token's role may not do this, or speaks for another journal."""
    UNKNOWN = "unknown"
    """There is no such customer, order, page or bucket."""
    GAP = "gap"
    """The push begins after what the site has. Send from `received_seq` on."""
    CHAIN_BROKEN = "chain_broken"
    """An entry's hash does not follow from the one before it. Nothing of the push was kept."""
    HELD = "held"
    """This journal is held: see `held`. The till sells on; nothing is granted to it until a person has looked."""
    CURSOR_AHEAD = "cursor_ahead"
    """The cursor is from the future: the site was restored from a backup. Reclaim the grants, push, begin anew."""
    RECOVERING = "recovering"
    """The site was restored and grants nothing until its holders have reclaimed theirs."""
    CONFLICT = "conflict"
    """The same key was used for something else, or the state does not allow it."""
    REFUSED = "refused"
    """The programme's rules say no; the text says why."""
    RATE_LIMITED = "rate_limited"
    """Too many tries. Wait `retry_after_s`."""
    BUSY = "busy"
    """The site can't answer now. Wait `retry_after_s` and send the same again."""


STATUS = {
    Code.UNKNOWN_VERSION: 400,
    Code.MALFORMED: 400,
    Code.UNAUTHORISED: 401,
    Code.REVOKED: 403,
    Code.FORBIDDEN: 403,
    Code.UNKNOWN: 404,
    Code.GAP: 409,
    Code.CHAIN_BROKEN: 409,
    Code.HELD: 409,
    Code.CURSOR_AHEAD: 409,
    Code.CONFLICT: 409,
    Code.RECOVERING: 409,
    Code.TOO_LARGE: 413,
    Code.REFUSED: 422,
    Code.RATE_LIMITED: 429,
    Code.BUSY: 503,
}
"""The HTTP status of each code."""


class WhyHeld(StrEnum):
    """Why a journal is held. The first two are for good: the till re-enrols under a new id."""

    LEDGER_BEHIND = "ledger_behind"
    """The ledger ends before entries that the site has from it: it was restored from a backup."""
    LEDGER_FORKED = "ledger_forked"
    """The ledger has another entry under a number that the site has: it was restored, or runs twice."""
    DUPLICATE = "duplicate"
    """An entry registers a customer, or makes a lot or a sale, that is there already."""
    UNKNOWN_KIND = "unknown_kind"
    """An entry of a kind that this site does not know. It is kept, and applied once the site is updated."""
    BAD_PAYLOAD = "bad_payload"
    """An entry whose payload is not what its kind says."""
    UNKNOWN_CUSTOMER = "unknown_customer"
    """An entry is about a customer whom the site does not know."""
    UNKNOWN_LOT = "unknown_lot"
    """An entry moves a lot that the customer does not have."""
    OVER_LEASE = "over_lease"
    """An entry takes more of a lot than the holder has leased."""
    FUTURE = "future"
    """An entry is dated after the site's clock by more than a day."""


class Held(Struct, frozen=True, kw_only=True):
    """A journal that waits for a person, since `since_ms`: entries before `seq` are applied, the rest is kept."""

    why: WhyHeld
    seq: Seq
    since_ms: AtMs
    text: Text = ""


class Fault(Struct, frozen=True, kw_only=True):
    """The body of every answer that is no success. `text` is English, for a log.

    `received_seq` comes with `gap`; `supported` (versions) with `unknown_version`.
    """

    code: Code
    text: Text
    retry_after_s: int | None = None
    received_seq: Seq | None = None
    held: Held | None = None
    supported: tuple[int, ...] | None = None
