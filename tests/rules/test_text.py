"""The gate for text from outside, and the form that names are searched in."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal.rules.text import MAX_LENGTH, fold, safe_text

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Олена", "Олена"),
        ("  Олена\t\n Коваленко ", "Олена Коваленко"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("\x1b[2J\x1b[31mRed", "[2J[31mRed"),
        ("a\x00b\x07c\x7fd", "abcd"),
        ("\x9b31mred", "31mred"),
        ("[bold red]Ann[/]", "[bold red]Ann[/]"),
        ("\u202eelagel\u202c", "elagel"),
        ("\u2066left\u2069\u200f\u200e\u061c", "left"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("\ud800half", "half"),
        ("\ue000private\U000e0041", "private"),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("\u0301a", "a"),
        ("a" + "\u0323" * 9, "ạ" + "\u0323" * 3),
        ("", ""),
        ("\u200b\u200e ", ""),
        ("😀", "😀"),
        ("a" * 500, "a" * MAX_LENGTH),
    ],
)
def test_safe_text(text: str, shown: str) -> None:
    assert safe_text(text) == shown


def test_the_length_is_the_callers() -> None:
    assert safe_text("Олена Коваленко", max_length=5) == "Олена"
    assert safe_text("Олена Коваленко", max_length=6) == "Олена"
    assert len(safe_text("ﷺ" * 100, max_length=10)) <= 10


def test_no_character_of_unicode_gets_through_that_moves_or_hides_others() -> None:
    refused = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    moving = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    passed = [
        f"U+{ord(character):04X}"
        for first in range(0, 0x110000, 4096)
        for character in safe_text("a".join(map(chr, range(first, first + 4096))), max_length=20_000)
        if unicodedata.category(character) in refused or unicodedata.bidirectional(character) in moving
    ]
    assert passed == []


@given(ANYTHING, st.integers(0, 40))
def test_text_is_one_short_line_and_safe_once_and_for_all(text: str, length: int) -> None:
    shown = safe_text(text, max_length=length)
    assert len(shown) <= length
    assert len(shown.splitlines()) <= 1
    assert shown == shown.strip()
    assert "  " not in shown
    assert shown.isprintable()
    assert safe_text(shown, max_length=length) == shown


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Żółć", "zolc"),
        ("ҐАЛАҐАН", "галаган"),
        ("Мар'яна", "маряна"),
        ("Мар’яна", "маряна"),
        ("Марʼяна", "маряна"),
        ("Їжак Йосип", "їжак йосип"),
        ("И\u0306осип", "йосип"),
        ("Алёна", "алена"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("STRASSE Straße", "strasse strasse"),
        ("İstanbul", "istanbul"),
        ("  Анна   Марія ", "анна марія"),
        ("ＡＮＮＡ", "anna"),
        ("ℌ", "h"),
        ("＂quoted＂", "quoted"),
        ("«Смаколик»", "смаколик"),
        ("ΑΛΈΞΗΣ", "αλεξησ"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANYTHING)
def test_folding_again_changes_nothing_and_no_quote_is_left(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert '"' not in folded


@given(st.text("АБВГҐДЕЄЖЗИІЇЙКЛМНабвгґдеєжзиіїйклмнąćęłńóśźżĄĆĘŁŃÓŚŹŻёЁ '’", max_size=30))
def test_case_never_matters(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@given(st.text("АБҐДЕЄЖИІЇЙбґдеєиіїйьЁёЪъЫыЭэąćęłńóśźżĄĆĘŁŃÓŚŹŻAbZz 019", max_size=30))
def test_a_name_is_folded_the_same_with_an_apostrophe(text: str) -> None:
    assert fold(f"{text}'") == fold(text)
