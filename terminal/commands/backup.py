"""`tillmate backup`: an encrypted copy of the ledger, proved by opening it."""

from datetime import datetime
from pathlib import Path

import click

from terminal.commands.faults import Declined, Exit
from terminal.commands.invocation import Invocation
from terminal.commands.progress import progress_bar
from terminal.ledger.backup import backups_in, copy_ledger
from terminal.ledger.key import read_key
from terminal.ledger.opening import open_ledger
from terminal.ledger.verify import verify_ledger
from terminal.rules.phrase import phrase
from terminal.wiring import system_clock

_STAMP = "%Y%m%dT%H%M%SZ"


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def backup(invocation: Invocation, path: Path | None) -> None:
    """Copy the ledger while the till goes on selling, and prove that the copy opens and verifies.

    Without PATH, the copy goes to the config's folder under its time, and the oldest beyond `keep` go. With PATH,
    it is that file, or a new file in that folder, and nothing is removed. The key is not in it: keep the
    recovery key.

    Example: tillmate backup

    Example: tillmate backup /media/usb/
    """
    config = invocation.config
    ledger = config.till.ledger
    key = read_key(config.key)
    folder = config.backup.folder if path is None else path
    name = backup_name(ledger, system_clock())
    target = folder / name if path is None or path.is_dir() else path
    copy_ledger(ledger, target, key)
    with progress_bar(invocation.words.gettext("Checking the copy")) as progress, open_ledger(target, key) as copy:
        verified = verify_ledger(copy, progress)
    if not verified.ok:
        raise Declined(
            phrase("The copy at {path} is not whole. Check the ledger: tillmate verify-ledger.", path=str(target)),
            Exit.LEDGER,
        )
    invocation.echo(phrase("Backup: {path}", path=str(target)))
    invocation.echo(phrase("It opens and is whole. Entries: {count}", count=verified.entries))
    if path is None:
        for old in backups_in(folder, ledger)[: -config.backup.keep]:
            old.unlink()


def backup_name(ledger: Path, at: datetime) -> str:
    """Return the name of a backup made at a time (UTC), such as ledger-20260504T120000Z.db."""
    return f"{ledger.stem}-{at.strftime(_STAMP)}.db"
