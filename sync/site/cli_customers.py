"""`tillmate site customers`: customers in, out, two who are one, and who is forgotten."""

from pathlib import Path
from typing import TextIO

import click

from sync.progress import progress_bar
from sync.site.cli_files import read_file, skipped_lines


@click.group()
def customers() -> None:
    """Customers from and to a CSV file, merged and forgotten.

    Example: tillmate site customers export customers.csv
    """


@customers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--skip-bad", is_flag=True, help="Import the good lines; without it one bad line stops all.")
@click.option("--home", default=None, help="The till that their bonuses are leased to.")
@click.pass_context
def bring_in(ctx: click.Context, file: Path, skip_bad: bool, home: str | None) -> None:
    """Register customers with their opening bonuses and spending; columns name, phone, and any of card, points,
    spend, email, birthday, language.

    Example: tillmate site customers import customers.csv --home "till 1"
    """
    from sync.site.importing import NewAccount, import_accounts, known_already, read_accounts
    from sync.site.opening import opened
    from sync.site.shop import programme_on, shop_facts, today

    with opened(ctx.meta["tillmate.site"]) as store:
        with store.reading() as connection:
            facts = shop_facts(connection)
            programme = programme_on(connection, today(connection, store))
        if programme is None:
            raise click.ClickException("No programme is in force. tillmate site programme publish FILE.")
        read = list(read_accounts(read_file(file), facts.country, programme))
        good = [one for one in read if isinstance(one, NewAccount)]
        bad = [one for one in read if not isinstance(one, NewAccount)] + known_already(store, good)
        lines = skipped_lines(file, bad, skip_bad=skip_bad)
        with progress_bar("Importing customers") as progress:
            count = import_accounts(store, [one for one in good if one.line not in lines], home, progress)
    click.echo(f"Imported: {count}.")


@customers.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=True))
@click.pass_context
def bring_out(ctx: click.Context, file: TextIO) -> None:
    """Write all customers as CSV; - is standard output.

    Example: tillmate site customers export customers.csv
    """
    from sync.site.importing import export_accounts
    from sync.site.opening import opened

    with opened(ctx.meta["tillmate.site"]) as store:
        count = export_accounts(store, file)
    click.echo(f"Exported: {count}.", err=True)


@customers.command()
@click.argument("source")
@click.argument("target")
@click.pass_context
def merge(ctx: click.Context, source: str, target: str) -> None:
    """Make two customers one, by id: bonuses, spending and cards of SOURCE go to TARGET.

    Example: tillmate site customers merge 0190-source 0190-target
    """
    from sync.site.merging import merge as make_one
    from sync.site.opening import opened

    with opened(ctx.meta["tillmate.site"]) as store:
        why_not = make_one(store, source, target, "console")
    if why_not is not None:
        raise click.ClickException(f"{why_not}.")
    click.echo("They are one. What tills hold of the first follows when it is returned.")


@customers.command("erase")
@click.argument("customer", metavar="WHO")
@click.confirmation_option(
    prompt="Name, phone, consents and offers go for good, here and at all tills. Erase them?"
)
@click.pass_context
def erase(ctx: click.Context, customer: str) -> None:
    """Forget who a customer is (by id, card or phone), here and at all tills; the figures stay without a name.

    Example: tillmate site customers erase 0671234567
    """
    from sync.site.erasing import forget
    from sync.site.naming import customer_named
    from sync.site.opening import opened

    with opened(ctx.meta["tillmate.site"]) as store:
        with store.reading() as connection:
            customer_id = customer_named(connection, customer)
        why_not = forget(store, customer_id, "console") if customer_id else "there is no such customer"
    if why_not is not None:
        raise click.ClickException(f"{why_not}.")
    click.echo("They are forgotten; the tills follow when they sync.")
