"""Files that commands import: what is wrong with them is told by line, and stops all unless it may be skipped."""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sync.site.csv_file import BadLine


def read_file(file: Path) -> StringIO:
    """Read a file's text; one that is none ends the command with its line and the reason."""
    from sync.site.csv_file import BadLine, read_text

    text = read_text(file)
    if isinstance(text, BadLine):
        raise click.ClickException(f"{file}:{text.line}: {text.reason}.")
    return text


def skipped_lines(file: Path, bad: Sequence["BadLine"], *, skip_bad: bool) -> set[int]:
    """Tell each bad line and return their numbers; without `skip_bad` any of them ends the command."""
    for one in sorted(bad, key=lambda line: line.line):
        click.echo(f"{file}:{one.line}: {one.reason}", err=True)
    if bad and not skip_bad:
        raise click.ClickException(f"Bad lines: {len(bad)}. Nothing was imported.")
    return {one.line for one in bad}
