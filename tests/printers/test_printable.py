"""The whitelist of what may stand on paper, and how wide it is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.cells import clusters, cut_at, text_columns
from printers.printable import printable


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Їжак і ґава", "Їжак і ґава"),
        ("Zażółć gęślą jaźń", "Zażółć gęślą jaźń"),
        ("и\u0306 і\u0308", "й ї"),
        ("a\tb\nc\rd", "a b c d"),
        ("1\u00a0234\u202f567,00\u00a0₴", "1 234 567,00 ₴"),
        ("x\x1b@\x1dV\x00y", "x@Vy"),
        ("a\x7fb\x9bc\x85d", "abc d"),
        ("\u202eевил\u202c \u2066x\u2069", "евил x"),
        ("a\u200bb\u200dc\ufeffd\u00ade", "abcde"),
        ("\ud800\udfff\ue000\U000f0000\U0010ffff", ""),
        ("\u0301а\u0301", "а\u0301"),
        ("е" + "\u0301" * 50, "е" + "\u0301" * 4),
        ("a\ufe0fb\u034fc\u3164d", "abcd"),
        ("漢字", "漢字"),
        ("", ""),
    ],
)
def test_clean_text(text: str, clean: str) -> None:
    assert printable(text) == clean


@given(st.text(st.characters()))
def test_clean_text_stays_clean(text: str) -> None:
    clean = printable(text)
    assert printable(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(char)[0] == "C" for char in clean)
    assert all(char == " " for char in clean if unicodedata.category(char)[0] == "Z")


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("їжак", 4), ("а\u0301б", 2), ("漢字", 4), ("e\u0301\u0301", 1), ("₴", 1)],
)
def test_columns_of_text(text: str, columns: int) -> None:
    assert text_columns(text) == columns


@given(st.text(st.characters()).map(printable), st.integers(2, 40))
def test_a_cut_loses_nothing_and_fits(text: str, columns: int) -> None:
    head, tail = cut_at(text, columns)
    assert head + tail == text
    assert text_columns(head) <= columns
    assert not tail or text_columns(head) >= columns - 1
    assert "".join(clusters(text)) == text
