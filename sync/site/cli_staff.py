"""`tillmate site staff`: who works in the shop, at all of its tills."""

import json

import click

_ROLE = click.option("--role", type=click.Choice(["cashier", "manager"]), default="cashier", show_default=True)
_PIN = click.option(
    "--pin",
    envvar="TILLMATE_PIN",
    show_envvar=True,
    prompt="PIN, 4 to 8 digits (not shown)",
    hide_input=True,
    confirmation_prompt="The PIN once more",
    help="The PIN, 4 to 8 digits; asked otherwise.",
)


@click.group()
def staff() -> None:
    """Who works in the shop, with PINs that unlock every till.

    Example: tillmate site staff list
    """


@staff.command("list")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_context
def list_staff(ctx: click.Context, as_json: bool) -> None:
    """List who works in the shop.

    Example: tillmate site staff list
    """
    from sync.site.opening import opened
    from sync.site.staff import members

    with opened(ctx.meta["tillmate.site"]) as store:
        found = members(store)
    if as_json:
        click.echo(json.dumps({"staff": [{"id": one.id, "name": one.name, "role": one.role} for one in found]}))
        return
    for one in found:
        click.echo(f"{one.name}\t{one.role}")


@staff.command()
@click.argument("name")
@_ROLE
@_PIN
@click.pass_context
def add(ctx: click.Context, name: str, role: str, pin: str) -> None:
    """Let NAME work at all tills, with a role and a PIN.

    Example: tillmate site staff add Oksana --role cashier
    """
    from sync.site.opening import opened
    from sync.site.staff import add as take_on

    with opened(ctx.meta["tillmate.site"]) as store:
        added = take_on(store, name, role, pin, "console")
    if isinstance(added, str):
        raise click.ClickException(f"{added}.")
    click.echo(f"{added.name} can work at all tills now.")


@staff.command()
@click.argument("name")
@_PIN
@click.pass_context
def pin(ctx: click.Context, name: str, pin: str) -> None:
    """Give NAME another PIN, at all tills.

    Example: tillmate site staff pin Oksana
    """
    from sync.site.opening import opened
    from sync.site.staff import change_pin

    with opened(ctx.meta["tillmate.site"]) as store:
        _check(change_pin(store, name, pin, "console"))
    click.echo(f"{name} has a new PIN.")


@staff.command()
@click.argument("name")
@click.argument("role", type=click.Choice(["cashier", "manager"]))
@click.pass_context
def role(ctx: click.Context, name: str, role: str) -> None:
    """Let NAME be a cashier or a manager from now on.

    Example: tillmate site staff role Oksana manager
    """
    from sync.site.opening import opened
    from sync.site.staff import change_role

    with opened(ctx.meta["tillmate.site"]) as store:
        _check(change_role(store, name, role, "console"))
    click.echo(f"{name} is a {role} now.")


@staff.command()
@click.argument("name")
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    """Take NAME off the staff; what they did stays in the journals.

    Example: tillmate site staff remove Oksana
    """
    from sync.site.opening import opened
    from sync.site.staff import remove as let_go

    with opened(ctx.meta["tillmate.site"]) as store:
        _check(let_go(store, name, "console"))
    click.echo(f"{name} no longer works at any till.")


def _check(why_not: str | None) -> None:
    if why_not is not None:
        raise click.ClickException(f"{why_not}.")
