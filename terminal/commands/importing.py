"""`tillmate import`: the customers of an older programme, from a CSV file."""

from pathlib import Path

import click

from terminal import desk
from terminal.commands.customer_file import customer_rows, open_customer_file
from terminal.commands.faults import Declined
from terminal.commands.invocation import Invocation
from terminal.commands.progress import progress_bar
from terminal.rules.phrase import Money, Points, Refused, phrase

_SHOWN = 200


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--skip-bad", is_flag=True, help="Import the good rows and leave the bad ones out.")
@click.option("--dry-run", is_flag=True, help="Say what would be imported, and book nothing.")
@click.option("--encoding", help="UTF-8 and Windows-1251 are told apart; name any other, such as cp1250.")
@click.pass_obj
def import_customers(
    invocation: Invocation, file: Path, skip_bad: bool, dry_run: bool, encoding: str | None
) -> None:
    """Register the customers of FILE, each with an opening gift of the points they had. The till must be closed.

    The first line names the columns: name and phone, and if you have them card, points, email, birthday,
    language, spend. All rows are imported or none, unless --skip-bad. Import only customers who agreed to the
    programme's terms: that is what the ledger will say.

    Example: tillmate import customers.csv --dry-run
    """
    source = open_customer_file(file, encoding)
    if source.unused:
        invocation.echo(phrase("Columns that are not used: {names}", names=", ".join(source.unused)), err=True)
    with invocation.till(alone=True) as till:
        with progress_bar(invocation.words.gettext("Importing")) as progress:
            imported = desk.import_customers(
                till, customer_rows(source, progress), skip_bad=skip_bad, dry_run=dry_run
            )
        invocation.words = till.words()
    if isinstance(imported, Refused):
        raise Declined(imported.reason)
    _show(invocation, imported)
    if imported.bad and not skip_bad:
        raise Declined(phrase("Nothing was imported. Mend these lines, or leave them out with --skip-bad."))
    if dry_run:
        invocation.echo(phrase("This was a dry run: nothing was imported."))


def _show(invocation: Invocation, imported: desk.Imported) -> None:
    words = invocation.words
    for row in imported.bad[:_SHOWN]:
        place = words.say(phrase("Line {line}:", line=row.line))
        click.echo(f"{place} {words.say(row.reason)}", err=True)
    if len(imported.bad) > _SHOWN:
        invocation.echo(phrase("… and more lines: {count}", count=len(imported.bad) - _SHOWN), err=True)
    invocation.echo(phrase("Customers: {count}", count=imported.customers))
    invocation.echo(phrase("Cards: {count}", count=imported.cards))
    invocation.echo(phrase("On their accounts: {points}", points=Points(imported.points)))
    invocation.echo(phrase("Spent before: {sum}", sum=Money(imported.spend_minor)))
    if imported.bad:
        invocation.echo(phrase("Bad lines: {count}", count=len(imported.bad)))
