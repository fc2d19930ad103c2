"""`tillmate site catalogue`: the shop's goods in and out, for all of its tills."""

from pathlib import Path
from typing import TextIO

import click

from sync.progress import progress_bar
from sync.site.cli_files import read_file, skipped_lines


@click.group()
def catalogue() -> None:
    """The goods of the shop, from and to a CSV file.

    Example: tillmate site catalogue export goods.csv
    """


@catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--skip-bad", is_flag=True, help="Import the good lines; without it one bad line stops all.")
@click.option("--replace", is_flag=True, help="Take out what is not in the file.")
@click.pass_context
def bring_in(ctx: click.Context, file: Path, skip_bad: bool, replace: bool) -> None:
    """Add goods to the catalogue of all tills, or change them.

    Columns: sku, name, price, and any of category, brand, barcodes (several, with spaces between them).

    Example: tillmate site catalogue import goods.csv --replace
    """
    from sync.site.catalogue import Numbered, import_products, read_products, taken
    from sync.site.opening import opened
    from sync.site.shop import money_decimals

    with opened(ctx.meta["tillmate.site"]) as store:
        with store.reading() as connection:
            places = money_decimals(connection)
        read = list(read_products(read_file(file), places))
        found = [one for one in read if isinstance(one, Numbered)]
        bad = [one for one in read if not isinstance(one, Numbered)] + taken(store, found, replace=replace)
        lines = skipped_lines(file, bad, skip_bad=skip_bad)
        if replace and bad:
            raise click.ClickException("A file with bad lines can't replace the catalogue. Nothing was imported.")
        products = [one.product for one in found if one.line not in lines]
        with progress_bar("Importing goods") as progress:
            changed, gone = import_products(store, products, "console", replace=replace, progress=progress)
    click.echo(f"New or changed: {changed}, as they were: {len(products) - changed}, taken out: {gone}.")


@catalogue.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=True))
@click.pass_context
def bring_out(ctx: click.Context, file: TextIO) -> None:
    """Write the catalogue as CSV; - is standard output.

    Example: tillmate site catalogue export goods.csv
    """
    from sync.site.catalogue import export_products
    from sync.site.opening import opened

    with opened(ctx.meta["tillmate.site"]) as store:
        count = export_products(store, file)
    click.echo(f"Exported: {count}.", err=True)
