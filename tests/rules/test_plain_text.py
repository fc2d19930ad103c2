"""Plain ASCII takes a short way through the gate; it comes out as by the long one."""

from hypothesis import given
from hypothesis import strategies as st

from terminal.rules.text import safe_text


@given(st.text(st.characters(max_codepoint=127)), st.integers(1, 60))
def test_the_short_way_leads_where_the_long_one_does(text: str, most: int) -> None:
    by_the_long_way = safe_text("é" + text, max_length=most + 1)[1:].strip()
    if len(text) <= most:
        assert safe_text(text, max_length=most) == by_the_long_way
    assert len(safe_text(text, max_length=most)) <= most
