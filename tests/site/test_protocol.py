"""Messages on the wire: the same there and back, and hostile bytes refused by name."""

import gzip

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol import (
    MAX_BODY_BYTES,
    STATUS,
    Code,
    LotState,
    Malformed,
    Page,
    Push,
    TooLarge,
    account_digest,
    bucket_of,
    decode,
    draft_of_wire,
    encode,
    gunzip,
    sum_up,
    to_wire,
)
from terminal.rules.entry import GENESIS, Draft, chain

DRAFT = Draft("e-1", "earn", 1_777_000_000_000, "cashier", 5, "c-1", "s-1", '{"lot":{"points":5}}')


def push(**changes: object) -> bytes:
    plain = {"terminal_id": "till-1", "after_seq": 0, "after_hash": GENESIS, "head_seq": 1, **changes}
    return msgspec.json.encode(plain)


def test_an_entry_keeps_its_hash_over_the_wire() -> None:
    entry = chain("till-1", 1, DRAFT, GENESIS)
    sent = Push(
        terminal_id="till-1", after_seq=0, after_hash=GENESIS, head_seq=1, entries=(to_wire(entry),), granted=3
    )
    got = decode(encode(sent), Push)
    assert got == sent
    assert chain("till-1", 1, draft_of_wire(got.entries[0]), GENESIS) == entry


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("no JSON", b"<html>Please log in</html>"),
        ("cut off", push()[:-1]),
        ("another shape", b"[]"),
        ("a key we don't know", push(extra=1)),
        ("a float for a number", push(head_seq=1.0)),
        ("a number below zero", push(after_seq=-1)),
        ("a number beyond all sense", push(after_seq=2**60)),
        ("a short hash", push(after_hash=b"\0" * 31)),
        ("an entry of too few fields", push(entries=[[1, "e"]])),
        ("a nameless till", push(terminal_id="")),
        ("a till with a line end", push(terminal_id="a\nb")),
        ("deeper than any message", b"[" * 200_000 + b"]" * 200_000),
        ("no UTF-8", b'{"terminal_id":"\xff\xfe"}'),
    ],
)
def test_what_makes_no_sense_is_refused(what: str, body: bytes) -> None:
    with pytest.raises(Malformed):
        decode(body, Push)


def test_floats_for_points_are_refused_in_a_page() -> None:
    with pytest.raises(Malformed):
        decode(b'["lot",10.5,10,10,"2026-05-04",null]', LotState)


def test_a_newer_site_may_say_more() -> None:
    page = Page(phase="changes", cursor="c", more=False, site_ms=1, applied=(), granted=0, recalled=0)
    assert decode(encode(page)[:-1] + b',"new_in_later_versions":1}', Page) == page


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_refused(body: bytes) -> None:
    try:
        decode(body, Push)
    except Malformed:
        return
    raise AssertionError("random bytes were taken for a message")


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(TooLarge):
        gunzip(gzip.compress(bytes(MAX_BODY_BYTES + 1)))


@pytest.mark.parametrize("spoil", [lambda b: b[:-4], lambda b: b + b"x", lambda b: b"\x1f\x8b" + b[20:]])
def test_gzip_that_is_not_whole_is_refused(spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(Malformed):
        gunzip(spoil(gzip.compress(b'{"a": 1}' * 100)))


def test_every_code_has_a_status() -> None:
    assert set(STATUS) == set(Code)


def test_a_digest_sees_each_figure() -> None:
    plain = account_digest("c", 7, 12, 100, 1)
    others = [
        account_digest("d", 7, 12, 100, 1),
        account_digest("c", 8, 12, 100, 1),
        account_digest("c", 7, 13, 100, 1),
        account_digest("c", 7, 12, 101, 1),
        account_digest("c", 7, 12, 100, 2),
    ]
    assert len({plain, *others}) == 6
    counts, sums = sum_up([("c", plain)])
    assert (counts[bucket_of("c")], sums[bucket_of("c")]) == (1, plain)
    assert sum(counts) == 1
