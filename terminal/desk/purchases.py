"""Purchases of the past, read from a file: comma-separated or in columns, checked line by line, put in order."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from terminal.rules.card import is_payment_card
from terminal.rules.money import read_amount
from terminal.rules.phrase import Phrase, Refused, phrase
from terminal.rules.text import safe_text

LONGEST_CUSTOMER = 50
EARLIEST = date(1970, 1, 2)
LATEST = date(2999, 12, 31)

_DELIMITERS = (",", ";", "\t", "|")
_COLUMNS = {
    "date": {"date", "day", "datetime", "invoicedate", "orderdate", "purchasedate", "saledate", "transactiondate"},
    "customer": {
        "customer",
        "customerid",
        "custid",
        "client",
        "clientid",
        "card",
        "cardnumber",
        "member",
        "userid",
    },
    "amount": {"amount", "total", "totalamount", "sum", "value", "dollarvalue", "price", "revenue", "bill"},
}
"""What each column may be called, in small letters without spaces, dashes and underscores."""

_DATE = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})(?:[T ][0-9:.]{4,15}Z?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Purchase:
    """One sale of the past: the shop's day, the file's name for the customer, the bill in minor units."""

    day: date
    customer: str
    amount_minor: int
    line: int


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that can't be read, and why."""

    line: int
    reason: Phrase


@dataclass(frozen=True, slots=True)
class Purchases:
    """A file's purchases by day, then customer, then place in the file; and the lines that are none."""

    good: tuple[Purchase, ...]
    bad: tuple[BadLine, ...]


def read_purchases(lines: Iterable[str], currency_decimals: int) -> Purchases | Refused:
    """Read purchases from a file's lines; refuse a file whose first line does not name the three columns."""
    numbered = iter(enumerate(lines, start=1))
    first, header = next(((number, line) for number, line in numbered if line.strip("\ufeff \t\r\n")), (0, ""))
    if not first:
        return Refused(phrase("The file is empty."), "file")
    delimiter, names = _sniff(header)
    places = _places(names)
    if isinstance(places, Refused):
        return places
    good: list[Purchase] = []
    bad: list[BadLine] = []
    for number, cells in _cells(numbered, delimiter):
        read = _read(cells, len(names), places, number, currency_decimals)
        if isinstance(read, Refused):
            bad.append(BadLine(number, read.reason))
        else:
            good.append(read)
    good.sort(key=lambda purchase: (purchase.day, purchase.customer, purchase.line))
    return Purchases(tuple(good), tuple(bad))


def _sniff(header: str) -> tuple[str | None, list[str]]:
    """Return the delimiter by which the header names most of our columns (None: spaces), and the names."""
    plain = header.lstrip("\ufeff")
    ways: list[tuple[str | None, list[str]]] = [(delimiter, _split(plain, delimiter)) for delimiter in _DELIMITERS]
    ways.append((None, plain.split()))
    return max(ways, key=lambda way: sum(_column(name) is not None for name in way[1]))


def _column(name: str) -> str | None:
    plain = re.sub(r"[\W_]", "", name.lower())
    return next((column for column, names in _COLUMNS.items() if plain in names), None)


def _places(names: list[str]) -> tuple[int, int, int] | Refused:
    """Return where date, customer and amount stand."""
    found: list[int] = []
    for column in _COLUMNS:
        places = [place for place, name in enumerate(names) if _column(name) == column]
        if not places:
            reason = phrase(
                "The first line names no column “{column}”. Name three of them date, customer and amount.",
                column=column,
            )
            return Refused(reason, "file")
        if len(places) > 1:
            both = " / ".join(names[place] for place in places)
            reason = phrase("Two columns may be “{column}”: {both}. Rename one.", column=column, both=both)
            return Refused(reason, "file")
        found += places
    return found[0], found[1], found[2]


def _cells(numbered: Iterator[tuple[int, str]], delimiter: str | None) -> Iterator[tuple[int, list[str]]]:
    for number, line in numbered:
        if line.strip():
            yield number, line.split() if delimiter is None else _split(line, delimiter)


def _split(line: str, delimiter: str) -> list[str]:
    """Split one line at a delimiter, quotes minded; a cell never holds a line end."""
    return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter, skipinitialspace=True), [])


def _read(
    cells: list[str], columns: int, places: tuple[int, int, int], line: int, currency_decimals: int
) -> Purchase | Refused:
    if len(cells) != columns:
        return Refused(phrase("{found} columns instead of {columns}.", found=len(cells), columns=columns))
    day_text, customer_text, amount_text = (cells[place].strip() for place in places)
    day = _day(day_text)
    if isinstance(day, Refused):
        return day
    customer = _customer(customer_text)
    if isinstance(customer, Refused):
        return customer
    amount_minor = read_amount(amount_text, currency_decimals, zero_allowed=True)
    if isinstance(amount_minor, Refused):
        return amount_minor
    return Purchase(day, customer, amount_minor, line)


@lru_cache(maxsize=4096)
def _day(text: str) -> date | Refused:
    """Read 1997-01-31 or 19970131; a time after it is let go."""
    found = _DATE.fullmatch(text)
    try:
        day = date(int(found[1]), int(found[3]), int(found[4])) if found else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        return Refused(phrase("“{text}” is no day. Write 1997-01-31 or 19970131.", text=text[:40]), "date")
    return day


@lru_cache(maxsize=4096)
def _customer(text: str) -> str | Refused:
    if is_payment_card(text):
        return Refused(phrase("The customer is the number of a bank card: it must not be kept."), "customer")
    customer = safe_text(text)
    if not customer:
        return Refused(phrase("The customer is missing."), "customer")
    if len(customer) > LONGEST_CUSTOMER:
        return Refused(
            phrase("The customer's name is longer than {most} letters.", most=LONGEST_CUSTOMER), "customer"
        )
    return customer
