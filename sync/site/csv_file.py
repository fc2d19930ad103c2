"""CSV files as people's spreadsheets write them: read line by line, with what is wrong named by its line."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TextIO

_FORMULA = ("=", "+", "@", "\t")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that can't be imported, and why."""

    line: int
    reason: str


def read_text(path: Path) -> StringIO | BadLine:
    """Read a file's text: UTF-8 with a mark or without, or UTF-16 with one."""
    stored = path.read_bytes()
    coding = "utf-16" if stored.startswith((BOM_UTF16_BE, BOM_UTF16_LE)) else "utf-8-sig"
    try:
        return StringIO(stored.decode(coding), newline="")
    except UnicodeDecodeError as fault:
        return BadLine(stored.count(b"\n", 0, fault.start) + 1, "it is not UTF-8: save the file as CSV in UTF-8")


def read_rows(lines: Iterable[str], needed: Iterable[str]) -> Iterator[tuple[int, dict[str, str]] | BadLine]:
    """Read lines under a first one that names columns, `needed` among them, parted by commas, semicolons or tabs.

    Each is a line's number and its cells by column, without spaces around them. What can't be read ends it.
    """
    lines = iter(lines)
    head = next(lines, "")
    delimiter = max(",;\t", key=head.count)
    names = [name.strip().casefold() for name in next(csv.reader([head], delimiter=delimiter), [])]
    missing = [name for name in needed if name not in names]
    if missing:
        yield BadLine(1, f"no column {' or '.join(missing)}")
        return
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for row in rows:
            line = rows.line_num + 1
            if len(row) > len(names):
                yield BadLine(line, "more cells than the first line names")
            elif any(row):
                yield line, dict.fromkeys(names, "") | dict(zip(names, map(_plain, row), strict=False))
    except csv.Error as fault:
        yield BadLine(rows.line_num + 1, f"it can't be read: {fault}")


def write_rows(out: TextIO, columns: Iterable[str], rows: Iterable[Iterable[str | None]]) -> int:
    """Write a file that `read_rows` reads, with no cell that a spreadsheet takes for a formula; return how many."""
    writer = csv.writer(out)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_shown(cell or "") for cell in row])
        count += 1
    return count


def _shown(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA) else cell


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell
