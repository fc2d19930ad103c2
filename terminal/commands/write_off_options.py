"""What a check of write-offs is asked for on the command line, at a till and on the site."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from terminal.locale.words import LANGUAGES

_DAY = click.DateTime(["%Y-%m-%d"])
_WRITTEN = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """Lists of orders, or days; how the lists are written, and in which language and forms the report goes out."""

    files: tuple[Path, ...]
    first: datetime | None
    last: datetime | None
    encoding: str | None
    language: str | None
    html: Path | None
    markdown: Path | None
    as_json: bool


_OPTIONS = (
    click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False)),
    click.option(
        "--from", "first", type=_DAY, metavar="DAY", help="Check what was sold and ordered, from this day."
    ),
    click.option("--to", "last", type=_DAY, metavar="DAY", help="The last day, included; without it, today."),
    click.option(
        "--encoding", help="UTF-8, UTF-16 and Windows-1251 are told apart; name any other, such as cp1250."
    ),
    click.option("--language", type=click.Choice(LANGUAGES), help="Another language than the shop's."),
    click.option("--html", type=_WRITTEN, help="Write a page that prints well."),
    click.option("--markdown", type=_WRITTEN, help="Write it as Markdown."),
    click.option(
        "--json", "as_json", is_flag=True, help="A line of JSON an order, and one of the sums at the end."
    ),
)


def write_off_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the lists and options of a check; it is called with them as `asked`."""

    @wraps(command)
    def called(  # as click calls it: by the options' names
        *args: Any, files: tuple[Path, ...], first: datetime | None, last: datetime | None, encoding: str | None,
        language: str | None, html: Path | None, markdown: Path | None, as_json: bool, **more: Any,
    ) -> None:  # fmt: skip
        if bool(files) == (first is not None):
            raise click.UsageError("Name files, or the days by --from and --to.")
        asked = Asked(files, first, last, encoding, language, html, markdown, as_json)
        command(*args, asked=asked, **more)

    with_options: Callable[..., None] = called
    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return with_options
