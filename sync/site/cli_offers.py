"""`tillmate site offer`: personal offers, given to customers and withdrawn."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from sync.progress import progress_bar
from sync.site.cli_days import days, days_options

if TYPE_CHECKING:
    from sync.site.store import Store


def _whom(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the ways to name customers: one by one, a group, or everybody."""
    for option in (
        click.option("--all", "everybody", is_flag=True, help="All customers."),
        click.option("--group", metavar="CODE", help="The customers of a group."),
        click.option("--customer", "customers", multiple=True, metavar="WHO",
                     help="A customer by id, card or phone; may be told several times."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.group()
def offer() -> None:
    """Personal offers of the programme: who has them, at all tills.

    Example: tillmate site offer list
    """


@offer.command()
@click.argument("code")
@_whom
@days_options
@click.pass_context
def give(
    ctx: click.Context,
    code: str,
    customers: tuple[str, ...],
    group: str | None,
    everybody: bool,
    first: datetime | None,
    last: datetime,
) -> None:
    """Give the programme's personal offer CODE to customers, both days included.

    Who has it already has it for these days from now on.

    Example: tillmate site offer give mug --customer 0671234567 --until 2026-12-31
    """
    from sync.site.offers import give as hand_out
    from sync.site.opening import opened
    from sync.site.shop import today

    with opened(ctx.meta["tillmate.site"]) as store:
        ids = _ids(store, customers, group, everybody)
        with store.reading() as connection:
            on = today(connection, store)
        with progress_bar("Giving the offer") as progress:
            given = hand_out(store, code, ids, days(first, last, on), "console", progress)
    if isinstance(given, str):
        raise click.ClickException(f"{given}.")
    click.echo(f"Customers who have it now: {given}.")


@offer.command()
@click.argument("code")
@_whom
@click.pass_context
def withdraw(ctx: click.Context, code: str, customers: tuple[str, ...], group: str | None, everybody: bool) -> None:
    """Take the offer CODE back from customers; exit 1 when none of them has it.

    Example: tillmate site offer withdraw mug --all
    """
    from sync.site.offers import withdraw as take_back
    from sync.site.opening import opened

    with opened(ctx.meta["tillmate.site"]) as store:
        ids = _ids(store, customers, group, everybody)
        with progress_bar("Withdrawing the offer") as progress:
            count = take_back(store, code, ids, "console", progress)
    if not count:
        raise click.ClickException(f"None of them has the offer {code}.")
    click.echo(f"Customers who had it: {count}.")


@offer.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_context
def list_offers(ctx: click.Context, as_json: bool) -> None:
    """List the personal offers that customers have, and how many have each.

    Example: tillmate site offer list
    """
    from dataclasses import asdict

    from sync.site.offers import given
    from sync.site.opening import opened

    with opened(ctx.meta["tillmate.site"]) as store:
        found = given(store)
    if as_json:
        click.echo(json.dumps({"offers": [asdict(one) for one in found]}))
        return
    for one in found:
        click.echo(f"{one.code}\t{one.title}\t{one.valid_from} – {one.valid_until}\tcustomers: {one.customers}")


def _ids(store: "Store", customers: tuple[str, ...], group: str | None, everybody: bool) -> list[str]:
    from sync.site.naming import customer_named
    from sync.site.offers import who_may_have

    if bool(customers) + (group is not None) + everybody != 1:
        raise click.UsageError("Name the customers by one of --customer, --group and --all.")
    if not customers:
        found = who_may_have(store, group)
        if not found:
            raise click.ClickException(f"There is nobody in the group {group}." if group else "There is nobody.")
        return found
    with store.reading() as connection:
        named = {text: customer_named(connection, text) for text in customers}
    unknown = [text for text, one in named.items() if one is None]
    if unknown:
        raise click.ClickException(f"Nobody is known by {', '.join(unknown)}. Nothing was done.")
    return list(dict.fromkeys(one for one in named.values() if one is not None))
