"""A report as Markdown: tables and notes that any viewer shows; a chart's figures as a table."""

import re
from collections.abc import Iterator, Sequence

from terminal.desk.sections import Cell, Report, Section, Table
from terminal.locale.words import Words
from terminal.rules.phrase import Phrase, phrase
from terminal.rules.text import safe_text
from terminal.screens.report_text import headline, told

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def report_markdown(words: Words, report: Report) -> str:
    """Write the report; what came from outside can neither begin markup nor break a table."""
    made = words.say(phrase("Counted on {moment}.", moment=report.made))
    lines = [f"# {_plain(safe_text(report.shop))}", "", f"{_plain(headline(words, report))}. {_plain(made)}", ""]
    for section in report.sections:
        lines += _section(words, section)
    return "\n".join(lines).rstrip() + "\n"


def _section(words: Words, section: Section) -> Iterator[str]:
    yield f"## {_plain(words.say(section.definition.title))}"
    yield ""
    for label, cell in section.facts:
        yield f"- {_plain(words.say(label))}: **{_plain(told(words, cell))}**"
    if section.facts:
        yield ""
    for table in section.tables:
        yield from _table(words, table)
    for note in section.notes:
        yield f"- {_plain(words.say(note))}"
    if section.notes:
        yield ""
    yield f"*{_plain(words.say(section.definition.says))}*"
    yield ""


def _table(words: Words, table: Table) -> Iterator[str]:
    shown = table.rows[: table.shown]
    yield _row(words, table.head)
    marks = ["---" if _is_words(shown, place) else "---:" for place in range(len(table.head))]
    yield f"| {' | '.join(marks)} |"
    for row in shown:
        yield _row(words, row)
    yield ""
    if len(table.rows) > len(shown):
        yield _plain(words.say(phrase("… and {count} more lines.", count=len(table.rows) - len(shown))))
        yield ""


def _is_words(rows: Sequence[tuple[Cell, ...]], place: int) -> bool:
    return all(isinstance(row[place], str | Phrase) for row in rows)


def _row(words: Words, cells: tuple[Cell, ...]) -> str:
    return f"| {' | '.join(_plain(told(words, cell, bare=True)) for cell in cells)} |"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
