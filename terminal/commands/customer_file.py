"""A file of customers as spreadsheets write it: its encoding, its delimiter, its headers in four languages."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from terminal.commands.csv_rows import Progress, encoding_of, rows_below_header
from terminal.commands.faults import Declined
from terminal.desk.importing import BadRow, ImportRow
from terminal.rules.phrase import phrase
from terminal.rules.text import fold

_DELIMITERS = ",;\t"
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
    source: CustomerFile, progress: Progress = lambda done, whole: None
) -> Iterator[ImportRow | BadRow]:
    """Read the customers one by one, blank lines left out; `progress` gets (characters read, bytes in all)."""
    with source.path.open(encoding=source.encoding, newline="") as file:
        width = len(next(csv.reader([file.readline()], delimiter=source.delimiter)))
        for row in rows_below_header(file, source.delimiter, source.size_bytes, progress):
            yield row if isinstance(row, BadRow) else _row(source, *row, width)


def _row(source: CustomerFile, line: int, fields: list[str], width: int) -> ImportRow | BadRow:
    if len(fields) > width:
        return BadRow(line, phrase("Columns in this line: {count}, in the first one: {width}.",
                                   count=len(fields), width=width))  # fmt: skip
    told = {column: fields[place] for column, place in source.places.items() if place < len(fields)}
    return ImportRow(line, told.pop("name", ""), told.pop("phone", ""), **told)
