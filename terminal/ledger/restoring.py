"""Putting a backup in the place of a ledger: verified first, and the old file kept beside."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

from terminal.ledger.backup import copy_ledger
from terminal.ledger.errors import LedgerError, LedgerMissing
from terminal.ledger.opening import open_ledger
from terminal.ledger.verify import Verified, verify_ledger
from terminal.rules.phrase import phrase

RESTORED = "restored_ms"
"""The fact, in UTC ms, that a ledger was restored: it may have forgotten what was spent since the backup."""

_BESIDE = ("", "-wal", "-shm")


def restore_ledger(
    backup: Path,
    ledger: Path,
    key: bytes,
    *,
    terminal_id: str,
    at_ms: int,
    keep_as: Path,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> Verified:
    """Put a backup in the ledger's place, if it verifies; the old ledger becomes `keep_as`.

    The caller holds the till's lock. The backup is only read: what is checked, marked and moved is a copy. When
    the answer is not ok, nothing was changed.
    """
    incoming = ledger.with_name(ledger.name + ".incoming")
    _unlink(incoming)
    try:
        _copy(backup, incoming, key)
        with open_ledger(incoming, key) as copy:
            if copy.terminal_id != terminal_id:
                raise LedgerError(phrase("This is a backup of another till: {till}.", till=copy.terminal_id))
            verified = verify_ledger(copy, progress)
            if not verified.ok:
                return verified
            with copy.atomic():
                copy.set_fact(RESTORED, str(at_ms))
        _set_aside(ledger, keep_as, key)
        incoming.replace(ledger)
    finally:
        _unlink(incoming)
    return verified


def _copy(backup: Path, incoming: Path, key: bytes) -> None:
    if not backup.is_file():
        raise LedgerMissing(phrase("There is no backup at {path}.", path=str(backup)))
    incoming.parent.mkdir(parents=True, exist_ok=True)
    if backup.with_name(backup.name + "-wal").exists():
        # Part of it still stands in its write-ahead log: it was a ledger in use.
        copy_ledger(backup, incoming, key)
    else:
        shutil.copyfile(backup, incoming)


def _set_aside(ledger: Path, keep_as: Path, key: bytes) -> None:
    """Move the old ledger away with all its parts, after folding its write-ahead log into it where it opens."""
    if not ledger.exists():
        return
    if keep_as.exists():
        raise LedgerError(phrase("{path} exists already. Choose another name.", path=str(keep_as)))
    _fold_log(ledger, key)
    for part in reversed(_BESIDE):
        old = ledger.with_name(ledger.name + part)
        if old.exists():
            old.replace(keep_as.with_name(keep_as.name + part))


def _fold_log(ledger: Path, key: bytes) -> None:
    connection = sqlite.connect(str(ledger), isolation_level=None)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite.DatabaseError:
        # A ledger that does not open is kept as it is, log and all.
        return
    finally:
        connection.close()


def _unlink(path: Path) -> None:
    for part in _BESIDE:
        path.with_name(path.name + part).unlink(missing_ok=True)
