"""A list of orders as shops export it: CSV, XLSX or JSON; headers in four languages, bad lines told by number."""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from terminal.commands.csv_rows import Progress, encoding_of, rows_below_header
from terminal.commands.faults import Declined
from terminal.commands.order_words import CHANNEL_OF, COLUMN_OF, COLUMNS, NEEDED, WHO
from terminal.desk.importing import BadRow
from terminal.rules.money import read_amount
from terminal.rules.phrase import Phrase, Refused, phrase
from terminal.rules.text import fold
from terminal.rules.verdict import ListedOrder

Row = tuple[int, dict[str, str]] | BadRow
"""The line with its cells by column, or why it can't be read."""

_DELIMITERS = ",;\t|"
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%Y%m%d")
_MOST_JSON_BYTES = 256 << 20
_SHOWN = 40


@dataclass(slots=True)
class OrderReader:
    """Reads a list's rows into orders; the decimals are those of the programme in force."""

    points_decimals: int = 0
    _seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def read(self, rows: Iterator[Row]) -> Iterator[ListedOrder | BadRow]:
        """Read row by row; a bad one is told and the rest goes on."""
        for row in rows:
            if isinstance(row, BadRow):
                yield row
                continue
            line, cells = row
            order = self._order(line, cells)
            yield BadRow(line, order) if isinstance(order, Phrase) else order

    def _order(self, line: int, cells: Mapping[str, str]) -> ListedOrder | Phrase:
        told = {column: cells.get(column, "").strip() for column in COLUMNS}
        who = told["phone"] or told["card"]
        if not who:
            return phrase("No phone and no card of a customer.")
        channel = CHANNEL_OF.get(fold(told["channel"]), None) if told["channel"] else "store"
        if channel is None:
            return phrase("“{text}” is no channel. Known: store, manager, site.", text=told["channel"][:_SHOWN])
        on = _day(told["date"])
        if on is None:
            return phrase("“{text}” is not a date, such as 2026-05-31 or 31.05.2026.", text=told["date"][:_SHOWN])
        total_minor = read_amount(told["total"])
        if isinstance(total_minor, Refused):
            return total_minor.reason
        expected = None
        if told["expected"] not in ("", "-", "—"):
            read = read_amount(told["expected"], self.points_decimals, zero_allowed=True)
            if isinstance(read, Refused):
                return phrase("“{text}” is no number of bonuses.", text=told["expected"][:_SHOWN])
            expected = read
        number = told["number"]
        first = self._seen.get((channel, number))
        if first is not None:
            return phrase("Number {number} stands in line {first} already.", number=number, first=first)
        if number:
            self._seen[channel, number] = line
        return ListedOrder(line, number, channel, who, total_minor, on, expected)


def order_rows(path: Path, encoding: str | None, progress: Progress) -> Iterator[Row]:
    """Return the rows of a file by what its name ends with; raises Declined when it can't be read at all."""
    match path.suffix.lower():
        case ".xlsx" | ".xlsm":
            return _sheet_rows(path, progress)
        case ".json" | ".jsonl" | ".ndjson":
            return _json_rows(path, progress)
        case _:
            return _csv_rows(path, encoding or encoding_of(path), progress)


def _csv_rows(path: Path, encoding: str, progress: Progress) -> Iterator[Row]:
    size_bytes = path.stat().st_size
    try:
        with path.open(encoding=encoding, newline="") as file:
            header = file.readline()
            delimiter = max(_DELIMITERS, key=header.count)
            places = _places(next(csv.reader([header], delimiter=delimiter), []))
            for row in rows_below_header(file, delimiter, size_bytes, progress):
                if isinstance(row, BadRow):
                    yield row
                    continue
                line, fields = row
                yield line, {name: fields[place] for name, place in places.items() if place < len(fields)}
    except (UnicodeError, LookupError):
        raise Declined(phrase("The file can't be read as {encoding}.", encoding=encoding)) from None


def _places(names: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        column = COLUMN_OF.get(fold(name))
        if column in places:
            raise Declined(phrase("The column “{name}” stands there twice.", name=name))
        if column is not None:
            places[column] = place
    _need(places)
    return places


def _need(names: Mapping[str, object]) -> None:
    missing = [name for name in NEEDED if name not in names]
    missing += [] if any(name in names for name in WHO) else [" / ".join(WHO)]
    if missing:
        raise Declined(phrase("Columns that are missing: {names}. The first line names them.",
                              names=", ".join(missing)))  # fmt: skip


def _sheet_rows(path: Path, progress: Progress) -> Iterator[Row]:
    from openpyxl import load_workbook  # it takes a while, and most lists are CSV
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size is often wrong
        lines = sheet.iter_rows(values_only=True)
        places = _places([_cell(value) for value in next(lines, ())])
        for line, values in enumerate(lines, 2):
            if any(value is not None for value in values):
                yield line, {name: _cell(values[place]) for name, place in places.items() if place < len(values)}
            progress(line, 0)
        book.close()
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError) as fault:
        raise Declined(phrase("This is no XLSX file that can be read: {what}.", what=str(fault)[:200])) from None


def _cell(value: Any) -> str:
    """Say a spreadsheet's or JSON's value as it would be typed; a phone may stand there as a number."""
    match value:
        case None | bool():
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case _:
            return str(value)


def _json_rows(path: Path, progress: Progress) -> Iterator[Row]:
    """An array of objects, an object with one, or an object a line (which may be of any length)."""
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        first = next((line for line in file if line.strip()), b"").strip().removeprefix(b"\xef\xbb\xbf")
        file.seek(0)
        if _is_object(first):
            read = 0
            for line, text in enumerate(file, 1):
                read += len(text)
                if text.strip():
                    yield _json_row(line, text.removeprefix(b"\xef\xbb\xbf"))
                progress(read, size_bytes)
            return
        if size_bytes > _MOST_JSON_BYTES:
            raise Declined(phrase("The file is too long for one list. Write one order a line."))
        try:
            found = json.loads(file.read().decode("utf-8-sig"))
        except (ValueError, RecursionError) as fault:
            raise Declined(phrase("The file is not JSON: {what}.", what=str(fault)[:200])) from None
    orders = found.get("orders") if isinstance(found, dict) else found
    if not isinstance(orders, list):
        raise Declined(phrase("The file holds no list of orders."))
    for line, order in enumerate(orders, 1):
        yield _json_order(line, order)
        progress(line, len(orders))


def _is_object(line: bytes) -> bool:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "orders" not in found


def _json_row(line: int, text: bytes) -> Row:
    try:
        return _json_order(line, json.loads(text))
    except (ValueError, RecursionError) as fault:
        return BadRow(line, phrase("The line can't be read: {what}.", what=str(fault)[:200]))


def _json_order(line: int, order: Any) -> Row:
    if not isinstance(order, dict):
        return BadRow(line, phrase("This is no order."))
    cells = {COLUMN_OF.get(fold(str(name)), ""): _cell(value) for name, value in order.items()}
    return line, cells


def _day(text: str) -> date | None:
    """Read a day; a time after it does not matter."""
    day = text.replace("T", " ").split(" ")[0]
    for form in _DATES:
        try:
            return datetime.strptime(day, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def orders_in(
    paths: tuple[Path, ...], encoding: str | None, points_decimals: int, progress: Progress
) -> Iterator[ListedOrder | BadRow]:
    """Read the orders of all files, one after another."""
    reader = OrderReader(points_decimals)
    return reader.read(chain.from_iterable(order_rows(path, encoding, progress) for path in paths))
