"""A file of customers as spreadsheets write it: its encoding, its delimiter, its headers in four languages."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from terminal.commands.faults import Declined
from terminal.desk.importing import BadRow, ImportRow
from terminal.rules.phrase import phrase
from terminal.rules.text import fold

_ENCODINGS = ("utf-8-sig", "cp1251")
_DELIMITERS = ",;\t"
_CHUNK = 1 << 20
_HEADERS = {
    "name": (
        "name", "customer", "full name",
        "ім'я", "піб", "прізвище та ім'я", "ім'я та прізвище", "клієнт", "покупець",
        "imię", "imię i nazwisko", "nazwisko i imię", "nazwisko", "klient",
        "имя", "фио", "фамилия и имя", "имя и фамилия", "клиент", "покупатель",
    ),
    "phone": (
        "phone", "phone number", "mobile", "телефон", "номер телефону", "мобільний", "моб", "тел",
        "telefon", "numer telefonu", "nr telefonu", "komórka", "номер телефона", "мобильный",
    ),
    "card": (
        "card", "card number", "barcode", "картка", "карта", "номер картки", "номер карти", "штрих-код", "штрихкод",
        "karta", "numer karty", "nr karty", "kod kreskowy", "номер карты",
    ),
    "points": (
        "points", "bonuses", "balance", "бонуси", "бали", "баланс", "залишок бонусів",
        "punkty", "bonusy", "saldo", "бонусы", "баллы", "остаток бонусов",
    ),
    "email": ("email", "e-mail", "mail", "пошта", "електронна пошта", "poczta", "почта", "электронная почта"),
    "birthday": (
        "birthday", "date of birth", "born", "дата народження", "день народження",
        "data urodzenia", "urodziny", "дата рождения", "день рождения",
    ),
    "language": ("language", "lang", "мова", "język", "язык"),
    "spend": (
        "spend", "spent", "turnover", "total", "сума покупок", "витрачено", "оборот",
        "suma zakupów", "wydano", "obrót", "сумма покупок", "потрачено",
    ),
}  # fmt: skip
_COLUMN_OF = {fold(header): column for column, headers in _HEADERS.items() for header in headers}
_NEEDED = ("name", "phone")


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """A file that was looked through: how to read it, which column stands where, and which are not used."""

    path: Path
    encoding: str
    delimiter: str
    places: dict[str, int]
    unused: tuple[str, ...]
    size_bytes: int


def open_customer_file(path: Path, encoding: str | None = None) -> CustomerFile:
    """Find out how a file is to be read; raises Declined when it has no readable header."""
    found = encoding or encoding_of(path)
    try:
        with path.open(encoding=found, newline="") as file:
            header = file.readline()
    except (UnicodeDecodeError, LookupError):
        raise Declined(phrase("The file can't be read as {encoding}.", encoding=found)) from None
    delimiter = max(_DELIMITERS, key=header.count)
    names = next(csv.reader([header], delimiter=delimiter), [])
    places: dict[str, int] = {}
    unused = []
    for place, name in enumerate(names):
        column = _COLUMN_OF.get(fold(name))
        if column is None:
            unused.append(name)
        elif column in places:
            raise Declined(phrase("The column “{name}” stands there twice.", name=name))
        else:
            places[column] = place
    if any(column not in places for column in _NEEDED):
        raise Declined(phrase("The first line must name the columns; “name” and “phone” are needed."))
    return CustomerFile(path, found, delimiter, places, tuple(filter(None, unused)), path.stat().st_size)


def customer_rows(
    source: CustomerFile, progress: Callable[[int, int], None] = lambda done, whole: None
) -> Iterator[ImportRow | BadRow]:
    """Read the customers one by one, blank lines left out; `progress` gets (characters read, bytes in all)."""
    with source.path.open(encoding=source.encoding, newline="") as file:
        read = CountedLines(file)
        reader = csv.reader(read, delimiter=source.delimiter, strict=True)
        width = len(next(reader))
        while True:
            line = reader.line_num + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as fault:
                yield BadRow(line, phrase("The line can't be read: {what}.", what=str(fault)))
                continue
            if any(field.strip() for field in fields):
                yield _row(source, line, fields, width)
            progress(min(read.characters, source.size_bytes), source.size_bytes)


class CountedLines:
    """Lines of a file, and how many characters they had."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self.characters += len(line)
            yield line


def _row(source: CustomerFile, line: int, fields: list[str], width: int) -> ImportRow | BadRow:
    if len(fields) > width:
        return BadRow(line, phrase("Columns in this line: {count}, in the first one: {width}.",
                                   count=len(fields), width=width))  # fmt: skip
    told = {column: fields[place] for column, place in source.places.items() if place < len(fields)}
    return ImportRow(line, told.pop("name", ""), told.pop("phone", ""), **told)


def encoding_of(path: Path) -> str:
    """Tell UTF-8, UTF-16 and Windows-1251 apart; raises Declined when a file is none of them."""
    with path.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
    for encoding in _ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(_CHUNK):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise Declined(phrase("The file is neither UTF-8 nor Windows-1251 text. Save it as UTF-8."))
