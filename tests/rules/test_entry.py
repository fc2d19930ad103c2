"""Entries: their canonical bytes and hashes are the same for ever, on the till and on the site."""

import hashlib
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from terminal.rules.entry import GENESIS, Draft, canonical_bytes, canonical_json, chain, draft_of, uuid7

REGISTER = Draft(
    id="019687f0-0000-7000-8000-000000000001",
    kind="register",
    at_ms=1_777_896_000_000,
    operator="c-1",
    customer_id="019687f0-0000-7000-8000-00000000000c",
    payload='{"consents":{"programme":true}}',
)
EARN = replace(
    REGISTER,
    id="019687f0-0000-7000-8000-000000000002",
    kind="earn",
    points=10,
    sale_id="s-1",
    payload='{"lot":{"available_from":"2026-05-04","points":10},"назва":"Їжак \\"№1\\""}',
)

REGISTER_BYTES = (
    b'["till-1",1,"019687f0-0000-7000-8000-000000000001","register",1777896000000,"c-1",0,'
    b'"019687f0-0000-7000-8000-00000000000c",null,"{\\"consents\\":{\\"programme\\":true}}"]'
)


def test_the_bytes_of_an_entry() -> None:
    assert canonical_bytes("till-1", 1, REGISTER) == REGISTER_BYTES


def test_the_hash_of_an_entry_and_of_the_next_one() -> None:
    first = chain("till-1", 1, REGISTER, GENESIS)
    second = chain("till-1", 2, EARN, first.hash)
    assert first.hash == hashlib.sha256(bytes(32) + REGISTER_BYTES).digest()
    assert first.hash.hex() == "c5a157bf53aaf11a8c5c4bd32f6f8cd8918f05bf485ac5a2cf8bc775030b5361"
    assert second.hash.hex() == "bdfbd0d202dac97cd73b6102801e8225cf04f1a69b017f63aea3c5fb2e0f8ee0"
    assert (first.prev_hash, second.prev_hash) == (bytes(32), first.hash)
    assert (draft_of(first), draft_of(second)) == (REGISTER, EARN)


@pytest.mark.parametrize(
    "other",
    [
        replace(EARN, id="x"),
        replace(EARN, kind="gift"),
        replace(EARN, at_ms=EARN.at_ms + 1),
        replace(EARN, operator="c-2"),
        replace(EARN, points=11),
        replace(EARN, points=-10),
        replace(EARN, customer_id=None),
        replace(EARN, sale_id=None),
        replace(EARN, payload="{}"),
    ],
)
def test_every_field_is_under_the_hash(other: Draft) -> None:
    assert chain("till-1", 2, other, GENESIS).hash != chain("till-1", 2, EARN, GENESIS).hash


def test_the_till_its_place_and_its_past_are_under_the_hash() -> None:
    hashes = {
        chain("till-1", 1, EARN, GENESIS).hash,
        chain("till-2", 1, EARN, GENESIS).hash,
        chain("till-1", 2, EARN, GENESIS).hash,
        chain("till-1", 1, EARN, b"\1" * 32).hash,
    }
    assert len(hashes) == 4


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ({}, "{}"),
        ({"b": 1, "a": [True, None, "x"]}, '{"a":[true,null,"x"],"b":1}'),
        ({"z": {"б": 1, "а": -2}}, '{"z":{"а":-2,"б":1}}'),
        ({"q": 'a"b\\c\n\u2028'}, '{"q":"a\\"b\\\\c\\n\u2028"}'),
    ],
)
def test_canonical_json(payload: dict[str, object], text: str) -> None:
    assert canonical_json(payload) == text


@given(
    st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=3))
)
def test_canonical_json_says_the_same_whatever_the_order(payload: dict[str, object]) -> None:
    backwards = dict(reversed(payload.items()))
    assert canonical_json(payload) == canonical_json(backwards)
    assert json.loads(canonical_json(payload)) == payload


def test_uuid7_of_the_standard() -> None:
    """RFC 9562, appendix A.6."""
    chance = 0xCC3 << 62 | 0x18C4DC0C0C07398F
    assert uuid7(0x017F22E279B0, chance) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1))
def test_uuid7_is_one_and_holds_its_time(at_ms: int, chance: int) -> None:
    made = uuid.UUID(uuid7(at_ms, chance))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == at_ms
    assert str(made) == uuid7(at_ms, chance)


@given(st.integers(0, 2**48 - 2), st.integers(0, 2**74 - 1), st.integers(0, 2**74 - 1))
def test_a_later_uuid7_sorts_later(at_ms: int, chance: int, other: int) -> None:
    assert uuid7(at_ms, chance) < uuid7(at_ms + 1, other)
    assert (uuid7(at_ms, chance) == uuid7(at_ms, other)) == (chance == other)
