"""The package's own whitelist: what may stand on paper, whoever wrote it."""

import unicodedata

_MARKS_PER_LETTER = 4
"""More marks on one letter than any language of ours writes are noise."""

_BLANKS = frozenset("\t\n\v\f\r\x85")
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffc") | {
    chr(code) for block in (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)) for code in block
}


def printable(text: str) -> str:
    """The text as paper may carry it: NFC; blanks of any kind as plain spaces; no control, format, private,
    surrogate, unassigned or invisible character; marks only on a letter, and few of them."""
    if text.isascii() and text.isprintable():
        return text
    kept = unicodedata.normalize("NFC", "".join(map(_kept, text)))
    return kept if kept.isascii() else _with_few_marks(kept)


def _kept(char: str) -> str:
    category = unicodedata.category(char)
    if char in _BLANKS or category[0] == "Z":
        return " "
    return "" if category[0] == "C" or char in _INVISIBLE else char


def _with_few_marks(text: str) -> str:
    out: list[str] = []
    room = 0
    for char in text:
        if unicodedata.category(char)[0] != "M":
            room = 0 if char == " " else _MARKS_PER_LETTER
            out.append(char)
        elif room:
            room -= 1
            out.append(char)
    return unicodedata.normalize("NFC", "".join(out))
