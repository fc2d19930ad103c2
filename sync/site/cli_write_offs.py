"""`tillmate site verify-orders`: do write-offs work, by what all tills and the site have booked.

The lists, the verdicts and the report are those of `tillmate verify`: here is only where they come from.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from terminal.commands.write_off_options import Asked, write_off_options

if TYPE_CHECKING:
    from sync.site.store import Store
    from terminal.desk.write_off_report import Place
    from terminal.locale.words import Words
    from terminal.rules.reporting import Period
    from terminal.rules.verdict import Checked, ListedOrder
    from terminal.rules.write_off_tally import Tally


@click.command("verify-orders")
@write_off_options
@click.pass_context
def verify_orders(ctx: click.Context, asked: Asked) -> None:
    """Say whether the bonuses of orders were really taken, by the journals of all tills and of the site.

    FILE is a list as `tillmate verify` reads it: CSV, XLSX or JSON. Without one, --from names the days whose sales
    and orders are checked. The verdicts and the report are those of `tillmate verify`. Exit 1 when an order fails.

    Example: tillmate site verify-orders orders.csv --html write-offs.html
    """
    from sync.site.opening import opened
    from terminal.commands.write_off_check import checked_orders, hand_out
    from terminal.desk.write_off_report import write_off_report

    with opened(ctx.meta["tillmate.site"]) as store:
        words = ctx.obj.words = _words(store, asked.language)  # faults are told in them too
        tally = checked_orders(words, asked, _AllBooks(store), lambda checked: None)
        made = write_off_report(_place(store, tally), tally)
    hand_out(words, made, tally, asked)
    if tally.failures:
        raise click.exceptions.Exit(1)


@dataclass(frozen=True, slots=True)
class _AllBooks:
    """The journals of all tills and of the site."""

    store: "Store"

    def today(self) -> date:
        from sync.site.shop import today

        with self.store.reading() as connection:
            return today(connection, self.store)

    def listed(self, orders: "Iterable[ListedOrder]") -> "Iterator[Checked]":
        from sync.site.order_check import check_listed

        return check_listed(self.store, orders)

    def made(self, period: "Period", progress: Callable[[int, int], None]) -> "Iterator[Checked]":
        from sync.site.order_check import check_days

        return check_days(self.store, period.first, period.last, progress)


def _words(store: "Store", language: str | None) -> "Words":
    from sync.site.shop import programme_on, shop_facts, today
    from terminal.locale.words import Words

    with store.reading() as connection:
        facts = shop_facts(connection)
        programme = programme_on(connection, today(connection, store))
    decimals = programme.points_decimals if programme else 0
    return Words(language or facts.language, facts.currency, ZoneInfo(facts.timezone), decimals)


def _place(store: "Store", tally: "Tally") -> "Place":
    from sync.site.naming import customer_names
    from sync.site.shop import shop_facts, today
    from sync.site.staff import names
    from terminal.desk.write_off_report import Place

    shown = {one.customer_id for one in (*tally.failed, *tally.others) if one.customer_id}
    with store.reading() as connection:
        shop, on = shop_facts(connection).name, today(connection, store)
        staff, customers = names(connection), customer_names(connection, sorted(shown))
    return Place(shop, "", on, store.clock(), staff, lambda customer_id: customers.get(customer_id, "—"))
