"""`tillmate staff`: who works at this till, their roles and PINs."""

import click

from terminal import desk
from terminal.commands.faults import Declined
from terminal.commands.invocation import Invocation
from terminal.commands.pins import ask_pin
from terminal.rules.phrase import Refused, phrase
from terminal.rules.text import safe_text

_PIN = click.option(
    "--pin", envvar="TILLMATE_PIN", show_envvar=True, help="The PIN, 4 to 8 digits; asked otherwise."
)


@click.group()
def staff() -> None:
    """Add, list or remove who works at this till, and set PINs.

    Example: tillmate staff add Oksana --role cashier
    """


@staff.command(name="list")
@click.pass_obj
def list_(invocation: Invocation) -> None:
    """List who may unlock this till.

    Example: tillmate staff list
    """
    with invocation.till() as till:
        for person in desk.operators(till):
            click.echo(f"{safe_text(person.name)}\t{person.role}")


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice(["cashier", "manager"]), default="cashier", show_default=True)
@_PIN
@click.pass_obj
def add(invocation: Invocation, name: str, role: str, pin: str | None) -> None:
    """Add NAME with a role and a PIN.

    Example: tillmate staff add Oksana --role cashier
    """
    with invocation.till() as till:
        added = desk.add_operator(till, name, role, pin or _asked(invocation))
    if isinstance(added, Refused):
        raise Declined(added.reason)
    invocation.echo(phrase("{name} can work at this till now.", name=added.name))


@staff.command()
@click.argument("name")
@_PIN
@click.pass_obj
def pin(invocation: Invocation, name: str, pin: str | None) -> None:
    """Give NAME another PIN; wrong tries are forgotten.

    Whoever can run this can read the ledger's key, so it asks for no old PIN.

    Example: tillmate staff pin Oksana
    """
    with invocation.till() as till:
        changed = desk.change_pin(till, name, pin or _asked(invocation))
    if isinstance(changed, Refused):
        raise Declined(changed.reason)
    invocation.echo(phrase("{name} has a new PIN.", name=changed.name))


@staff.command()
@click.argument("name")
@click.pass_obj
def remove(invocation: Invocation, name: str) -> None:
    """Take NAME off the staff; what they did stays in the journal.

    Example: tillmate staff remove Oksana
    """
    with invocation.till() as till:
        removed = desk.remove_operator(till, name)
    if isinstance(removed, Refused):
        raise Declined(removed.reason)
    invocation.echo(phrase("{name} no longer works at this till.", name=removed.name))


def _asked(invocation: Invocation) -> str:
    return ask_pin(invocation.words, invocation.words.gettext("PIN, 4 to 8 digits (not shown)"))
