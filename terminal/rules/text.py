"""The gate that text from outside passes before a screen, a printer or the ledger sees it."""

import re
import unicodedata

MAX_LENGTH = 200
_MAX_MARKS_IN_A_ROW = 3
# Format characters reorder or hide what follows; surrogates, private use and unassigned have no agreed look.
_REFUSED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_SPACES = {"Zs", "Zl", "Zp"}
_LINE_ENDS = "\t\n\r\v\f\x85"
_PLAIN = re.compile(r"[\w !-/:-@«»’ʼ…—–№₴]*")


def safe_text(text: str, *, max_length: int = MAX_LENGTH) -> str:
    """Return `text` as one line that only shows: NFC, no controls, at most `max_length` characters.

    Tabs and line ends become spaces, runs of spaces one space; more than three combining marks in a row are
    dropped, so that one name cannot paint over its neighbours. The result may be empty.
    """
    if len(text) <= max_length and _is_plain(text):
        return text.strip()
    kept: list[str] = []
    marks = 0
    shown = "".join(character for character in text[: max_length * 8] if _shows(character))
    for character in unicodedata.normalize("NFC", shown):
        category = unicodedata.category(character)
        if category in _SPACES or character in _LINE_ENDS:
            character, marks = " ", 0
        elif category.startswith("M"):
            marks += 1
            if marks > _MAX_MARKS_IN_A_ROW or not kept:
                continue
        else:
            marks = 0
        if character == " " and (not kept or kept[-1] == " "):
            continue
        kept.append(character)
    return "".join(kept[:max_length]).strip()


def _is_plain(text: str) -> bool:
    """Tell, fast, that nothing needs to be done: names, sums and addresses are letters, digits and a few signs."""
    if not text.isprintable() or "  " in text:
        return False
    # A letter is never a mark, and what is in NFC already stays as it is.
    return text.isascii() or (_PLAIN.fullmatch(text) is not None and unicodedata.is_normalized("NFC", text))


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in _REFUSED or character in _LINE_ENDS


_SAME_LETTER = str.maketrans("ёґłøđıąćęńóśźż", "егlodiacenoszz")
# Nearly all names are written in these, and a chain's million of them are folded at its first sync.
_FOUR_ALPHABETS = re.compile(r"[ A-Za-z0-9А-Яа-яЁёҐґЄєІіЇїĄąĆćĘęŁłŃńÓóŚśŹźŻż]*")
_DROPPED = "'’ʼ`´\"«»„“”"


def fold(text: str) -> str:
    """Return `text` as it is searched: no case, no accents, no apostrophes, one space between words.

    Works on any alphabet: Żółć -> zolc, ҐАЛАҐАН -> галаган, Мар'яна -> маряна. The letters й and ї
    keep their marks, since they are letters of their own.
    """
    if _FOUR_ALPHABETS.fullmatch(text):
        return " ".join(text.lower().translate(_SAME_LETTER).split())
    # Compatibility forms first: what they unfold to (ＡＮＮＡ, ℌ, a wide quote) is folded like any other letter.
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded: list[str] = []
    for character in plain:
        if character in "йїў":
            folded.append(character)
        elif character not in _DROPPED:
            folded.append(_without_marks(character))
    return " ".join("".join(folded).translate(_SAME_LETTER).split())


def _without_marks(character: str) -> str:
    if character.isascii():
        return character
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(part for part in decomposed if not unicodedata.combining(part))
