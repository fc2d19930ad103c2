"""Which letters each printer prints as text, and which it must draw: one golden table."""

import json
from pathlib import Path

import pytest

from printers.codepages import best_page, encoded
from printers.document import Columns, Cut, Document, Rule, Text
from printers.escpos import encode
from printers.layout import Line, lay_out
from printers.profile import load_profile, profile_names

LETTERS = {
    "uk": "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "pl": "AĄBCĆDEĘFGHIJKLŁMNŃOÓPQRSŚTUVWXYZŹŻaąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż",
    "ru": "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "kk": "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯаәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "signs": "₴€₸₽ʼ’«»–—№",
}

# Every printer there is: what was looked at once, so that no change of a table or of the choice goes unseen.
EVERY = json.loads((Path(__file__).parent / "golden_coverage.json").read_text(encoding="utf-8"))

# Printer: the page that serves each alphabet best, and the letters that must be drawn all the same.
GOLDEN = {
    "58mm": {"uk": ("cp1251", ""), "pl": ("cp852", ""), "ru": ("cp1251", ""), "kk": ("cp1251", "ӘҒҚҢӨҰҮҺәғқңөұүһ")},
    "80mm": {"uk": ("cp1251", ""), "pl": ("cp852", ""), "ru": ("cp1251", ""), "kk": ("cp1251", "ӘҒҚҢӨҰҮҺәғқңөұүһ")},
    "TM-T20II": {"uk": ("cp1251", ""), "pl": ("cp852", ""), "ru": ("cp1251", ""), "kk": ("kz1048", "")},
    "TM-T88IV": {
        "uk": ("cp866", "ҐІґі"),
        "pl": ("cp852", ""),
        "ru": ("cp866", ""),
        "kk": ("cp866", "ӘҒҚҢӨҰҮҺІәғқңөұүһі"),
    },
    "TM-T88III": {
        "uk": ("cp866", "ҐІґі"),
        "pl": ("cp858", "ĄĆĘŁŃŚŹŻąćęłńśźż"),
        "ru": ("cp866", ""),
        "kk": ("cp866", "ӘҒҚҢӨҰҮҺІәғқңөұүһі"),
    },
    "Sunmi-V2": {
        "uk": ("cp855", "Ґґ"),
        "pl": ("cp852", ""),
        "ru": ("cp866", ""),
        "kk": ("cp855", "ӘҒҚҢӨҰҮҺәғқңөұүһ"),
    },
}


def served(name: str, letters: str) -> tuple[str, str]:
    page = best_page(list(letters), load_profile(name).pages)
    return page.codec, "".join(letter for letter in letters if encoded(letter, page) is None)


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_golden_table(name: str) -> None:
    assert {language: served(name, LETTERS[language]) for language in GOLDEN[name]} == GOLDEN[name]


def test_the_golden_table_of_every_printer_there_is() -> None:
    found = {
        name: {language: list(served(name, letters)) for language, letters in LETTERS.items()}
        for name in profile_names()
    }
    assert found == EVERY
    for name in GOLDEN:
        for language, expected in GOLDEN[name].items():
            assert EVERY[name][language] == list(expected)


def test_the_hryvnia_the_tenge_and_the_rouble_are_drawn_everywhere() -> None:
    for name in profile_names():
        for page in load_profile(name).pages:
            assert encoded("₴", page) is None
            assert encoded("₽", page) is None
            assert encoded("₸", page) is None


@pytest.mark.parametrize("name", profile_names())
def test_every_letter_is_a_byte_of_the_page_or_a_drawn_line_and_never_another(name: str) -> None:
    profile = load_profile(name)
    for letters in LETTERS.values():
        page = best_page(list(letters), profile.pages)
        for letter in letters:
            job = encode(Document((Text(letter),)), profile)
            own = best_page([letter], profile.pages)
            if (data := encoded(letter, own)) is not None:
                assert job.endswith(data + b"\n")
                assert data.decode(own.codec) == letter
            else:
                assert b"\x1dv0" in job
                assert b"?" not in job.split(b"\x1dv0")[0]
            assert b"?" not in (encoded(letter, page) or b"")


POLISH = (
    Rule(),
    Columns("Kasjer", "Małgorzata"),
    Columns("Sprzedaż nr 201", ""),
    Columns("Rachunek", "634,40 zł"),
    Columns("Użyte bonusy", "29"),
    Columns("Odjęto z rachunku", "-29,00 zł"),
    Columns("Do zapłaty", "605,40 zł", bold=True),
    Text("Dziękujemy! Zapraszamy ponownie.", "center"),
    Cut(),
)
CYRILLIC = (Columns("Klient", "Андрій Олійник, ..0009"), Columns("Poziom", "Платиновий"))


@pytest.mark.parametrize(
    ("document", "page", "drawn"),
    [
        (Document((Text("Sklep «Дім»"), *POLISH)), "cp852", ["Sklep «Дім»"]),
        (
            Document((Text("Крамниця «Дім»", size="tall"), Text("м. Київ"), *POLISH, *CYRILLIC)),
            "cp852",
            ["Крамниця «Дім»", "м. Київ", "Андрій Олійник, ..0009", "Платиновий"],
        ),
        (
            Document((Text("Крамниця «Дім»"), Text("м. Київ"), *POLISH[:4], *CYRILLIC)),
            "cp1251",
            ["Małgorzata", "Sprzedaż", "634,40 zł"],
        ),
        (Document((Text("Крамниця «Дім»"), Text("12,50 ₴"))), "cp1251", ["12,50 ₴"]),
    ],
)
def test_the_page_of_a_slip_in_two_alphabets_is_that_of_most_of_its_lines(
    document: Document, page: str, drawn: list[str]
) -> None:
    """One page for the whole slip, whichever alphabet its head is in; only the lines it lacks are dots."""
    profile = load_profile("80mm")
    lines = [item.text for item in lay_out(document, profile.columns) if isinstance(item, Line)]
    chosen = best_page(lines, profile.pages)
    assert chosen.codec == page
    left = [line for line in lines if encoded(line, chosen) is None]
    assert len(left) == len(drawn)
    assert all(words in line for words, line in zip(drawn, left, strict=True))
    job = encode(document, profile)
    assert job.count(b"\x1bt") == 1, "the page never changes within a job"
    assert job.count(b"\x1dv0") == len(drawn)
