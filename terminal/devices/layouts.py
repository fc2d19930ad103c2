"""Keyboard layouts: what a scanner meant when its keys were typed under a Cyrillic layout.

A keyboard-wedge scanner presses the keys of a US keyboard; the system's layout decides which signs come out.
The tables are the Windows forms of the Ukrainian, Russian and Kazakh layouts, which Linux uses too.
"""

import re

_CYRILLIC = re.compile("[\u0400-\u04ff]")
_KAZAKH_MARKS = re.compile('[",.]+')  # 1, 6 and 7
_USUAL = re.compile("[0-9A-Za-z/?]")  # what barcodes and links mostly hold
_KAZAKH_ONLY = re.compile("[әңғүұқөһӘҢҒҮҰҚӨҺ]")


def _keys(meant: str, typed: str) -> dict[str, str]:
    return dict(zip(typed, meant, strict=True))


_LETTERS = _keys("qwertyuiop[asdfghjkl;zxcvbnm,.", "йцукенгшщзхфівапролджячсмитьбю")
_CAPITALS = _keys("QWERTYUIOP{ASDFGHJKL:ZXCVBNM<>", "ЙЦУКЕНГШЩЗХФІВАПРОЛДЖЯЧСМИТЬБЮ")
_RUSSIAN_LETTERS = _keys("]s'`}S\"~", "ъыэёЪЫЭЁ")
_UKRAINIAN_LETTERS = _keys("]'\\`}\"|`", "їєґ'ЇЄҐʼ")
_SIGNS = _keys("@#$^&/?|", '"№;:?.,/')
_KAZAKH_DIGITS = _keys("`1234567890-=", '("әіңғ,.үұқөһ')
_KAZAKH_SIGNS = _keys("~@#$%^&*()_+/|", ")ӘІҢҒ;:ҮҰҚӨҺ№/")

_SLAVIC = str.maketrans(_LETTERS | _CAPITALS | _RUSSIAN_LETTERS | _UKRAINIAN_LETTERS | _SIGNS)
_KAZAKH = str.maketrans(_LETTERS | _CAPITALS | _RUSSIAN_LETTERS | _KAZAKH_DIGITS | _KAZAKH_SIGNS)


def as_latin(typed: str) -> str:
    """The text whose keys a scanner pressed, whichever layout was on; Latin text is given back as it is.

    The Kazakh layout has no digits in its row: it is told by its own letters, or by the likelier
    text.
    """
    kazakh = typed.translate(_KAZAKH)
    if _KAZAKH_ONLY.search(typed):
        return kazakh
    if not _CYRILLIC.search(typed) and not _KAZAKH_MARKS.fullmatch(typed):
        return typed
    slavic = typed.translate(_SLAVIC)
    likelier = len(_USUAL.findall(kazakh)) > len(_USUAL.findall(slavic))
    return kazakh if likelier and not re.search("[0-9]", typed) else slavic
