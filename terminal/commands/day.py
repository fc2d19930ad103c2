"""`tillmate day`: the business day is opened, looked at, and closed."""

import csv
import json
from datetime import datetime
from pathlib import Path

import click
import msgspec

from terminal import desk
from terminal.commands.faults import Declined
from terminal.commands.invocation import Invocation
from terminal.desk.business_day import BusinessDay, DayTotals, Turn
from terminal.desk.day import close_day, day_totals, open_day
from terminal.desk.night import OPERATOR as NIGHT
from terminal.desk.till import Till
from terminal.ledger.days import Booked
from terminal.ledger.shop import Operator
from terminal.rules.phrase import Refused, phrase
from terminal.rules.text import safe_text
from terminal.screens.day_text import day_lines

_WIDTH = 100
_DAY = click.DateTime(["%Y-%m-%d"])
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BY = click.option("--by", "name", metavar="NAME", help="Who does it, of the staff; without it, the night's job.")
_JSON = click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")


@click.group()
def day() -> None:
    """Open the business day, look at its totals by cashier, and close it.

    Example: tillmate day report
    """


@day.command("open")
@_BY
@click.pass_obj
def open_(invocation: Invocation, name: str | None) -> None:
    """Write down that the day is open. Selling does not wait for it.

    Example: tillmate day open --by Oksana
    """
    with invocation.till() as till:
        invocation.words = till.words()
        opened = open_day(till, _operator(till, name))
    if isinstance(opened, Refused):
        raise Declined(opened.reason)
    invocation.echo(phrase("The day of {day} is open.", day=opened.day))


@day.command("close")
@_BY
@_JSON
@click.pass_obj
def close(invocation: Invocation, name: str | None, as_json: bool) -> None:
    """Close the day with all that was booked since the last closing, and queue its slip.

    Example: tillmate day close --by Petro
    """
    with invocation.till() as till:
        invocation.words = till.words()
        closed = close_day(till, _operator(till, name))
        if isinstance(closed, Refused):
            raise Declined(closed.reason)
    _tell(invocation, closed.totals, as_json=as_json)


@day.command("report")
@click.option("--date", "on", type=_DAY, metavar="DAY", help="The day; without it, the one that goes on.")
@click.option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write a line a cashier.")
@_JSON
@click.pass_obj
def report(invocation: Invocation, on: datetime | None, file: Path | None, as_json: bool) -> None:
    """Say what each cashier booked: sales, taken off, earned, spent, voided, refunded, corrected.

    Example: tillmate day report --date 2026-05-04 --csv day.csv
    """
    with invocation.till() as till:
        invocation.words = till.words()
        totals = day_totals(till, on.date() if on else None)
    if file is not None:
        _write(file, totals)
    _tell(invocation, totals, as_json=as_json)
    if file is not None and not as_json:
        invocation.echo(phrase("Written: {path}", path=str(file)))


def _operator(till: Till, name: str | None) -> Operator:
    if name is None:
        return Operator(NIGHT, NIGHT, "manager")
    found = next((one for one in desk.operators(till) if one.name == name), None)
    if found is None:
        raise Declined(phrase("Nobody of the staff is called {name}.", name=name))
    return found


def _tell(invocation: Invocation, totals: DayTotals, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_facts(totals), ensure_ascii=False, separators=(",", ":")))
        return
    for line in day_lines(invocation.words, totals, _WIDTH):
        click.echo(line.text)


def _write(file: Path, totals: DayTotals) -> None:
    """Write sums in minor units and points in units: a program reads it, or a spreadsheet divides."""
    with file.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["date", "cashier", *Booked.__struct_fields__])
        for one in totals.people:
            name = safe_text(one.name)
            safe = f"'{name}" if name.startswith(_FORMULA) else name
            writer.writerow([totals.day.day.isoformat(), safe, *msgspec.structs.astuple(one.booked)])


def _facts(totals: DayTotals) -> dict[str, object]:
    found: BusinessDay = totals.day
    return {
        "date": found.day.isoformat(),
        "first_seq": found.first_seq,
        "last_seq": found.last_seq,
        "opened": _turn(found.opened),
        "closed": _turn(found.closed),
        "cashiers": [
            {"operator": one.operator, "name": safe_text(one.name), **msgspec.structs.asdict(one.booked)}
            for one in totals.people
        ],
        "total": msgspec.structs.asdict(totals.whole),
        "head_seq": totals.head_seq,
        "head": totals.head.hex(),
        "unsent": totals.unsent,
        "slips_waiting": totals.slips_waiting,
    }


def _turn(turn: Turn | None) -> dict[str, object] | None:
    return {"at_ms": turn.at_ms, "by": safe_text(turn.name), "seq": turn.seq} if turn else None
