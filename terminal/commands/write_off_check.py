"""A check of write-offs as a command makes it, at a till and on the site: orders in, verdicts told, report out."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Protocol

import click

from terminal.commands.faults import Declined
from terminal.commands.order_file import orders_in
from terminal.commands.progress import Progress, progress_bar
from terminal.commands.report_html import report_html
from terminal.commands.report_lines import show_report
from terminal.commands.report_markdown import report_markdown
from terminal.commands.write_off_options import Asked
from terminal.desk.importing import BadRow
from terminal.desk.sections import Report
from terminal.locale.words import Words
from terminal.rules.phrase import phrase
from terminal.rules.reporting import Period
from terminal.rules.verdict import Checked, ListedOrder
from terminal.rules.write_off_figures import in_figures, tally_in_figures
from terminal.rules.write_off_tally import Tally

_WIDTH = 100
_TOLD_EVERY = 200


class Checker(Protocol):
    """Whoever has books to hold orders against: a till, or the site with the journals of all tills."""

    def today(self) -> date:
        """The shop's day."""

    def listed(self, orders: Iterable[ListedOrder]) -> Iterator[Checked]:
        """Check the orders of a list, in their order."""

    def made(self, period: Period, progress: Progress) -> Iterator[Checked]:
        """Check every sale and order of some days that the books know of."""


def checked_orders(words: Words, asked: Asked, checker: Checker, each: Callable[[Checked], None]) -> Tally:
    """Check the lists or days that were asked for, under a progress bar; `each` is shown every verdict."""
    tally = Tally()
    with progress_bar(words.gettext("Checking")) as progress:
        told = _seldom(progress)
        if asked.files:
            rows = orders_in(asked.files, asked.encoding, words.points_decimals, told)
            found = checker.listed(_good(rows, tally, words, as_json=asked.as_json))
        else:
            found = checker.made(_period(asked, checker.today()), told)
        for checked in found:
            tally.add(checked)
            each(checked)
            if asked.as_json:
                click.echo(_json(in_figures(checked)))
    return tally


def _period(asked: Asked, today: date) -> Period:
    assert asked.first is not None, "without lists there are days"
    period = Period(asked.first.date(), asked.last.date() if asked.last else today)
    if period.first > period.last:
        raise Declined(phrase("The first day is after the last one."))
    return period


def _good(
    rows: Iterable[ListedOrder | BadRow], tally: Tally, words: Words, *, as_json: bool
) -> Iterator[ListedOrder]:
    english = Words("en", words.currency, words.timezone, words.points_decimals)
    for row in rows:
        if isinstance(row, BadRow):
            tally.add_bad(row.line, row.reason)
            if as_json:
                click.echo(_json({"line": row.line, "bad": english.say(row.reason)}))
        else:
            yield row


def _seldom(progress: Progress) -> Progress:
    """A bar that is moved at every line of a million costs more than the check."""
    calls = 0

    def told(done: int, whole: int) -> None:
        nonlocal calls
        calls += 1
        if calls % _TOLD_EVERY == 0:
            progress(done, whole)

    return told


def hand_out(words: Words, made: Report, tally: Tally, asked: Asked) -> None:
    """Write the report in the forms that were asked for; on the terminal, unless a program reads there."""
    if asked.html is not None:
        asked.html.write_text(report_html(words, made), encoding="utf-8")
    if asked.markdown is not None:
        asked.markdown.write_text(report_markdown(words, made), encoding="utf-8")
    if asked.as_json:
        click.echo(_json(tally_in_figures(tally)))
        return
    show_report(words, made, _WIDTH)
    for path in (asked.html, asked.markdown):
        if path is not None:
            click.echo(words.say(phrase("Written: {path}", path=str(path))))


def _json(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str)
