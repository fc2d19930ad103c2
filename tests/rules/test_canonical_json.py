"""An entry's bytes are those of the standard library's JSON, by which any other program can check the hash."""

import json

from hypothesis import given
from hypothesis import strategies as st

from terminal.rules.entry import Draft, canonical_bytes, canonical_json

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
PAYLOAD = st.dictionaries(
    TEXT,
    st.recursive(
        TEXT | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.none(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)


@given(PAYLOAD)
def test_a_payload(payload: dict[str, object]) -> None:
    assert canonical_json(payload) == json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(TEXT, TEXT, st.integers(-(2**40), 2**40), st.none() | TEXT)
def test_an_entry(terminal_id: str, operator: str, points: int, sale_id: str | None) -> None:
    draft = Draft("id", "earn", 1, operator, points, "customer", sale_id, '{"a":1}')
    fields = [terminal_id, 7, "id", "earn", 1, operator, points, "customer", sale_id, '{"a":1}']
    expected = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
    assert canonical_bytes(terminal_id, 7, draft) == expected.encode()
