"""The rows of a CSV file as spreadsheets write it: its encoding, its lines with their numbers, bad ones told."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

from terminal.commands.faults import Declined
from terminal.desk.importing import BadRow
from terminal.rules.phrase import phrase

Progress = Callable[[int, int], None]
"""How much is done, and how much there is."""

_ENCODINGS = ("utf-8-sig", "cp1251")
_CHUNK = 1 << 20


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


def rows_below_header(
    file: TextIO, delimiter: str, size_bytes: int, progress: Progress
) -> Iterator[tuple[int, list[str]] | BadRow]:
    """Read on behind the header, line 1: each row with its line's number, blank ones left out.

    `progress` gets (characters read, bytes in all).
    """
    counted = _CountedLines(file)
    reader = csv.reader(counted, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 2
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            yield BadRow(line, phrase("The line can't be read: {what}.", what=str(fault)))
            continue
        if any(field.strip() for field in fields):
            yield line, fields
        progress(min(counted.characters, size_bytes), size_bytes)


class _CountedLines:
    """Lines of a file, and how many characters they had."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._file:
            self.characters += len(line)
            yield line
