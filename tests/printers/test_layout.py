"""A document on paper of 32, 42 and 48 columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.cells import text_columns
from printers.document import Align, Columns, Cut, Document, Element, Feed, Rule, Text
from printers.layout import Line, lay_out, wrap


def shown(element: Element, columns: int) -> list[str]:
    """The lines as they stand on the paper, with their indents."""
    laid = lay_out(Document((element,)), columns)
    return [" " * item.indent(columns) + item.text for item in laid if isinstance(item, Line)]


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 32, [""]),
        ("один два", 32, ["один два"]),
        ("один два три", 8, ["один два", "три"]),
        ("  з відступом", 16, ["  з відступом"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("ab cdefghij", 4, ["ab", "cdef", "ghij"]),
        ("a  b   c", 5, ["a b c"]),
        ("漢字漢字", 5, ["漢字", "漢字"]),
        ("漢 字", 4, ["漢", "字"]),
        ("а\u0301а\u0301а\u0301 б", 3, ["а\u0301а\u0301а\u0301", "б"]),
        ("xx   ", 2, ["xx"]),
    ],
)
def test_wrapping(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns) == lines


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize(
    ("align", "blank"), [("left", lambda free: 0), ("center", lambda free: free // 2), ("right", lambda free: free)]
)
def test_alignment(columns: int, align: Align, blank: object) -> None:
    assert callable(blank)
    assert shown(Text("Ґанок", align), columns) == [" " * blank(columns - 5) + "Ґанок"]


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_letters_of_double_width_take_two_columns(columns: int) -> None:
    [line] = lay_out(Document((Text("Ґанок", "right", size="double"),)), columns)
    assert isinstance(line, Line)
    assert (line.wide, line.high, line.indent(columns)) == (2, 2, columns - 10)
    long = lay_out(Document((Text("я" * columns, size="double"),)), columns)
    assert [item.text for item in long if isinstance(item, Line)] == ["я" * (columns // 2)] * 2
    [tall] = lay_out(Document((Text("я" * columns, size="tall"),)), columns)
    assert isinstance(tall, Line)
    assert (tall.wide, tall.high) == (1, 2)


@pytest.mark.parametrize(
    ("left", "right", "lines"),
    [
        ("Сума", "12,50", ["Сума                       12,50"]),
        ("x" * 26, "12,50", ["x" * 26 + " 12,50"]),
        ("Нараховано за цю покупку", "+1 234,50", ["Нараховано за цю      ", "покупку                +1 234,50"]),
        ("x" * 30, "12,50", ["x" * 26, "x" * 4 + " " * 23 + "12,50"]),
        ("Адреса", "вулиця Січових Стрільців, 10", ["Адреса", "    вулиця Січових Стрільців, 10"]),
        ("Сума", "", ["Сума"]),
        ("", "12,50", [" " * 27 + "12,50"]),
        ("", "", [""]),
        ("a\nb", "c\td", ["a b" + " " * 26 + "c d"]),
    ],
)
def test_label_and_value(left: str, right: str, lines: list[str]) -> None:
    assert shown(Columns(left, right), 32) == [line.rstrip() if line.endswith(" ") else line for line in lines]


@pytest.mark.parametrize(
    ("char", "line"),
    [("-", "-" * 32), ("─", "─" * 32), ("漢", "漢" * 16), ("\x1b", "-" * 32), ("\u0301", "-" * 32)],
)
def test_rules(char: str, line: str) -> None:
    assert shown(Rule(char), 32) == [line]


def test_blocks_keep_their_place() -> None:
    elements = (Text("a"), Feed(2), Text("b"), Cut())
    assert lay_out(Document(elements), 32) == [Line("a"), Feed(2), Line("b"), Cut()]


@given(st.text(st.characters(), max_size=200), st.text(st.characters(), max_size=60), st.sampled_from((32, 42, 48)))
def test_every_line_fits_and_no_letter_is_lost(left: str, right: str, columns: int) -> None:
    elements = (Text(left, "center"), Text(left, size="double"), Columns(left, right), Rule(left[:1] or "-"))
    for element in elements:
        for line in lay_out(Document((element,)), columns):
            assert isinstance(line, Line)
            assert text_columns(line.text) * line.wide + line.indent(columns) <= columns
    letters = [
        "".join(
            line.text for line in lay_out(Document((Text(left, size=size),)), columns) if isinstance(line, Line)
        )
        for size in ("normal", "double")
    ]
    assert letters[0].replace(" ", "") == letters[1].replace(" ", "")
