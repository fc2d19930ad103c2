"""`tillmate verify-ledger`: proof that nothing in the ledger was changed, lost or counted wrong."""

import json

import click

from terminal.commands.invocation import Invocation
from terminal.commands.progress import progress_bar
from terminal.ledger.verify import Verified, verify_ledger
from terminal.rules.phrase import Points, phrase


@click.command("verify-ledger")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_obj
def verify(invocation: Invocation, as_json: bool) -> None:
    """Check every page and every entry, rebuild all balances, and compare; exit 1 when anything differs.

    A till may go on selling meanwhile.

    Example: tillmate verify-ledger
    """
    with invocation.till() as till:
        with progress_bar(invocation.words.gettext("Checking the ledger")) as progress:
            verified = verify_ledger(till.ledger, progress)
        invocation.words = till.words()
    if as_json:
        click.echo(json.dumps(_figures(verified)))
    else:
        show_verified(invocation, verified)
    raise click.exceptions.Exit(0 if verified.ok else 1)


def show_verified(invocation: Invocation, verified: Verified) -> None:
    """Say what was checked and each fault that was found."""
    invocation.echo(phrase("Entries: {count}", count=verified.entries))
    invocation.echo(phrase("Customers: {count}", count=verified.customers))
    invocation.echo(phrase("On their accounts: {points}", points=Points(verified.points)))
    for fault in verified.faults:
        click.echo("✗ " + invocation.words.say(fault))
    if verified.ok:
        click.echo("✓ " + invocation.words.gettext("The ledger is whole."))
    else:
        count = len(verified.faults)
        words = phrase("The ledger is not whole. Faults: {count}. Restore the last backup.", count=count)
        click.echo("✗ " + invocation.words.say(words))


def _figures(verified: Verified) -> dict[str, object]:
    return {
        "entries": verified.entries,
        "customers": verified.customers,
        "points": verified.points,
        "faults": [fault.text.format_map(dict(fault.values)) for fault in verified.faults],
        "ok": verified.ok,
    }
