"""`tillmate verify`: do write-offs work? Listed orders, or the till's own, held against the journal."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import click

from terminal.commands.faults import Exit
from terminal.commands.invocation import Invocation
from terminal.commands.probing import probe
from terminal.commands.progress import Progress
from terminal.commands.write_off_check import checked_orders, hand_out
from terminal.commands.write_off_options import Asked, write_off_options
from terminal.desk.sections import Section
from terminal.desk.till import Till
from terminal.desk.write_off_report import place_of, write_off_report
from terminal.desk.write_offs import check_orders, count_orders_made, orders_made
from terminal.rules.reporting import Period
from terminal.rules.verdict import Checked, ListedOrder

_PROBED = 20


@click.command()
@write_off_options
@click.option("--probe", "probing", is_flag=True, help="Try every channel too, on a copy of the ledger.")
@click.option("--customers", default=_PROBED, show_default=True, type=click.IntRange(1, 1000),
              help="So many customers are tried at most.")  # fmt: skip
@click.pass_obj
def verify(invocation: Invocation, asked: Asked, probing: bool, customers: int) -> None:
    """Say whether the bonuses of listed orders were really taken: works, not applied, wrong amount, applied twice,
    held and never released, customer not found; and why.

    FILE is CSV, XLSX or JSON with the columns number, channel (store, manager, site), phone or card, total, date,
    and, where known, expected bonuses. Without one, --from lists the till's own orders. Exit 1 when an order fails.

    Example: tillmate verify orders.csv --html write-offs.html
    """
    with invocation.till() as till:
        words = invocation.words = till.words(asked.language)
        tries = _Tries(customers if probing else 0)
        with till.ledger.snapshot():
            tally = checked_orders(words, asked, _OwnBooks(till), tries.note)
            more: list[Section] = []
            tried = True
            if probing:
                section, tried = probe(invocation.config, till, tries.bills)
                more.append(section)
            made = write_off_report(place_of(till), tally, more)
    hand_out(words, made, tally, asked)
    if tally.failures or not tried:
        raise click.exceptions.Exit(Exit.FAILED)


@dataclass(frozen=True, slots=True)
class _OwnBooks:
    """The till's own journal, and what the site told it."""

    till: Till

    def today(self) -> date:
        return self.till.today()

    def listed(self, orders: Iterable[ListedOrder]) -> Iterator[Checked]:
        return check_orders(self.till, orders)

    def made(self, period: Period, progress: Progress) -> Iterator[Checked]:
        return check_orders(self.till, self._made(period, progress))

    def _made(self, period: Period, progress: Progress) -> Iterator[ListedOrder]:
        whole = count_orders_made(self.till, period)
        for order in orders_made(self.till, period):
            yield order
            progress(order.line, max(whole, order.line))


@dataclass(slots=True)
class _Tries:
    """Whom the probe tries, by id: the number of an order of theirs, and its bill in minor units."""

    most: int
    bills: dict[str, tuple[str, int]] = field(default_factory=dict)

    def note(self, checked: Checked) -> None:
        if checked.customer_id and len(self.bills) < self.most:
            self.bills.setdefault(checked.customer_id, (checked.order.number, checked.order.total_minor))
