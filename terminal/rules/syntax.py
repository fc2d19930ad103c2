"""The TOML of a programme's file, read line by line past what is no TOML, so that one slip hides no other."""

import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from terminal.rules.limits import Mistake
from terminal.rules.phrase import Phrase, phrase

MOST_CHARACTERS = 4_000_000
"""No programme's file is longer."""

_MOST_SLIPS = 50
_AT = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_KEY = re.compile(r"[ \t]*(?P<key>[\w-]+(?=[ \t]*(?:=|$))|(?:\"[^\"]*\"|'[^']*')(?=[ \t]*=))")
_LONG_NUMBER = re.compile("[0-9_]{4000,}")

_COMMA = phrase("Write one key on a line, and a point in figures: 12.50.")
_QUOTES = phrase("Close the text with the quotes that it begins with.")
_TWICE = phrase("This key stands in its table already.")
_ONE_OUT = phrase("Take one of them out.")
_MEANINGS: tuple[tuple[str, Phrase, Phrase], ...] = (
    ("Invalid value", phrase("This value is neither text in quotes nor a number, a day, true, false or a list."),
     phrase("Put text between quotes.")),
    ("Cannot overwrite", _TWICE, _ONE_OUT),
    ("Duplicate inline", _TWICE, _ONE_OUT),
    ("Cannot declare", phrase("This table stands in the file already."),
     phrase("Take one of them out; tables of a list begin with two brackets each.")),
    ("Invalid date", phrase("There is no such day or time."), phrase("Write a day such as 2026-05-01.")),
    ("Expected '='", phrase("There is a word without a value."), phrase("Write key = value.")),
    ("Illegal character", phrase("A text is not closed, or has a sign that doesn't show."), _QUOTES),
    ("Unterminated string", phrase("A text is not closed, or has a sign that doesn't show."), _QUOTES),
    ("Unclosed array", phrase("A list is not closed, or two of its values have no comma between them."),
     phrase("Close it with ], and put commas.")),
    ("Unclosed inline", phrase("A table is not closed, or two of its keys have no comma between them."),
     phrase("Close it with }}, and put commas.")),
    ("Expected newline", phrase("Something follows the value on its line."), _COMMA),
    ("Expected ']", phrase("The name of a table is not closed."), phrase("Write [name] or [[name]].")),
    ("Invalid statement", phrase("There is no key here."), phrase("Write key = value.")),
    ("Invalid initial", phrase("There is no key here."), phrase("Write key = value.")),
)  # fmt: skip
"""How `tomllib` begins what it says, what that means, and what to write instead."""


@dataclass(slots=True)
class Read:
    """What was read: the document, its text without the lines that are no TOML, and the keys that stood on them.

    `found` is None when nothing sensible can be said of the rest.
    """

    text: str
    found: dict[str, Any] | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)


def read_toml(text: str) -> Read:
    """Read TOML with exact numbers; a key whose line is wrong is noted and left out."""
    read = Read(text.replace("\r\n", "\n"))
    if len(text) > MOST_CHARACTERS:
        read.mistakes.append(Mistake("", 0, phrase("The file is larger than a programme can be.")))
        return read
    for _ in range(_MOST_SLIPS):
        try:
            read.found = tomllib.loads(read.text, parse_float=_exact)
        except RecursionError:
            read.mistakes.append(Mistake("", 0, phrase("Lists or tables stand too deep in one another.")))
        except ValueError as fault:
            if _leave_out(read, str(fault)):
                continue
        return read
    return read


def _exact(figure: str) -> Decimal:
    """Read a figure; one that is beyond all measure becomes no number, which every key refuses."""
    try:
        return Decimal(figure)
    except InvalidOperation:
        return Decimal("NaN")


def _leave_out(read: Read, fault: str) -> bool:
    """Note what is wrong with a line and take it out of the text; tell whether the rest can be read without it."""
    offset, ended = _offset(read.text, fault)
    line = read.text.count("\n", 0, offset) + 1
    lines = read.text.split("\n")
    last = line
    if fault.startswith("Unclosed"):
        last -= not read.text[:offset].rpartition("\n")[2].strip()
        line = next((number for number in range(last, 0, -1) if "=" in lines[number - 1]), last)
    opened = max(read.text.rfind('"""'), read.text.rfind("'''"))
    if fault.startswith("Unterminated") and opened >= 0:
        line = read.text.count("\n", 0, opened) + 1
    reason, instead = next(
        ((reason, instead) for begins, reason, instead in _MEANINGS if fault.startswith(begins)),
        (phrase("This is no TOML: {detail}", detail=_AT.sub("", fault)), None),
    )
    pair = _KEY.match(lines[line - 1])
    read.mistakes.append(Mistake(pair["key"] if pair else "", line, reason, instead))
    if ended or pair is None:
        return False
    read.unread.add(pair["key"].strip("\"'"))
    lines[line - 1 : last] = [""] * (last - line + 1)
    read.text = "\n".join(lines)
    return True


def _offset(text: str, fault: str) -> tuple[int, bool]:
    """Return where the fault is, and whether that is the end of the text."""
    at = _AT.search(fault)
    if at is None:
        number = _LONG_NUMBER.search(text)
        return (number.start() if number else 0), number is None
    if at["line"] is None:
        return len(text), True
    before = sum(len(line) + 1 for line in text.split("\n")[: int(at["line"]) - 1])
    return before + int(at["column"]) - 1, False
