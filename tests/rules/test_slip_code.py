"""A slip's code is read as it was written, and through the keyboard of a shop."""

from hypothesis import given
from hypothesis import strategies as st

from terminal.devices.layouts import as_latin
from terminal.rules.entry import uuid7
from terminal.rules.slip_code import SlipCode, SlipKind, read_slip_code, slip_code

SALE_ID = uuid7(1_777_000_000_000, 12345)
_CYRILLIC = str.maketrans("TMSRVILABCDEF:", "ЕЬІКМШДФИСВУАЖ")


@given(
    st.sampled_from(["sale", "refund", "void"]),
    st.from_regex("[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?", fullmatch=True),
    st.integers(1, 10**9),
    st.integers(0, (1 << 74) - 1),
)
def test_it_is_read_as_it_was_written(kind: SlipKind, terminal: str, number: int, chance: int) -> None:
    sale_id = uuid7(1_777_000_000_000, chance)
    assert read_slip_code(slip_code(kind, terminal, number, sale_id)) == SlipCode(
        kind, terminal.lower(), number, sale_id
    )


def test_a_cyrillic_keyboard_and_caps_lock_do_not_matter() -> None:
    code = slip_code("sale", "till-1", 17, SALE_ID)
    assert read_slip_code(as_latin(code.translate(_CYRILLIC))) == SlipCode("sale", "till-1", 17, SALE_ID)
    turned = read_slip_code(code.swapcase())
    assert turned is not None
    assert (turned.number, turned.sale_id) == (17, SALE_ID)


def test_other_codes_are_no_slips() -> None:
    for text in ("", "2900000000018", "TM:S:till-1:17", "TM:X:till-1:17:" + "a" * 32, "TM:S:till-1:x:" + "a" * 32):
        assert read_slip_code(text) is None
