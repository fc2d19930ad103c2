"""Scans typed under Cyrillic layouts, read back as what the scanner meant."""

import pytest

from terminal.devices.layouts import as_latin

US = "`1234567890-=qwertyuiop[]asdfghjkl;'zxcvbnm,./~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?"
UKRAINIAN = "'1234567890-=йцукенгшщзхїфівапролджєячсмитьбю.ʼ!\"№;%:?*()_+ЙЦУКЕНГШЩЗХЇФІВАПРОЛДЖЄЯЧСМИТЬБЮ,"
RUSSIAN = 'ё1234567890-=йцукенгшщзхъфывапролджэячсмитьбю.Ё!"№;%:?*()_+ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,'
KAZAKH = '("әіңғ,.үұқөһйцукенгшщзхъфывапролджэячсмитьбю№)!ӘІҢҒ;:ҮҰҚӨҺЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ?'
LAYOUTS = {"uk": UKRAINIAN, "ru": RUSSIAN, "kk": KAZAKH}


@pytest.mark.parametrize("language", LAYOUTS)
@pytest.mark.parametrize(
    "meant",
    [
        "SHOP000123",
        "shop000123",
        "]E02900000000001",
        "]C0SHOP000123",
        "]Q1https://shop.example/c/A17?x=1&y=_2",
        "https://shop.example/c/Qwerty",
        "ABC-12/3",
        "[a]{b}",
    ],
)
def test_a_scan_under_a_cyrillic_layout_is_what_the_scanner_pressed(language: str, meant: str) -> None:
    typed = meant.translate(str.maketrans(US, LAYOUTS[language]))
    assert typed != meant
    assert as_latin(typed) == meant


@pytest.mark.parametrize("meant", ["2900000000001", "4820000000017", "1234567890", "16761", "13671", "A1671"])
def test_digits_under_the_kazakh_layout_are_digits(meant: str) -> None:
    typed = meant.translate(str.maketrans(US, KAZAKH))
    assert not any(sign in typed for sign in "0123456789")
    assert as_latin(typed) == meant


@pytest.mark.parametrize(
    "text", ["2900000000001", "SHOP-1", "]E0482", "https://a.b/?c=d&e", "", 'a"b,c.d', "zażółć"]
)
def test_latin_text_is_left_alone(text: str) -> None:
    assert as_latin(text) == text


def test_no_key_of_a_layout_is_forgotten() -> None:
    for language, layout in LAYOUTS.items():
        assert len(layout) == len(US), language
        assert as_latin(layout).replace("~", "`") == US.replace("~", "`"), language
