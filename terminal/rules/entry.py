"""A journal entry, its one canonical form in bytes, and the hash that chains it to the entry before it."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

GENESIS = bytes(32)
"""The `prev_hash` of a till's first entry."""

Payload = Mapping[str, Any]

_SORTED = msgspec.json.Encoder(order="deterministic")
_IN_ORDER = msgspec.json.Encoder()


class Draft(msgspec.Struct, frozen=True, gc=False):
    """An entry before the journal numbers it. `points` is signed, in the smallest part of a point."""

    id: str
    kind: str
    at_ms: int
    operator: str
    points: int = 0
    customer_id: str | None = None
    sale_id: str | None = None
    payload: str = "{}"


class Entry(msgspec.Struct, frozen=True, gc=False):
    """An entry as it stands in the journal for ever, named by (`terminal_id`, `seq`).

    `at_ms` is UTC in milliseconds since 1970; `payload` is canonical JSON; hashes are SHA-256, 32 bytes.
    """

    terminal_id: str
    seq: int
    id: str
    kind: str
    at_ms: int
    operator: str
    points: int
    customer_id: str | None
    sale_id: str | None
    payload: str
    prev_hash: bytes
    hash: bytes


def canonical_json(payload: Payload) -> str:
    """Return JSON with sorted keys and no spaces: RFC 8785, for the strings and whole numbers we use."""
    return _SORTED.encode(payload).decode()


def canonical_bytes(terminal_id: str, seq: int, draft: Draft) -> bytes:
    """Return the bytes of an entry that its hash covers: a JSON array of its fields in a fixed order, UTF-8."""
    fields = [
        terminal_id,
        seq,
        draft.id,
        draft.kind,
        draft.at_ms,
        draft.operator,
        draft.points,
        draft.customer_id,
        draft.sale_id,
        draft.payload,
    ]
    return _IN_ORDER.encode(fields)


def chain(terminal_id: str, seq: int, draft: Draft, prev_hash: bytes) -> Entry:
    """Number a draft and chain it: hash = SHA-256(prev_hash + canonical bytes)."""
    digest = hashlib.sha256(prev_hash + canonical_bytes(terminal_id, seq, draft)).digest()
    return Entry(
        terminal_id,
        seq,
        draft.id,
        draft.kind,
        draft.at_ms,
        draft.operator,
        draft.points,
        draft.customer_id,
        draft.sale_id,
        draft.payload,
        prev_hash,
        digest,
    )


def draft_of(entry: Entry) -> Draft:
    """Return what was numbered, so that an entry's hash can be computed again."""
    return Draft(
        entry.id,
        entry.kind,
        entry.at_ms,
        entry.operator,
        entry.points,
        entry.customer_id,
        entry.sale_id,
        entry.payload,
    )


def uuid7(at_ms: int, chance: int) -> str:
    """Return a UUID version 7 (RFC 9562, 5.7) of a time in milliseconds and 74 bits of chance."""
    number = (at_ms & (1 << 48) - 1) << 80 | 0x7 << 76 | (chance >> 62 & 0xFFF) << 64 | 0b10 << 62
    number |= chance & (1 << 62) - 1
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
