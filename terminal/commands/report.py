"""`tillmate report`: the owner's figures, in the terminal, as a page, as files and as JSON."""

import json
from datetime import date, datetime
from pathlib import Path

import click

from terminal.commands.faults import Declined
from terminal.commands.invocation import Invocation
from terminal.commands.report_files import figures_in_json, write_csv
from terminal.commands.report_html import report_html
from terminal.commands.report_lines import show_report
from terminal.desk.figures import CHURN_DAYS, NAMES_SHOWN, USUAL_MONTHS, Asked, Register, figures
from terminal.desk.report import report as report_of
from terminal.desk.till import Till
from terminal.ledger.backup import last_backup
from terminal.locale.words import LANGUAGES
from terminal.rules.money import read_amount
from terminal.rules.phrase import Refused, phrase
from terminal.rules.reporting import Period, last_months

_DAY = click.DateTime(["%Y-%m-%d"])
_WIDTH = 78
_MOST_DAYS = 3660
_EVERYBODY = 10_000_000


@click.command()
@click.option("--from", "first", type=_DAY, metavar="DAY", help="The first day, such as 2026-01-01.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The last day; without it, today.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Another language than the shop's.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page that prints well.")
@click.option("--csv", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write a CSV file a table.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.option(
    "--churn-days",
    default=CHURN_DAYS,
    show_default=True,
    type=click.IntRange(1, 1830),
    help="So many days without a purchase make a customer lost.",
)
@click.option("--spend", metavar="SUM", help="What was spent on winning customers in the period.")
@click.option("--register-bills", type=click.IntRange(0), help="All bills of the register in the period.")
@click.option("--register-total", metavar="SUM", help="What was paid for them, by the register's own report.")
@click.option("--offer", default="", metavar="ID", help="Look at this personal offer alone.")
@click.option("--offer-cost", metavar="SUM", help="What that offer cost, for its return.")
@click.pass_obj
def report(
    invocation: Invocation,
    first: datetime | None,
    last: datetime | None,
    language: str | None,
    html: Path | None,
    folder: Path | None,
    as_json: bool,
    churn_days: int,
    spend: str | None,
    register_bills: int | None,
    register_total: str | None,
    offer: str,
    offer_cost: str | None,
) -> None:
    """Say how the programme does: repeat purchases, retention, bills, bonuses outstanding, offers, the till.

    Each figure stands beside its definition. Without days it is the last twelve months. A till may go on selling
    meanwhile.

    Example: tillmate report --from 2026-01-01 --to 2026-03-31 --html report.html
    """
    config = invocation.config
    with invocation.till() as till:
        words = invocation.words = till.words(language)
        if offer_cost is not None and not offer:
            raise Declined(phrase("Tell whose cost it is: --offer."))
        asked = Asked(
            _period(till, first.date() if first else None, last.date() if last else None),
            churn_days,
            _sum(spend),
            _register(register_bills, register_total),
            offer,
            _sum(offer_cost),
            names=_EVERYBODY if folder else NAMES_SHOWN,
            last_backup=last_backup(config.backup.folder, config.till.ledger),
        )
        found = figures(till, asked)
        made = report_of(found, till.shop.name, till.ledger.terminal_id)
        programme = till.programme(found.on)
    decimals = 2 if isinstance(programme, Refused) else programme.currency_decimals
    if html is not None:
        html.write_text(report_html(words, made), encoding="utf-8")
    paths = write_csv(folder, words, made, decimals) if folder is not None else []
    if as_json:
        click.echo(json.dumps(figures_in_json(found), ensure_ascii=False, separators=(",", ":")))
        return
    show_report(words, made, _WIDTH)
    for path in ([html] if html else []) + paths:
        invocation.echo(phrase("Written: {path}", path=str(path)))


def _register(bills: int | None, total: str | None) -> Register | None:
    total_minor = _sum(total)
    if (bills is None) != (total_minor is None):
        raise Declined(phrase("Tell both: --register-bills and --register-total."))
    return Register(bills, total_minor) if bills is not None and total_minor is not None else None


def _period(till: Till, first: date | None, last: date | None) -> Period:
    end = last or till.today()
    period = Period(first or last_months(end, USUAL_MONTHS).first, end)
    if period.first > period.last:
        raise Declined(phrase("The first day is after the last one."))
    if period.days > _MOST_DAYS:
        raise Declined(
            phrase("At most ten years: {first} to {last} are more.", first=period.first, last=period.last)
        )
    return period


def _sum(typed: str | None) -> int | None:
    if typed is None:
        return None
    minor = read_amount(typed, zero_allowed=True)
    if isinstance(minor, Refused):
        raise Declined(minor.reason)
    return minor
