"""Backup and restore: whole encrypted copies, from a connection of their own, proved by opening them."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

from terminal.ledger.errors import LedgerError, LedgerMissing, faults_named
from terminal.rules.phrase import phrase


def copy_ledger(source: Path, target: Path, key: bytes) -> None:
    """Copy a ledger that may be in use into a new encrypted file; the file appears whole or not at all.

    SQLite's backup writes a consistent copy under the same key from one read transaction.
    """
    if target.exists():
        raise LedgerError(phrase("{path} exists already. Choose another name.", path=str(target)))
    if not source.is_file():
        raise LedgerMissing(phrase("There is no ledger at {path}.", path=str(source)))
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with faults_named():
            _copy(source, unfinished, key)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def backups_in(folder: Path, ledger: Path) -> list[Path]:
    """Return the backups of a ledger that `tillmate backup` named by their time, oldest first."""
    digits = "[0-9]" * 8 + "T" + "[0-9]" * 6 + "Z"
    return sorted(folder.glob(f"{ledger.stem}-{digits}.db"))


def last_backup(folder: Path, ledger: Path) -> datetime | None:
    """Return when the newest of them was made, in UTC."""
    backups = backups_in(folder, ledger) if folder.is_dir() else []
    return datetime.fromtimestamp(int(backups[-1].stat().st_mtime), UTC) if backups else None


def _copy(source: Path, target: Path, key: bytes) -> None:
    with _keyed(source, key) as origin, _keyed(target, key) as copy:
        # A read names a wrong key for what it is; the backup itself would not.
        origin.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        origin.backup(copy)
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        raise LedgerError(phrase("The copy did not pass SQLite's check. The disk may be failing."))


def _keyed(path: Path, key: bytes) -> "closing[sqlite.Connection]":
    connection = sqlite.connect(str(path), isolation_level=None)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return closing(connection)
