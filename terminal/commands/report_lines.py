"""A report in the terminal: its headline, and each section in lines."""

from typing import Any

import click

from terminal.desk.sections import Report
from terminal.locale.words import Words
from terminal.screens.report_text import headline, section_lines

_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "fg": "cyan"},
    "head": {"bold": True},
    "definition": {"dim": True},
}


def show_report(words: Words, made: Report, width: int) -> None:
    """Print a report, `width` signs wide."""
    click.echo(click.style(headline(words, made), bold=True))
    for section in made.sections:
        click.echo()
        for line in section_lines(words, section, width):
            click.echo(click.style(line.text, **_STYLES.get(line.kind, {})))
