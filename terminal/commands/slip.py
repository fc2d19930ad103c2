"""`tillmate slip`: slips as they will look on paper, before any paper is used."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import click

from printers.document import Document
from terminal import desk
from terminal.commands.demo_play import DemoClock
from terminal.commands.faults import Declined
from terminal.commands.invocation import Invocation
from terminal.config.load import CONFIG_VARIABLE
from terminal.desk.demo_shop import SELLER, fixed_clock, make_demo_till
from terminal.desk.slip import sale_slip, void_slip
from terminal.desk.till import Till
from terminal.ledger.sales import Sale, sale_by_number
from terminal.ledger.shop import Operator
from terminal.locale.words import LANGUAGES
from terminal.rules.bill import Bill
from terminal.rules.phrase import Refused, phrase
from terminal.rules.quote import ALL

COLUMNS = {"58": 32, "80": 48}
"""Letters on a line, by the paper's width in mm."""


@click.group()
def slip() -> None:
    """Look at slips before they are printed.

    Example: tillmate slip preview --demo
    """


@slip.command()
@click.option("--sale", "number", type=click.IntRange(1), help="The number of a sale; the last one without it.")
@click.option("--demo", is_flag=True, help="A slip of the demo shop; needs no till.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Another language than the customer's.")
@click.option("--width", type=click.Choice(list(COLUMNS)), help="The paper in mm; the config's without it.")
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), help="Write a picture to this file too.")
@click.pass_obj
def preview(
    invocation: Invocation,
    number: int | None,
    demo: bool,
    language: str | None,
    width: str | None,
    png: Path | None,
) -> None:
    """Show the slip of the last sale, of a sale by its number, or of the demo shop, with today's balance.

    Nothing is printed and nothing is booked. Where no till is set up yet, it is the demo shop's slip.

    Example: tillmate slip preview --demo --language uk --width 58 --png slip.png
    """
    from printers.preview import preview_png, preview_text
    from terminal.printing import logo_of, profile_of, under_logo

    if not demo and number is None and _no_till_here(invocation):
        invocation.echo(phrase("No till is set up here: this is a slip of the demo shop."), err=True)
        demo = True
    if demo:
        with _demo_till(language or "uk") as till:
            document = _compose(till, _demo_sale(till), None)
        columns = COLUMNS[width or "80"]
    else:
        with invocation.till() as till:
            document = _compose(till, _sale(till, number), language)
        printer = invocation.config.printer
        columns = COLUMNS[width] if width else printer.columns or COLUMNS[str(printer.width_mm)]
        document = under_logo(document, logo_of(printer, profile_of(printer)))
    click.echo(preview_text(document, columns), nl=False)
    if png is not None:
        preview_png(document, columns, png)


def _no_till_here(invocation: Invocation) -> bool:
    """Whether nobody named a config and there is none in the usual place, as when Tillmate is only looked at."""
    named = click.get_current_context().find_root().params.get("config_path") or os.environ.get(CONFIG_VARIABLE)
    return not named and not invocation.config_path.exists()


def _sale(till: Till, number: int | None) -> Sale:
    found = desk.last_sale(till) if number is None else sale_by_number(till.ledger, number)
    if found is not None:
        return found
    if number is None:
        raise Declined(phrase("There is no sale yet. Look at the demo's: tillmate slip preview --demo."))
    raise Declined(phrase("This till has no sale No. {number}.", number=number))


def _compose(till: Till, sale: Sale, language: str | None) -> Document:
    staff = {SELLER.id: SELLER} | {one.id: one for one in desk.operators(till)}
    by = staff.get(sale.operator, Operator(sale.operator, sale.operator, "cashier"))
    if sale.voided:
        return void_slip(till, sale, by, language=language)
    return sale_slip(till, sale, by, language=language)


@contextmanager
def _demo_till(language: str) -> Iterator[Till]:
    with TemporaryDirectory(prefix="tillmate-slip-") as folder:
        till, _ = make_demo_till(Path(folder), language, 1, DemoClock(fixed_clock()))
        with till.ledger:
            yield till


def _demo_sale(till: Till) -> Sale:
    """Sell something for which bonuses pay, so that every part of a slip is there."""
    chance = Random(2)
    last = desk.last_sale(till)
    assert last is not None
    bill = Bill(())
    for barcode in ("1005", "1022", "1007"):
        added = desk.add_product(till, bill, barcode)
        assert not isinstance(added, Refused)
        bill = added
    shown = desk.quote(till, last.customer_id, bill, ALL)
    assert not isinstance(shown, Refused), shown
    if shown.redeem_points:
        shown = desk.quote(till, last.customer_id, bill, 1 + chance.randrange(shown.redeem_points))
        assert not isinstance(shown, Refused), shown
    sold = desk.complete(till, shown, bill, SELLER)
    assert not isinstance(sold, Refused), sold
    return sold.sale
