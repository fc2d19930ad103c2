"""`tillmate replay`: purchases of the past through the use-cases of every day, on a ledger of their own."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import click

from terminal.commands.faults import Declined
from terminal.commands.invocation import Invocation
from terminal.commands.programme import PROGRAMME_FILE, programme_text
from terminal.commands.progress import progress_bar
from terminal.config import ConfigError, KeyConfig
from terminal.desk.purchases import Purchases, read_purchases
from terminal.desk.replay import (
    TERMINAL,
    Plan,
    Policy,
    Replayed,
    ReplayStopped,
    check,
    default_programme,
    play,
)
from terminal.ledger import Ledger, LedgerError, create_ledger
from terminal.ledger.key import KEY_BYTES, store_key
from terminal.locale.words import Words
from terminal.rules.document import read_programme
from terminal.rules.phrase import Phrase, Refused, phrase

_SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--programme", "programme_file", type=PROGRAMME_FILE, help="Another programme than the one built in.")
@click.option(
    "--seed", default=1, show_default=True, type=click.IntRange(0), help="The same seed, the same figures."
)
@click.option(
    "--redeem",
    default="sometimes",
    show_default=True,
    type=click.Choice(get_args(Policy)),
    help="Who takes off the bill what can be taken off: nobody, everybody, or about every third.",
)
@click.option(
    "--ledger",
    "kept",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the replay's ledger here, and its key beside it in a file that ends in .key.",
)
@click.option("--skip-bad", is_flag=True, help="Leave out the lines that can't be read.")
@click.option("--json", "as_json", is_flag=True, help="Nothing but one line of JSON, for a program.")
@click.pass_obj
def replay(
    invocation: Invocation,
    file: Path,
    programme_file: Path | None,
    seed: int,
    redeem: Policy,
    kept: Path | None,
    skip_bad: bool,
    as_json: bool,
) -> None:
    """Run historical purchases through the till.

    FILE has a first line with the columns date, customer and amount, and a purchase a line: separated by commas,
    semicolons, tabs, bars, or spaces. The shop's own ledger is not touched. Ends with one line of JSON; exit 1
    when a line can't be read or a sum does not agree.

    Example: tillmate replay purchases.csv --redeem sometimes --seed 1
    """
    document = programme_text(programme_file) if programme_file else default_programme()
    programme = read_programme(document)
    words = Words(invocation.words.language, programme.currency, UTC, programme.points_decimals)
    invocation.words = words
    purchases = _read(invocation, file, programme.currency_decimals, skip_bad=skip_bad)
    plan = Plan(purchases.good, programme, document, redeem, seed)
    with _ledger(invocation, kept) as ledger:
        replayed = _replayed(invocation, ledger, plan)
    for fault in replayed.faults:
        click.echo("✗ " + words.say(fault), err=True)
    if not as_json:
        _show(words, replayed)
    click.echo(json.dumps(_figures(plan, replayed, len(purchases.bad)), separators=(",", ":")))
    raise click.exceptions.Exit(0 if replayed.ok else 1)


def _read(invocation: Invocation, file: Path, currency_decimals: int, *, skip_bad: bool) -> Purchases:
    """Read the file whole before anything is played; bad lines are told and, unless skipped, decline."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            purchases = read_purchases(lines, currency_decimals)
    except UnicodeDecodeError:
        raise Declined(phrase("The file is no UTF-8 text. Save it as UTF-8.")) from None
    if isinstance(purchases, Refused):
        raise Declined(purchases.reason)
    words = invocation.words
    for bad in purchases.bad[:_SHOWN]:
        click.echo(_on_line(words, bad.line, bad.reason), err=True)
    if len(purchases.bad) > _SHOWN:
        invocation.echo(phrase("… and {count} more lines.", count=len(purchases.bad) - _SHOWN), err=True)
    if purchases.bad and not skip_bad:
        raise Declined(phrase("Nothing was replayed. Mend these lines, or leave them out with --skip-bad."))
    if not purchases.good:
        raise Declined(phrase("There is no purchase in the file."))
    return purchases


@contextmanager
def _ledger(invocation: Invocation, kept: Path | None) -> Iterator[Ledger]:
    """Make the replay's own ledger, in a temporary folder or where it is to be kept."""
    key = secrets.token_bytes(KEY_BYTES)
    if kept is None:
        with (
            TemporaryDirectory(prefix="tillmate-replay-") as folder,
            create_ledger(Path(folder) / "replay.db", key, TERMINAL, durable=False) as ledger,
        ):
            yield ledger
        return
    if kept.exists() or _is_the_shops(invocation, kept):
        raise LedgerError(phrase("There is a ledger at {path} already. Move it away first.", path=str(kept)))
    key_file = kept.with_name(kept.name + ".key")
    store_key(KeyConfig(store="file", path=key_file), key)
    try:
        ledger = create_ledger(kept, key, TERMINAL, durable=False)
    except BaseException:
        key_file.unlink()
        raise
    with ledger:
        yield ledger


def _is_the_shops(invocation: Invocation, kept: Path) -> bool:
    """Tell whether the config keeps the shop's ledger there, be it made already or not."""
    try:
        return invocation.config.till.ledger.resolve() == kept.resolve()
    except ConfigError:
        return False


def _replayed(invocation: Invocation, ledger: Ledger, plan: Plan) -> Replayed:
    words = invocation.words
    done = 0
    try:
        with progress_bar(words.gettext("Replaying the purchases")) as bar:

            def progress(sales: int, whole: int) -> None:
                nonlocal done
                done = sales
                bar(sales, whole)

            told = play(ledger, plan, progress)
        with progress_bar(words.gettext("Checking the ledger")) as bar:
            return check(ledger, told, bar)
    except ReplayStopped as stopped:
        click.echo(_on_line(words, stopped.line, stopped.reason), err=True)
        raise Declined(_how_far(done, plan)) from stopped
    except KeyboardInterrupt:
        invocation.echo(_how_far(done, plan), err=True)
        raise


def _how_far(done: int, plan: Plan) -> Phrase:
    return phrase("{done} of {whole} purchases were replayed.", done=done, whole=len(plan.purchases))


def _on_line(words: Words, line: int, reason: Phrase) -> str:
    return f"{words.say(phrase('Line {line}:', line=line))} {words.say(reason)}"


def _show(words: Words, replayed: Replayed) -> None:
    """Print the figures as a table of two columns."""
    sums = replayed.sums
    _ = words.gettext
    rows = (
        (_("Sales"), words.number(sums.sales)),
        (_("Customers"), words.number(sums.customers)),
        (_("Bills in all"), words.money(sums.total_minor)),
        (_("Taken off"), words.money(sums.taken_off_minor)),
        (_("Bonuses earned"), words.points_number(sums.earned)),
        (_("Bonuses spent"), words.points_number(sums.redeemed)),
        (_("Bonuses expired"), words.points_number(sums.expired)),
        (_("Sales voided"), words.number(sums.voided)),
        (_("Left on the accounts"), words.points_number(sums.points)),
    )
    left = max(len(label) for label, value in rows)
    right = max(len(value) for label, value in rows)
    for label, value in rows:
        click.echo(f"{label:<{left}}  {value:>{right}}")
    click.echo(("✓ " + _("The ledger is whole.")) if replayed.ok else "✗ " + _("The sums do not agree."))


def _figures(plan: Plan, replayed: Replayed, skipped: int) -> dict[str, object]:
    """Return what the last line says; names as they stand in the documentation."""
    sums = replayed.sums
    decimals = plan.programme.currency_decimals
    return {
        "sales": sums.sales,
        "customers": sums.customers,
        "total_minor": sums.total_minor,
        "total": str(Decimal(sums.total_minor).scaleb(-decimals)),
        "taken_off_minor": sums.taken_off_minor,
        "taken_off": str(Decimal(sums.taken_off_minor).scaleb(-decimals)),
        "earned": sums.earned,
        "redeemed": sums.redeemed,
        "expired": sums.expired,
        "voided": sums.voided,
        "outstanding": sums.points,
        "points_decimals": plan.programme.points_decimals,
        "skipped": skipped,
        "verify": "ok" if replayed.ok else "failed",
        "ok": replayed.ok,
    }
