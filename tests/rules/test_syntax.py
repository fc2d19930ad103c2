"""Lines that are no TOML: each is told, and the rest of the file is read past it."""

import pytest

from terminal.rules.document import ProgrammeError, read_programme
from terminal.rules.syntax import MOST_CHARACTERS, read_toml


@pytest.mark.parametrize(
    ("text", "lines", "found"),
    [
        ("a = 1\n", [], {"a": 1}),
        ("a = 1\r\nb = ,\r\nc = 3\r\n", [2], {"a": 1, "c": 3}),
        ("a = b\nc = d\ne = 1\n", [1, 2], {"e": 1}),
        ("a\nb = 2\n", [1], {"b": 2}),
        ("a = 1\na = 2\n", [2], {"a": 1}),
        ("a = 2,5\nb = 1\n", [1], {"b": 1}),
        ("a = 2026-02-31\nb = 1\n", [1], {"b": 1}),
        ('a = "open\nb = 1\n', [1], {"b": 1}),
        ("a = [\n  1,\n  2\n  3,\n]\nb = 1\n", [1, 4], None),
        ("a = [ 1, 2\nb = 1\n", [1], {"b": 1}),
        ("a = { b = 1\nc = 1\n", [1], {"c": 1}),
        ("[a\nb = 1\n", [1], None),
        ("[a]\n[a]\nb = 1\n", [2], None),
        ("= 1\n", [1], None),
        ('a = """open\nb = 1\n', [1], None),
        ('a = 1\nb = "open', [2], None),
        (f"a = {'9' * 5000}\nb = 1\n", [1], {"b": 1}),
        ("a = " + "[" * 5000, [0], None),
    ],
)
def test_what_is_no_toml_is_told_at_its_line(text: str, lines: list[int], found: dict[str, object] | None) -> None:
    read = read_toml(text)
    assert [mistake.line for mistake in read.mistakes] == lines
    assert read.found == found


def test_a_file_that_is_far_too_long_is_not_read() -> None:
    with pytest.raises(ProgrammeError, match="larger than"):
        read_programme("#" * (MOST_CHARACTERS + 1))


def test_a_figure_beyond_all_measure_is_refused_at_its_key() -> None:
    with pytest.raises(ProgrammeError, match=r"line 1, number"):
        read_programme("number = 1e99999999999999999999\n")


def test_a_key_whose_line_is_wrong_is_not_missed_too() -> None:
    with pytest.raises(ProgrammeError) as fault:
        read_programme('name = "A"\nnumber = ?\nvalid_from = 2026-01-01\ncurrency = "UAH"\n')
    assert [mistake.place for mistake in fault.value.mistakes] == ["number"]
