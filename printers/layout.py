"""A document laid out on paper of so many columns: the one layout that the bytes and the previews are made of."""

from dataclasses import dataclass
from typing import assert_never

from printers.cells import cut_at, text_columns
from printers.document import QR, Align, Barcode, Columns, Cut, Document, Drawer, Feed, Image, Rule, Size, Text
from printers.printable import printable

MIN_COLUMNS = 16
MAX_COLUMNS = 80


@dataclass(frozen=True, slots=True)
class Line:
    """One line of clean text that fits the paper."""

    text: str
    align: Align = "left"
    bold: bool = False
    size: Size = "normal"

    @property
    def wide(self) -> int:
        """How many times wider than normal its letters are."""
        return 2 if self.size == "double" else 1

    @property
    def high(self) -> int:
        """How many times higher than normal its letters are."""
        return 1 if self.size == "normal" else 2

    def indent(self, columns: int) -> int:
        """The normal columns left blank before it, on paper of `columns`."""
        return indent(text_columns(self.text) * self.wide, self.align, columns)


Laid = Line | Barcode | QR | Image | Feed | Cut | Drawer


def lay_out(document: Document, columns: int) -> list[Laid]:
    """The document's lines and blocks, from top to bottom, on paper of `columns` normal letters."""
    assert MIN_COLUMNS <= columns <= MAX_COLUMNS, "paper of no printer"
    laid: list[Laid] = []
    for element in document.elements:
        match element:
            case Text():
                laid += _text_lines(element, columns)
            case Columns():
                laid += _column_lines(element, columns)
            case Rule():
                laid.append(_rule_line(element, columns))
            case Barcode() | QR() | Image() | Feed() | Cut() | Drawer():
                laid.append(element)
            case _:
                assert_never(element)
    return laid


def indent(width: int, align: Align, columns: int) -> int:
    """The blank columns before something of `width` columns."""
    room = max(columns - width, 0)
    return {"left": 0, "center": room // 2, "right": room}[align]


def wrap(text: str, columns: int) -> list[str]:
    """Clean text broken between words into lines of at most `columns`; a longer word is cut. Never empty."""
    text = text.rstrip(" ")
    if text_columns(text) <= columns:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if text_columns(joined) <= columns:
            line = joined
            continue
        if line:
            lines.append(line)
        while text_columns(word) > columns:
            head, word = cut_at(word, columns)
            lines.append(head)
        line = word
    return [*lines, line] if line else lines


def code_lines(data: str, columns: int) -> list[Line]:
    """The characters of a bar code that is too wide for the paper, for a person to type."""
    return [Line(line, "center") for line in wrap(printable(data), columns)]


def _text_lines(element: Text, columns: int) -> list[Line]:
    room = columns // 2 if element.size == "double" else columns
    return [Line(line, element.align, element.bold, element.size) for line in wrap(printable(element.text), room)]


def _column_lines(element: Columns, columns: int) -> list[Line]:
    left, right = printable(element.left).rstrip(" "), printable(element.right).strip(" ")
    if not right:
        return [Line(line, bold=element.bold) for line in wrap(left, columns)]
    room = columns - text_columns(right) - 1
    if room < columns // 3:
        values = [Line(line, "right", element.bold) for line in wrap(right, columns)]
        return [Line(line, bold=element.bold) for line in wrap(left, columns) if line] + values
    *firsts, last = wrap(left, room)
    gap = " " * (columns - text_columns(last) - text_columns(right))
    return [Line(line, bold=element.bold) for line in (*firsts, last + gap + right)]


def _rule_line(element: Rule, columns: int) -> Line:
    char = printable(element.char)
    width = text_columns(char)
    return Line(char * (columns // width) if width else "-" * columns)
