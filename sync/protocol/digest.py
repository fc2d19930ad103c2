"""The nightly comparison: 256 numbers for a million customers, then only what lies in the unequal ones."""

import hashlib
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from sync.protocol.limits import BUCKETS, MAX_PAGE, Cursor, Id, Seq, TerminalId

DIGEST = "/v1/digest"
BUCKET = "/v1/digest/bucket"

_DIGEST_BYTES = 5


class AskDigest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holder to site: the sums of all buckets."""

    terminal_id: TerminalId


class Digest(Struct, frozen=True, kw_only=True):
    """Site to holder: for each bucket the number of customers and the sum of their digests, as of `cursor`.

    Comparable only by a holder whose own cursor is the same and whose entries are all applied.
    """

    cursor: Cursor
    counts: Annotated[tuple[Seq, ...], Meta(min_length=BUCKETS, max_length=BUCKETS)]
    sums: Annotated[tuple[int, ...], Meta(min_length=BUCKETS, max_length=BUCKETS)]


class AskBucket(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Holder to site: the digests in one bucket, of customers with ids after `after`.

    The holder compares them with its own and asks for unequal accounts by `LookUp`.
    """

    terminal_id: TerminalId
    bucket: Annotated[int, Meta(ge=0, lt=BUCKETS)]
    after: Annotated[str, Meta(max_length=64)] = ""
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = MAX_PAGE


class CustomerDigest(Struct, frozen=True, array_like=True):
    """One customer's digest."""

    customer_id: Id
    digest: int


class Bucket(Struct, frozen=True, kw_only=True):
    """Site to holder: digests by id; ask again after the last one while `more`."""

    cursor: Cursor
    digests: Annotated[tuple[CustomerDigest, ...], Meta(max_length=MAX_PAGE)]
    more: bool


def bucket_of(customer_id: str) -> int:
    """Return the bucket that a customer is in."""
    return hashlib.sha256(customer_id.encode()).digest()[0]


def account_digest(customer_id: str, version: int, points: int, spend_minor: int, visits: int) -> int:
    """Return the digest of one account, the same for every holder: a number below 2^40.

    The figures are the site's, so a till takes its replica and not what it shows.
    """
    told = f"{customer_id}|{version}|{points}|{spend_minor}|{visits}"
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:_DIGEST_BYTES], "big")


def sum_up(digests: Iterable[tuple[str, int]]) -> tuple[list[int], list[int]]:
    """Return (counts, sums) of the buckets from (customer id, digest): what `Digest` holds."""
    counts, sums = [0] * BUCKETS, [0] * BUCKETS
    for customer_id, digest in digests:
        bucket = bucket_of(customer_id)
        counts[bucket] += 1
        sums[bucket] += digest
    return counts, sums
