"""Days on a command's line: `--from` and `--until`, both included, of the shop's calendar."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click

_DAY = click.DateTime(formats=["%Y-%m-%d"])


def days_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--from`, today where it is left out, and `--until`, which must be told."""
    command = click.option("--until", "last", type=_DAY, required=True, help="The last day, included.")(command)
    return click.option("--from", "first", type=_DAY, help="The first day, included; today without it.")(command)


def days(first: datetime | None, last: datetime, today: date) -> tuple[date, date]:
    """Return the days that were told."""
    return (first.date() if first else today), last.date()
