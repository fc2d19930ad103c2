"""Plain text takes a short way through the gate; it comes out as by the long one."""

from hypothesis import given
from hypothesis import strategies as st

from terminal.rules.text import safe_text

DROPPED = "\u200b"
"""A character without width sends a text the long way, and is dropped there."""

TEXTS = (
    st.text(st.characters(max_codepoint=127), max_size=60)
    | st.text("Олена Їжакґєії’ʼ«»№₴…—– ,.12\u0301\u0306\u0338éйŁżó", max_size=60)
    | st.text(max_size=60)
)


@given(TEXTS, st.integers(1, 60))
def test_the_short_way_leads_where_the_long_one_does(text: str, most: int) -> None:
    assert safe_text(text, max_length=most) == safe_text(DROPPED + text, max_length=most)
