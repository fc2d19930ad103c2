"""Pushing: a journal's entries to the site, in order, each exactly once however often it is sent."""

from typing import Annotated

from msgspec import Meta, Struct

from sync.protocol.faults import Held
from sync.protocol.limits import (
    MAX_ENTRIES,
    Amount,
    AtMs,
    Cursor,
    Day,
    Hash,
    Id,
    Payload,
    Seq,
    TerminalId,
    Text,
    Word,
)
from terminal.rules.entry import Draft, Entry

PUSH = "/v1/push"

LEASE_RETURN = "lease_return"
"""The kind of the entry by which a holder gives leased points back.

`points` is 0, since no balance changes; the payload is {"returned": [[lot, points > 0], ...]}, and "recall" with
the number of the recall that asked for it. The site moves them from the holder's lease to what is free. Codes that
are given back are in "leases": [code, ...]; `returned` is there too, empty where no points are.
"""


REPLICA_MENDED = "replica_mended"
"""The kind of the entry by which a till notes what its nightly comparison found different and took from the site.

It has no customer and no points, and changes nothing; the payload is {"customers": [[id, points before, points
after], ...]}.
"""

MAY_OWE = frozenset({"clawback", "refund", "restore", "void"})
"""Kinds that may leave a holder owing: the goods came back, but their points had gone."""


class WireEntry(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """One entry as it stands in the journal: a JSON array in this order."""

    seq: Annotated[int, Meta(ge=1, le=2**53)]
    id: Id
    kind: Annotated[str, Meta(min_length=1, max_length=40)]
    at_ms: AtMs
    operator: Word
    points: Amount
    customer_id: Id | None
    sale_id: Id | None
    payload: Payload
    prev_hash: Hash
    hash: Hash


class SentPerson(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Personal data that a till wrote, as it has it now: it is not in the journal, where it could not be erased.

    `phone` is E.164 digits. `salt` is what the `person_hash` of the `register` entry was made with.
    """

    customer_id: Id
    name: Text
    phone: Annotated[str, Meta(pattern="^[0-9]{7,15}$")] | None = None
    email: Text | None = None
    birthday: Day | None = None
    language: Word | None = None
    note: Text = ""
    salt: Annotated[bytes, Meta(max_length=64)] = b""


class Push(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holder to site: the entries of `terminal_id`'s journal that follow `after_seq`; none asks "how far are you?".

    `after_hash` is the hash of the journal's entry `after_seq` (32 zero bytes for 0) and `head_seq` its last entry:
    by them a restored or a copied ledger is told from a slow one. `people` has the customers whose `register`,
    `phone_changed` or `note_changed` entries are in this push. `granted` and `recalled` are the highest numbers of
    a grant that the holder knows and of a recall that it has dealt with, by entries up to `head_seq`. By its
    `cursor` the site finds out that it was itself restored from a backup.

    Idempotent: what the site has already is compared by hash and passed over.
    """

    terminal_id: TerminalId
    after_seq: Seq
    after_hash: Hash
    head_seq: Seq
    entries: Annotated[tuple[WireEntry, ...], Meta(max_length=MAX_ENTRIES)] = ()
    people: Annotated[tuple[SentPerson, ...], Meta(max_length=MAX_ENTRIES)] = ()
    granted: Seq = 0
    recalled: Seq = 0
    cursor: Cursor = ""


class Pushed(Struct, frozen=True, kw_only=True):
    """Site to holder, after a durable commit: the holder sends next what follows `received_seq`, until its head.

    `received_seq` is kept on the site, `applied_seq` is in the balances, each with the hash there; they differ only
    while the journal is `held` at the entry after `applied_seq`. `granted` and `recalled` are the last numbers that
    the site has given out to this holder: when they are above the holder's own, a pull brings them. A ledger that
    is behind or forked is answered with the fault `held` instead, and so is its pull.
    """

    received_seq: Seq
    received_hash: Hash
    applied_seq: Seq
    applied_hash: Hash
    granted: Seq
    recalled: Seq
    site_ms: AtMs
    held: Held | None = None


def to_wire(entry: Entry) -> WireEntry:
    """Return an entry as it is sent."""
    return WireEntry(
        entry.seq,
        entry.id,
        entry.kind,
        entry.at_ms,
        entry.operator,
        entry.points,
        entry.customer_id,
        entry.sale_id,
        entry.payload,
        entry.prev_hash,
        entry.hash,
    )


def draft_of_wire(sent: WireEntry) -> Draft:
    """Return what the sender numbered, so that the hash can be computed again."""
    return Draft(
        sent.id,
        sent.kind,
        sent.at_ms,
        sent.operator,
        sent.points,
        sent.customer_id,
        sent.sale_id,
        sent.payload,
    )
