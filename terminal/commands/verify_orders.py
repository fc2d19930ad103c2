"""`tillmate verify`: do write-offs work? Listed orders, or the till's own, held against the journal."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click

from terminal.commands.faults import Declined, Exit
from terminal.commands.invocation import Invocation
from terminal.commands.order_file import orders_in
from terminal.commands.probing import probe
from terminal.commands.progress import Progress, progress_bar
from terminal.commands.report_html import report_html
from terminal.commands.report_lines import show_report
from terminal.commands.report_markdown import report_markdown
from terminal.desk.importing import BadRow
from terminal.desk.sections import Report, Section
from terminal.desk.till import Till
from terminal.desk.write_off_report import write_off_report
from terminal.desk.write_offs import check_orders, count_orders_made, orders_made
from terminal.locale.words import LANGUAGES, Words
from terminal.rules.phrase import Refused, phrase
from terminal.rules.reporting import Period
from terminal.rules.verdict import ListedOrder
from terminal.rules.write_off_figures import in_figures, tally_in_figures
from terminal.rules.write_off_tally import Tally

_DAY = click.DateTime(["%Y-%m-%d"])
_WIDTH = 100
_PROBED = 20
_TOLD_EVERY = 200


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--from", "first", type=_DAY, metavar="DAY", help="Check this till's own orders, from this day.")
@click.option("--to", "last", type=_DAY, metavar="DAY", help="The last day, included; without it, today.")
@click.option("--encoding", help="UTF-8, UTF-16 and Windows-1251 are told apart; name any other, such as cp1250.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Another language than the shop's.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page that prints well.")
@click.option("--markdown", type=click.Path(path_type=Path, dir_okay=False), help="Write it as Markdown.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON an order, and one of the sums at the end.")
@click.option("--probe", "probing", is_flag=True, help="Try every channel too, on a copy of the ledger.")
@click.option("--customers", default=_PROBED, show_default=True, type=click.IntRange(1, 1000),
              help="So many customers are tried at most.")  # fmt: skip
@click.pass_obj
def verify(
    invocation: Invocation,
    files: tuple[Path, ...],
    first: datetime | None,
    last: datetime | None,
    encoding: str | None,
    language: str | None,
    html: Path | None,
    markdown: Path | None,
    as_json: bool,
    probing: bool,
    customers: int,
) -> None:
    """Say whether the bonuses of listed orders were really taken: works, not applied, wrong amount, applied twice,
    held and never released, customer not found; and why.

    FILE is CSV, XLSX or JSON with the columns number, channel (store, manager, site), phone or card, total, date,
    and, where known, expected bonuses. Without one, --from lists the till's own orders. Exit 1 when an order fails.

    Example: tillmate verify orders.csv --html write-offs.html
    """
    if bool(files) == (first is not None):
        raise click.UsageError("Name files, or the days by --from and --to.")
    with invocation.till() as till:
        words = invocation.words = till.words(language)
        with till.ledger.snapshot():
            with progress_bar(words.gettext("Checking")) as progress:
                listed = (
                    _from_files(till, files, encoding, progress) if files else _own(till, first, last, progress)
                )
                tally, asked = _check(till, listed, customers if probing else 0, as_json=as_json)
            more: list[Section] = []
            tried = True
            if probing:
                section, tried = probe(invocation.config, till, asked)
                more.append(section)
            made = write_off_report(till, tally, more)
    _hand_out(words, made, tally, as_json=as_json, html=html, markdown=markdown)
    if tally.failures or not tried:
        raise click.exceptions.Exit(Exit.FAILED)


def _from_files(
    till: Till, files: tuple[Path, ...], encoding: str | None, progress: Progress
) -> Iterable[ListedOrder | BadRow]:
    programme = till.programme(till.today())
    decimals = 0 if isinstance(programme, Refused) else programme.points_decimals
    return orders_in(files, encoding, decimals, _seldom(progress))


def _own(
    till: Till, first: datetime | None, last: datetime | None, progress: Progress
) -> Iterator[ListedOrder | BadRow]:
    assert first is not None
    period = Period(first.date(), last.date() if last else till.today())
    if period.first > period.last:
        raise Declined(phrase("The first day is after the last one."))
    told, whole = _seldom(progress), count_orders_made(till, period)
    for order in orders_made(till, period):
        yield order
        told(order.line, max(whole, order.line))


def _seldom(progress: Progress) -> Callable[[int, int], None]:
    """A bar that is moved at every line of a million costs more than the check."""
    calls = 0

    def told(done: int, whole: int) -> None:
        nonlocal calls
        calls += 1
        if calls % _TOLD_EVERY == 0:
            progress(done, whole)

    return told


def _check(
    till: Till, listed: Iterable[ListedOrder | BadRow], probed: int, *, as_json: bool
) -> tuple[Tally, dict[str, tuple[str, int]]]:
    """Check all; return the sums and, by id, who is to be tried with which bill."""
    tally = Tally()
    asked: dict[str, tuple[str, int]] = {}
    words = till.words("en")

    def good() -> Iterator[ListedOrder]:
        for row in listed:
            if isinstance(row, BadRow):
                tally.add_bad(row.line, row.reason)
                if as_json:
                    click.echo(_json({"line": row.line, "bad": words.say(row.reason)}))
            else:
                yield row

    for checked in check_orders(till, good()):
        tally.add(checked)
        if checked.customer_id and len(asked) < probed:
            asked.setdefault(checked.customer_id, (checked.order.number, checked.order.total_minor))
        if as_json:
            click.echo(_json(in_figures(checked)))
    return tally, asked


def _hand_out(
    words: Words, made: Report, tally: Tally, *, as_json: bool, html: Path | None, markdown: Path | None
) -> None:
    if html is not None:
        html.write_text(report_html(words, made), encoding="utf-8")
    if markdown is not None:
        markdown.write_text(report_markdown(words, made), encoding="utf-8")
    if as_json:
        click.echo(_json(tally_in_figures(tally)))
        return
    show_report(words, made, _WIDTH)
    for path in (html, markdown):
        if path is not None:
            click.echo(words.say(phrase("Written: {path}", path=str(path))))


def _json(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str)
