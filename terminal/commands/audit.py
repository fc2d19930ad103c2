"""`tillmate audit`: corrections, refunds and what was let pass, for a person, a spreadsheet or a program."""

import csv
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime

import click

from terminal import desk
from terminal.commands.faults import Declined
from terminal.commands.invocation import Invocation
from terminal.desk import AuditLine, Till
from terminal.desk.customers import Match
from terminal.locale.words import Words
from terminal.rules.phrase import Refused, phrase
from terminal.rules.text import safe_text

_PAGE = 1000
_DAY = click.DateTime(["%Y-%m-%d"])
_COLUMNS = (
    "seq",
    "at",
    "kind",
    "points",
    "customer_id",
    "customer",
    "operator",
    "approved_by",
    "reason",
    "note",
    "sale_number",
    "back_minor",
    "details",
)


@click.command()
@click.option("--from", "first", type=_DAY, help="The first day, such as 2026-05-01.")
@click.option("--to", "last", type=_DAY, help="The last day, included.")
@click.option("--customer", help="One customer alone, by card, phone or whole name.")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated, with a first line of names.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON an entry, for a program.")
@click.pass_obj
def audit(
    invocation: Invocation,
    first: datetime | None,
    last: datetime | None,
    customer: str | None,
    as_csv: bool,
    as_json: bool,
) -> None:
    """List corrections, refunds, merges, blocked cards and what a manager let pass, newest first.

    Nothing that is listed can be changed: a mistake is mended by another entry.

    Example: tillmate audit --from 2026-05-01 --to 2026-05-31 --csv
    """
    if as_csv and as_json:
        raise click.UsageError("Choose --csv or --json.")
    with invocation.till() as till:
        words = invocation.words = till.words()
        customer_id = _customer(till, customer) if customer else None
        lines = _lines(till, _day(first), _day(last), customer_id)
        if as_csv:
            _write_csv(lines, words)
        elif as_json:
            for line in lines:
                click.echo(json.dumps(_figures(line, words), ensure_ascii=False))
        else:
            count = 0
            for line in lines:
                click.echo(_told(line, words))
                count += 1
            invocation.echo(phrase("Entries: {count}", count=count))


def _lines(till: Till, first: date | None, last: date | None, customer_id: str | None) -> Iterator[AuditLine]:
    """All of them, a page at a time: a year of entries is not held in memory."""
    below = None
    while page := desk.audit(till, first=first, last=last, customer_id=customer_id, below_seq=below, limit=_PAGE):
        yield from page
        below = page[-1].seq


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _customer(till: Till, text: str) -> str:
    found = desk.find(till, text)
    if isinstance(found, Refused):
        raise Declined(found.reason)
    matches: tuple[Match, ...] = found if isinstance(found, tuple) else ()
    if len(matches) != 1:
        raise Declined(
            phrase("{number} customers fit “{text}”. Name one by card or phone.", number=len(matches), text=text)
        )
    return matches[0].customer_id


def _told(line: AuditLine, words: Words) -> str:
    points = f"{'+' if line.points > 0 else ''}{words.points_number(line.points)}" if line.points else ""
    by = line.operator
    if line.approved_by:
        by = words.say(phrase("{by}, confirmed by {second}", by=by, second=line.approved_by))
    why = [words.say(line.reason)] if line.reason else []
    why += [f"“{safe_text(line.note)}”"] if line.note else []
    parts = (
        words.moment(line.at_ms),
        words.say(line.what),
        points,
        safe_text(line.customer),
        safe_text(by),
        "; ".join([*why, *(words.say(detail) for detail in line.details)]),
    )
    return " | ".join(part for part in parts if part)


def _figures(line: AuditLine, words: Words) -> dict[str, object]:
    """Names in English, numbers as they are kept (points and money in their smallest parts), time with its zone."""
    return {
        "seq": line.seq,
        "at": words.local(line.at_ms).isoformat(),
        "kind": line.code,
        "points": line.points,
        "customer_id": line.customer_id,
        "customer": safe_text(line.customer),
        "operator": safe_text(line.operator),
        "approved_by": safe_text(line.approved_by),
        "reason": words.say(line.reason) if line.reason else "",
        "note": safe_text(line.note),
        "sale_number": line.sale_number,
        "back_minor": line.back_minor,
        "details": "; ".join(words.say(detail) for detail in line.details),
    }


def _write_csv(lines: Iterator[AuditLine], words: Words) -> None:
    writer = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for line in lines:
        writer.writerow({name: _cell(value) for name, value in _figures(line, words).items()})


def _cell(value: object) -> object:
    """What begins like a formula gets an apostrophe: a note is somebody's text, and a spreadsheet runs formulas."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value
