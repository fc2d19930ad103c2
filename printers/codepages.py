"""Single-byte code pages: which character is which byte, and which page serves a text best."""

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from printers.cells import clusters
from printers.printable import printable

_ALIASES = {"RK1048": "kz1048", "KZ1048": "kz1048", "CP928": "iso8859_7"}
"""Pages which python-escpos names without a codec, and for which Python has one."""

_PREFERRED = ("cp1251", "kz1048", "cp1125", "cp866", "cp852", "cp1250", "cp858", "cp1252")
"""Among pages that serve a text equally well, the first of these is taken."""


@dataclass(frozen=True, slots=True)
class CodePage:
    """A page as one printer has it: the number it is called by (`ESC t n`) and Python's codec."""

    slot: int
    codec: str


def codec_of(name: str) -> str | None:
    """Python's codec for a page's name ("CP1251", "PC866", "WPC1252"), where there is a single-byte one."""
    plain = name.upper().removeprefix("W").replace("PC", "CP", 1) if name[:1].upper() in "PW" else name.upper()
    try:
        codec = codecs.lookup(_ALIASES.get(plain.replace("-", ""), plain)).name
        "漢".encode(codec)
    except UnicodeEncodeError:
        return codec if len(_table(codec)) > 96 else None
    except LookupError:
        return None
    return None


@lru_cache(maxsize=64)
def _table(codec: str) -> dict[str, int]:
    """Character to byte for all that the page can print; no byte below 0x20, and no DEL."""
    table: dict[str, int] = {}
    for byte in (*range(0x20, 0x7F), *range(0x80, 0x100)):
        try:
            char = bytes([byte]).decode(codec)
        except UnicodeDecodeError:
            continue
        if len(char) == 1 and printable(char) == char:
            table.setdefault(char, byte)
    return table


ASCII = CodePage(0, "ascii")
"""What every printer prints whatever page it is on."""


def encoded(text: str, page: CodePage) -> bytes | None:
    """Clean text as bytes of the page; None when the page has not all of it."""
    table = _table(page.codec)
    try:
        return bytes([table[char] for char in text])
    except KeyError:
        return None


def best_page(lines: Iterable[str], pages: Sequence[CodePage]) -> CodePage:
    """The one page for a whole job: the one that leaves the fewest lines to be drawn as dots."""
    letters = [{char for char in clusters(line) if not char.isascii()} for line in lines if not line.isascii()]
    if not letters or not pages:
        return ASCII
    return min(pages, key=lambda page: (_left_over(letters, page), _rank(page), page.slot))


def _left_over(letters: list[set[str]], page: CodePage) -> int:
    table = _table(page.codec)
    return sum(1 for line in letters if not line <= table.keys())


def _rank(page: CodePage) -> int:
    return _PREFERRED.index(page.codec) if page.codec in _PREFERRED else len(_PREFERRED)
