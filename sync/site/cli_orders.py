"""`tillmate site order`: orders of the shop's own site and of managers, looked at and taken back."""

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sync.protocol import Fault
    from sync.site.shop_messages import Ordered

_STATES = ("held", "placed", "paid", "issued", "closed", "cancelled", "returned")


@click.group()
def order() -> None:
    """Orders: what was ordered, by whom, and how it stands.

    Example: tillmate site order list --state placed
    """


@order.command("list")
@click.option("--state", type=click.Choice(_STATES), help="Only those in this state.")
@click.option("--customer", metavar="WHO", help="Only those of a customer, by id, card or phone.")
@click.option("--owed", is_flag=True, help="Only those that money is owed for: paid, or paid back, twice.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000),
              help="So many, newest first.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_context
def list_orders(
    ctx: click.Context, state: str | None, customer: str | None, owed: bool, limit: int, as_json: bool
) -> None:
    """List the newest orders.

    Example: tillmate site order list --state placed
    """
    from dataclasses import asdict

    from sync.site.naming import customer_named
    from sync.site.opening import opened
    from sync.site.order_list import listed

    with opened(ctx.meta["tillmate.site"]) as store:
        customer_id = None
        if customer is not None:
            with store.reading() as connection:
                customer_id = customer_named(connection, customer)
            if customer_id is None:
                raise click.ClickException(f"Nobody is known by {customer}.")
        found = listed(store, state, customer_id, limit, owed=owed)
    if as_json:
        click.echo(json.dumps({"orders": [asdict(one) for one in found]}))
        return
    for one in found:
        click.echo("\t".join((one.number, one.state, one.at, one.total, one.customer, one.wrong)).rstrip())


@order.command()
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_context
def show(ctx: click.Context, number: str, as_json: bool) -> None:
    """Show an order with its lines; exit 1 when there is none.

    Example: tillmate site order show W-1001
    """
    from dataclasses import asdict

    from sync.site.opening import opened
    from sync.site.order_list import shown

    with opened(ctx.meta["tillmate.site"]) as store:
        found = shown(store, number)
    if found is None:
        raise click.ClickException(f"There is no order {number}.")
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    one = found.order
    click.echo(f"{one.number}\t{one.state}\t{one.channel}\t{one.at}")
    if one.wrong:
        click.echo(f"✗ {one.wrong}")
    if one.customer_id:
        click.echo(f"Customer: {one.customer} ({one.customer_id})".replace(":  (", ": ("))
    for name, price, off in found.lines:
        click.echo(f"  {name}\t{price}" + (f"\t-{off}" if off.strip("0.") else ""))
    click.echo(f"Total {one.total}, taken off {found.taken_off}, to pay {found.to_pay}; points: {found.redeemed}")


@order.command()
@click.argument("number")
@click.pass_context
def cancel(ctx: click.Context, number: str) -> None:
    """Cancel an order that was not paid: the bonuses that it took return. Exit 1 when it can't be.

    Example: tillmate site order cancel W-1001
    """
    from sync.site.opening import opened
    from sync.site.order_returns import cancel as take_back
    from sync.site.shop_messages import OrderNumber

    with opened(ctx.meta["tillmate.site"]) as store:
        _tell(take_back(store, OrderNumber(number=number), "console"))


@order.command()
@click.argument("number")
@click.pass_context
def paid(ctx: click.Context, number: str) -> None:
    """Book an order as paid: it is a sale from now on, and earns. Exit 1 when it can't be.

    Example: tillmate site order paid W-1001
    """
    from sync.site.opening import opened
    from sync.site.orders import pay
    from sync.site.shop_messages import OrderNumber

    with opened(ctx.meta["tillmate.site"]) as store:
        _tell(pay(store, OrderNumber(number=number), "console"))


@order.command("return")
@click.argument("number")
@click.pass_context
def give_back(ctx: click.Context, number: str) -> None:
    """Take all that is left of a paid order back; say what is to be paid back. Exit 1 when it can't be.

    Example: tillmate site order return W-1001
    """
    from sync.protocol import Fault
    from sync.site.importing import decimal
    from sync.site.opening import opened
    from sync.site.order_returns import give_back as take_back
    from sync.site.shop import money_decimals
    from sync.site.shop_messages import ReturnOrder

    with opened(ctx.meta["tillmate.site"]) as store:
        done = take_back(store, ReturnOrder(number=number, return_id="console"), "console")
        _tell(done)
        with store.reading() as connection:
            places = money_decimals(connection)
    assert not isinstance(done, Fault)
    click.echo(f"To be paid back: {decimal(done.back_minor, places)}.")


def _tell(done: "Ordered | Fault") -> None:
    from sync.protocol import Fault

    if isinstance(done, Fault):
        raise click.ClickException(f"{done.text[:1].upper()}{done.text[1:]}.")
    click.echo(f"{done.number} is {done.state}.")
