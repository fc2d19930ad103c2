"""`tillmate restore`: a backup in the place of the ledger; the old one is kept."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import click

from terminal.commands.faults import Declined, Exit
from terminal.commands.invocation import Invocation
from terminal.commands.progress import progress_bar
from terminal.commands.verify import show_verified
from terminal.config import KeyConfig
from terminal.desk.till import milliseconds
from terminal.ledger.key import forget_key, read_key, store_key
from terminal.ledger.lock import hold_till
from terminal.ledger.recovery import key_from_recovery
from terminal.ledger.restoring import restore_ledger
from terminal.rules.phrase import phrase
from terminal.wiring import system_clock


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--type-key", is_flag=True, help="Ask for the recovery key first, where this computer has no key yet."
)
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
@click.pass_obj
def restore(invocation: Invocation, file: Path, type_key: bool, yes: bool) -> None:
    """Put a backup FILE in the ledger's place, after it was verified. The till must be closed.

    The ledger that stood there is kept beside it. What was sold since the backup is not in the restored ledger.

    Example: tillmate restore backups/ledger-20260504T120000Z.db
    """
    config = invocation.config
    now = system_clock()
    config.till.ledger.parent.mkdir(parents=True, exist_ok=True)
    with hold_till(config.till.ledger), ExitStack() as undo:
        if not yes:
            question = phrase("Bonuses booked since this backup will be missing. Restore it?")
            click.confirm(invocation.words.say(question), abort=True)
        kept = _kept(config.till.ledger, now)
        key = undo.enter_context(_typed_key(invocation, config.key)) if type_key else read_key(config.key)
        with progress_bar(invocation.words.gettext("Checking the backup")) as progress:
            verified = restore_ledger(
                file,
                config.till.ledger,
                key,
                terminal_id=config.till.name,
                at_ms=milliseconds(now),
                keep_as=kept,
                progress=progress,
            )
        if not verified.ok:
            show_verified(invocation, verified)
            raise Declined(phrase("The backup is not whole; nothing was changed."), Exit.LEDGER)
    invocation.echo(phrase("Entries restored: {count}", count=verified.entries))
    if kept.exists():
        invocation.echo(phrase("The ledger that stood here is kept: {path}", path=str(kept)))
    invocation.echo(phrase("Sales since the backup are missing here. Enter them again, or tell the customers."))


def _kept(ledger: Path, now: datetime) -> Path:
    return ledger.with_name(f"{ledger.name}.before-{now:%Y%m%dT%H%M%SZ}")


@contextmanager
def _typed_key(invocation: Invocation, settings: KeyConfig) -> Iterator[bytes]:
    """Ask for the recovery key and keep it, for good only if the block ends well; none is ever replaced."""
    if settings.store == "file" and settings.path.exists():
        raise Declined(
            phrase("There is a key already at {path}. Restore without --type-key.", path=str(settings.path)),
            Exit.KEY,
        )
    typed: str = click.prompt(invocation.words.gettext("Recovery key"))
    key = key_from_recovery(typed)
    store_key(settings, key)
    try:
        yield key
    except BaseException:
        forget_key(settings, key)
        raise
